package org.everpost.server.outbound;

import org.jspecify.annotations.Nullable;

/** What an operator wants done with messages of the queue. */
public sealed interface QueueAction {

  /** In the past tense, for the log and for people. */
  String done();

  /**
   * It is not tried until somebody releases it.
   *
   * @param reason null: none is given, and what is held stays held for the reason it has
   */
  record Hold(@Nullable String reason) implements QueueAction {

    /** Why {@code held} is held then, which is its reason now; null: it is not held. */
    String reason(@Nullable String held) {
      return reason != null ? reason : held != null ? held : "by the postmaster";
    }

    @Override
    public String done() {
      return "held";
    }
  }

  /** It goes on where it was. */
  record Release() implements QueueAction {
    @Override
    public String done() {
      return "released";
    }
  }

  /** It is tried now, and its destination, too, whatever that did before. */
  record Retry() implements QueueAction {
    @Override
    public String done() {
      return "retried";
    }
  }

  /** It is given up; its sender is told as of any failure. */
  record Expire() implements QueueAction {
    @Override
    public String done() {
      return "given up";
    }
  }

  /** It vanishes; nobody is told. */
  record Delete() implements QueueAction {
    @Override
    public String done() {
      return "deleted";
    }
  }

  /** What became of that for one message. */
  enum Outcome {
    DONE,
    /** It was so already, or nobody waits for it. */
    UNCHANGED,
    /** It is held, and has to be released first. */
    HELD,
    /** It is being sent just now. */
    UNDER_WAY,
    /** It is not in the queue. */
    ABSENT
  }
}
