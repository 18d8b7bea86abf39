package org.everpost.core.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;

/**
 * Remembers for some minutes which passwords were right and which were wrong, so that a telephone
 * that logs in every minute costs microseconds. What is kept is a hash keyed with a key of this
 * process alone, of the account, the stored form and the password: a new password or another stored
 * form is another entry. Safe for any number of threads.
 */
final class LoginMemory {

  private static final Duration RIGHT_LIFE = Duration.ofMinutes(5);
  private static final Duration WRONG_LIFE = Duration.ofMinutes(10);
  private static final String MAC = "HmacSHA256";

  private final SecretKeySpec key;
  private final Cache<Seen, Boolean> right;
  private final Cache<Seen, Boolean> wrong;

  LoginMemory(RandomSource random, Clock clock) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, MAC);
    this.right = cache(clock, RIGHT_LIFE, 100_000);
    this.wrong = cache(clock, WRONG_LIFE, 20_000);
  }

  private static Cache<Seen, Boolean> cache(Clock clock, Duration life, long size) {
    return Caffeine.newBuilder()
        .maximumSize(size)
        .expireAfterWrite(life)
        .ticker(clock::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /** A keyed hash: 256 bits. */
  record Seen(long a, long b, long c, long d) {}

  /**
   * @param account its id, or the name if there is none
   * @param hash the stored form, or empty if there is none
   */
  Seen of(String account, String hash, String password) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      for (String part : new String[] {account, hash, password}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      ByteBuffer result = ByteBuffer.wrap(mac.doFinal());
      return new Seen(result.getLong(), result.getLong(), result.getLong(), result.getLong());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }

  boolean wasRight(Seen seen) {
    return right.getIfPresent(seen) != null;
  }

  boolean wasWrong(Seen seen) {
    return wrong.getIfPresent(seen) != null;
  }

  void right(Seen seen) {
    right.put(seen, true);
  }

  void wrong(Seen seen) {
    wrong.put(seen, true);
  }
}
