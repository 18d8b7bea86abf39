package org.everpost.server.outbound;

import java.util.Map;
import java.util.Objects;
import org.everpost.server.outbound.QueueAction.Outcome;

/** Some of the messages that were to be changed were; the cause says why others were not. */
public final class UnfinishedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Map<Outcome, Integer> outcomes;
  private final RuntimeException why;

  UnfinishedException(Map<Outcome, Integer> outcomes, RuntimeException why) {
    super(why);
    this.outcomes = Map.copyOf(outcomes);
    this.why = Objects.requireNonNull(why, "why");
  }

  /** How many had which outcome. */
  public Map<Outcome, Integer> outcomes() {
    return outcomes;
  }

  /** Why others were not changed. */
  public RuntimeException why() {
    return why;
  }
}
