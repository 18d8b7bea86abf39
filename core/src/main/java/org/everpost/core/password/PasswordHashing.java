package org.everpost.core.password;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.sasl.ScramCredentials;
import org.jspecify.annotations.Nullable;

/**
 * Makes and verifies stored forms of passwords. New ones are Argon2id; those that can be verified
 * are listed with {@link HashForm} and its kinds.
 *
 * <p>The work is done on three threads of its own with short queues before them, because each
 * Argon2 needs 19 MiB: however many log in at once, that memory and the processors stay free for
 * others. One of the three is for strangers, who may guess as much as they like without keeping a
 * user waiting. Safe for any number of threads.
 */
public final class PasswordHashing implements AutoCloseable {

  private static final int THREADS = 2;
  private static final int QUEUE = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** RFC 7677 §4 asks for 4096 at least; a phone does this many in a few hundredths of a second. */
  static final int SCRAM_ITERATIONS = 10_000;

  static final int SCRAM_SALT_OCTETS = 16;

  /** Hashes that need more memory than this are verified one at a time. */
  private static final int LARGE_KIB = 32 * 1024;

  private final Object large = new Object();
  private final RandomSource random;
  private final ThreadPoolExecutor users;
  private final ThreadPoolExecutor strangers;

  /** A hash of no password anybody knows, for the time it takes. */
  private final Argon2Hash dummy;

  public PasswordHashing(RandomSource random) {
    this(random, THREADS, QUEUE);
  }

  PasswordHashing(RandomSource random, int threads, int queue) {
    this.random = Objects.requireNonNull(random, "random");
    this.users = pool(threads, queue);
    this.strangers = pool(1, queue);
    this.dummy = Argon2Hash.dummy(bytes(Argon2Hash.SALT_OCTETS), bytes(Argon2Hash.HASH_OCTETS));
  }

  private static ThreadPoolExecutor pool(int threads, int queue) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            HashingThread::new);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** For whom it is done. */
  enum Whom {
    /** Somebody who logs in from where users have before, or the operator. */
    USER,
    /** Anybody else. */
    STRANGER
  }

  /**
   * A new hash of a password.
   *
   * @throws HashingBusyException if too many wait already
   */
  public String hash(String password) {
    String prepared = PasswordText.prepare(password);
    return run(() -> newHash(prepared));
  }

  /**
   * All that is kept of a password that was just set or verified.
   *
   * @throws HashingBusyException if too many wait already
   */
  public StoredPassword store(String password) {
    return store(password, null);
  }

  /** As {@link #store(String)}, with a hash of it that is good enough already. */
  StoredPassword store(String password, @Nullable String hash) {
    String prepared = PasswordText.prepare(password);
    return run(() ->
        new StoredPassword(
            hash == null ? newHash(prepared) : hash,
            ScramCredentials.derive(prepared, bytes(SCRAM_SALT_OCTETS), SCRAM_ITERATIONS)));
  }

  /**
   * Whether a hash was made of a password, as it was typed or prepared by SASLprep. False for
   * hashes of unknown form.
   *
   * @throws HashingBusyException if too many wait already
   */
  public boolean verify(String hash, String password) {
    return verify(hash, password, Whom.USER);
  }

  boolean verify(String hash, String password, Whom whom) {
    HashForm form;
    try {
      form = HashForm.parse(hash);
    } catch (UnusableHashException e) {
      return false;
    }
    String prepared = PasswordText.prepare(password);
    return run(
        whom,
        () -> matches(form, prepared) || (!prepared.equals(password) && matches(form, password)));
  }

  /**
   * Takes as long as verifying a password does, and says no.
   *
   * @throws HashingBusyException if too many wait already
   */
  boolean verifyNothing(String password, Whom whom) {
    return run(whom, () -> dummy.matches(password));
  }

  /** Whether a hash is weaker than, or not of the form of, a new one. */
  public boolean needsRehash(String hash) {
    try {
      return !(HashForm.parse(hash) instanceof Argon2Hash argon) || !argon.isOfToday();
    } catch (UnusableHashException e) {
      return true;
    }
  }

  /** Why a hash cannot be used, for the operator, without the hash itself; empty if it can. */
  public Optional<String> problem(String hash) {
    try {
      HashForm.parse(hash);
      return Optional.empty();
    } catch (UnusableHashException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private boolean matches(HashForm form, String password) {
    if (form instanceof Argon2Hash argon && argon.memoryKib() > LARGE_KIB) {
      synchronized (large) {
        return form.matches(password);
      }
    }
    return form.matches(password);
  }

  private String newHash(String prepared) {
    return Argon2Hash.of(prepared, bytes(Argon2Hash.SALT_OCTETS)).toString();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private <T> T run(Callable<T> work) {
    return run(Whom.USER, work);
  }

  private <T> T run(Whom whom, Callable<T> work) {
    Future<T> result;
    try {
      result = (whom == Whom.USER ? users : strangers).submit(work);
    } catch (RejectedExecutionException e) {
      throw new HashingBusyException("too many passwords wait to be hashed");
    }
    try {
      return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("hashing a password failed", e.getCause());
    } catch (TimeoutException e) {
      throw new HashingBusyException("hashing a password takes too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HashingBusyException("interrupted while a password is hashed");
    } finally {
      result.cancel(false);
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    users.shutdownNow();
    strangers.shutdownNow();
  }
}
