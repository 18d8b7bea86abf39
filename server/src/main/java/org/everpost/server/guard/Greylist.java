package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;

/**
 * Asks strangers to come again (RFC 6647): what a server does that has a queue, and a bot does not.
 * Kept by network, sender's domain and recipient, as large senders come again from another address,
 * and shared by all nodes.
 */
final class Greylist {

  private static final String TABLE = "greylist";

  /** So long somebody who was asked may take to come again. */
  private static final Duration WINDOW = Duration.ofDays(2);

  /**
   * So many are noted of one address and of one network within a while, and of all a second; what
   * is more has to come again anyway. A few of each address are in any case, whatever others do.
   */
  private static final int MOST_OF_ADDRESS = 20;

  private static final int MOST_OF_NETWORK = 100;
  private static final int MOST_A_SECOND = 100;
  private static final int IN_ANY_CASE = 2;
  private static final Duration WHILE = Duration.ofMinutes(10);
  private static final int MAX_COUNTED = 100_000;

  private final Duration delay;
  private final Hints hints;
  private final Clock clock;
  private final Cache<Long, AtomicInteger> noted;
  private final Pace more;

  /**
   * @param rest how long to stay away yet; zero: it may deliver
   * @param returned whether it had been asked to come again, and did
   */
  record Answer(Duration rest, boolean returned) {}

  Greylist(Duration delay, Hints hints, Clock clock) {
    this.delay = delay;
    this.hints = hints;
    this.clock = clock;
    this.more = new Pace(MOST_A_SECOND, clock);
    this.noted =
        Caffeine.newBuilder()
            .maximumSize(MAX_COUNTED)
            .expireAfterWrite(WHILE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  Answer ask(InetAddress address, Envelope envelope) {
    if (delay.isZero()) {
      return new Answer(Duration.ZERO, false);
    }
    byte[] key = key(address, envelope);
    long now = clock.millis();
    try {
      byte[] value = hints.get(TABLE, key);
      long since =
          value == null || value.length != Long.BYTES
              ? Long.MAX_VALUE
              : ByteBuffer.wrap(value).getLong();
      if (since > now) { // never, or as a clock said that was wrong
        if (mayNote(Origin.of(address))) {
          hints.put(TABLE, key, ByteBuffer.allocate(Long.BYTES).putLong(now).array(), WINDOW);
        }
        return new Answer(delay, false);
      }
      long left = since + delay.toMillis() - now;
      return new Answer(Duration.ofMillis(Math.max(0, left)), left <= 0);
    } catch (StoreException e) {
      return new Answer(Duration.ZERO, false); // without it mail flows, as far as it can
    }
  }

  /** Senders and recipients are a bot's to choose: else one connection could fill the store. */
  private boolean mayNote(Origin origin) {
    int address = oneMore(origin.address());
    int network = oneMore(~origin.network());
    return address <= IN_ANY_CASE
        || (address <= MOST_OF_ADDRESS && network <= MOST_OF_NETWORK && more.spend());
  }

  private int oneMore(long what) {
    return noted.get(what, _ -> new AtomicInteger()).incrementAndGet();
  }

  private static byte[] key(InetAddress address, Envelope envelope) {
    String sender = envelope.sender() == null ? "" : envelope.sender().domain().ascii();
    String text = Origin.of(address).network() + " " + sender + " " + envelope.recipient();
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
