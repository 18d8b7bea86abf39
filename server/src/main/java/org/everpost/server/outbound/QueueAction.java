package org.everpost.server.outbound;

import java.util.Objects;

/** What an operator wants done with messages of the queue. */
public sealed interface QueueAction {

  /** In the past tense, for the log and for people. */
  String done();

  /** It is not tried until somebody releases it. */
  record Hold(String reason) implements QueueAction {
    public Hold {
      Objects.requireNonNull(reason, "reason");
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
