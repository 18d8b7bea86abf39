package org.everpost.core.sending;

import java.time.Duration;

/** What of an account's mail to others is limited. */
public enum Measure {
  MESSAGES_PER_HOUR("messages an hour", Duration.ofMinutes(5), 12),
  RECIPIENTS_PER_HOUR("recipients an hour", Duration.ofMinutes(5), 12),
  MESSAGES_PER_DAY("messages a day", Duration.ofHours(1), 24),
  RECIPIENTS_PER_DAY("recipients a day", Duration.ofHours(1), 24);

  private final String words;
  private final Duration step;
  private final int steps;

  Measure(String words, Duration step, int steps) {
    this.words = words;
    this.step = step;
    this.steps = steps;
  }

  /** What stands behind the number, for people. */
  public String words() {
    return words;
  }

  /** What was sent counts for so long, and up to one step longer. */
  public Duration window() {
    return step.multipliedBy(steps);
  }

  SlidingCount nothing() {
    return SlidingCount.nothing(step, steps);
  }

  /** What one message with so many recipients is of it. */
  int of(int recipients) {
    return switch (this) {
      case MESSAGES_PER_HOUR, MESSAGES_PER_DAY -> 1;
      case RECIPIENTS_PER_HOUR, RECIPIENTS_PER_DAY -> recipients;
    };
  }
}
