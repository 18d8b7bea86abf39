package org.everpost.core.password;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often something failed lately. One failure is forgiven a minute.
 *
 * @param level failures not yet forgiven at {@code atMillis}
 * @param atMillis when the last one was counted, in milliseconds since 1970
 */
record FailureCounter(float level, long atMillis) {

  static final FailureCounter NONE = new FailureCounter(0, 0);

  private static final float FORGIVEN_PER_MILLI = 1f / 60_000;
  private static final long FIRST_REST_MILLIS = 1_000;
  private static final int MAX_DOUBLINGS = 9;

  /** So much less counts as well: failures forgive each other a little while they happen. */
  private static final float NEARLY = 0.5f;

  private static final int OCTETS = 12;

  /** After this nothing of it is left. */
  static final Duration LIFE = Duration.ofHours(2);

  /** The highest level, so that everything is forgiven within {@link #LIFE}. */
  private static final float MAX_LEVEL = 100;

  /**
   * How long to wait until another attempt is allowed: nothing as long as fewer than {@code free}
   * failures are to be forgiven, then a second, doubled by each further one, up to some minutes.
   */
  Duration rest(int free, long nowMillis) {
    float least = free - NEARLY;
    int doublings = (int) Math.min(MAX_DOUBLINGS, Math.floor(level - least));
    if (doublings < 0 || levelAt(nowMillis) < least) {
      return Duration.ZERO;
    }
    long longest = FIRST_REST_MILLIS << doublings;
    return Duration.ofMillis(Math.clamp(atMillis + longest - nowMillis, 0, longest));
  }

  FailureCounter plus(float weight, long nowMillis) {
    return new FailureCounter(Math.min(MAX_LEVEL, levelAt(nowMillis) + weight), nowMillis);
  }

  /** This one, or another that is higher. */
  FailureCounter or(FailureCounter other, long nowMillis) {
    return other.levelAt(nowMillis) > levelAt(nowMillis) ? other : this;
  }

  /** A clock that was wrong and was set right must not keep anybody out for ever: it forgives. */
  private float levelAt(long nowMillis) {
    return Math.max(0, level - Math.abs(nowMillis - atMillis) * FORGIVEN_PER_MILLI);
  }

  byte[] encode() {
    return ByteBuffer.allocate(OCTETS).putFloat(level).putLong(atMillis).array();
  }

  /** What was encoded; nothing if it is of another release. */
  static FailureCounter decode(byte @Nullable [] value) {
    if (value == null || value.length != OCTETS) {
      return NONE;
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    float level = in.getFloat();
    long at = in.getLong();
    return level >= 0 && level <= MAX_LEVEL ? new FailureCounter(level, at) : NONE;
  }
}
