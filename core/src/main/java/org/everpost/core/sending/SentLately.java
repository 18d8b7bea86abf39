package org.everpost.core.sending;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an account sent elsewhere lately, as one node or several have counted it.
 *
 * @param sent for every measure
 * @param refused messages of the last hour that were too many
 */
record SentLately(Map<Measure, SlidingCount> sent, SlidingCount refused) {

  static final SentLately NOTHING =
      new SentLately(each(Measure::nothing), Measure.MESSAGES_PER_HOUR.nothing());

  /** After this nothing of it is left. */
  static final Duration LIFE = Duration.ofHours(26);

  private static final byte FORM = 1;

  SentLately {
    sent = Map.copyOf(sent);
  }

  private static Map<Measure, SlidingCount> each(Function<Measure, SlidingCount> count) {
    Map<Measure, SlidingCount> all = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      all.put(measure, count.apply(measure));
    }
    return all;
  }

  SlidingCount of(Measure measure) {
    return Objects.requireNonNull(sent.get(measure));
  }

  /** With one message to so many recipients; {@code times} is -1 to take it back. */
  SentLately plus(int times, int recipients, long nowMillis) {
    return new SentLately(
        each(measure -> of(measure).plus(times * measure.of(recipients), nowMillis)), refused);
  }

  SentLately refusedOneMore(long nowMillis) {
    return new SentLately(sent, refused.plus(1, nowMillis));
  }

  /** What another node has counted, whose clock may be ahead. */
  SentLately notAhead(long nowMillis) {
    return new SentLately(
        each(measure -> of(measure).notAhead(nowMillis)), refused.notAhead(nowMillis));
  }

  /** What two nodes have counted. */
  SentLately plus(SentLately other) {
    return new SentLately(
        each(measure -> of(measure).plus(other.of(measure))), refused.plus(other.refused));
  }

  private int octets() {
    return 1 + refused.octets() + sent.values().stream().mapToInt(SlidingCount::octets).sum();
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(octets()).put(FORM);
    for (Measure measure : Measure.values()) {
      of(measure).write(out);
    }
    refused.write(out);
    return out.array();
  }

  /** What was encoded; nothing if it is of another release. */
  static SentLately decode(byte @Nullable [] value) {
    if (value == null || value.length != NOTHING.octets() || value[0] != FORM) {
      return NOTHING;
    }
    ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
    return new SentLately(each(measure -> NOTHING.of(measure).read(in)), NOTHING.refused.read(in));
  }
}
