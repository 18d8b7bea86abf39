package org.everpost.testkit.botnet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What the honest experienced. Safe for any number of threads. */
public final class Journal {

  /** Who experienced it, doing what. */
  public enum Series {
    /** Somebody who delivered here before: from the connect to the reply to the message. */
    KNOWN,
    /** The same for somebody who was never here. */
    NEWCOMER,
    /** A command of IMAP. */
    IMAP,
    /** From the connect by IMAP to the reply to LOGIN. */
    LOGIN,
    /** A message of a user, from the connect to the reply to the message. */
    SUBMISSION,
    /** The operator's look at the server. */
    STATUS,
    /** A plain command of the operator's shell. */
    SHELL
  }

  /** What came of it. */
  public enum Outcome {
    DONE,
    /** A reply of temporary failure. */
    DEFERRED,
    /** A reply of permanent failure. */
    REFUSED,
    /** No connection, none any more, or no reply in time. */
    FAILED
  }

  /**
   * One experience.
   *
   * @param number which of its series it was; tries at the same thing have the same
   * @param beginNanos since the journal began
   * @param attempt from 1 on: which try it was
   * @param reason the reply, or what else made it fail
   */
  public record Entry(
      Series series,
      int number,
      long beginNanos,
      long nanos,
      int attempt,
      Outcome outcome,
      String reason) {
    boolean isDone() {
      return outcome == Outcome.DONE;
    }
  }

  private final long origin = System.nanoTime();
  private final List<Entry> entries = new ArrayList<>();

  /** Nanoseconds since the journal began. */
  public long now() {
    return System.nanoTime() - origin;
  }

  void add(Entry entry) {
    synchronized (entries) {
      entries.add(entry);
    }
  }

  /** All so far, in the order they ended. */
  public List<Entry> entries() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }

  /** Some of them. */
  public List<Entry> entries(Predicate<Entry> which) {
    return entries().stream().filter(which).toList();
  }
}
