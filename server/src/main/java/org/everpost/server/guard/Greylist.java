package org.everpost.server.guard;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
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

  private final Duration delay;
  private final Hints hints;
  private final Clock clock;

  /**
   * @param rest how long to stay away yet; zero: it may deliver
   * @param returned whether it had been asked to come again, and did
   */
  record Answer(Duration rest, boolean returned) {}

  Greylist(Duration delay, Hints hints, Clock clock) {
    this.delay = delay;
    this.hints = hints;
    this.clock = clock;
  }

  Answer ask(InetAddress address, Envelope envelope) {
    if (delay.isZero()) {
      return new Answer(Duration.ZERO, false);
    }
    byte[] key = key(address, envelope);
    long now = clock.millis();
    try {
      byte[] value = hints.get(TABLE, key);
      if (value == null || value.length != Long.BYTES) {
        hints.put(TABLE, key, ByteBuffer.allocate(Long.BYTES).putLong(now).array(), WINDOW);
        return new Answer(delay, false);
      }
      long left = ByteBuffer.wrap(value).getLong() + delay.toMillis() - now;
      return new Answer(Duration.ofMillis(Math.max(0, left)), left <= 0);
    } catch (StoreException e) {
      return new Answer(Duration.ZERO, false); // without it mail flows, as far as it can
    }
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
