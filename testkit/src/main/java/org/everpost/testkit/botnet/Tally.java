package org.everpost.testkit.botnet;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What happened to bots, counted by behaviour. Safe for any number of threads. */
public final class Tally {

  /** What is counted. */
  public enum Kind {
    /** Connections that were begun. */
    BEGUN,
    /** Of those, the ones that came into being. */
    CONNECTED,
    /** Connections that never came into being: refused, or no answer in time. */
    UNREACHABLE,
    /** Connections on which the server said something. */
    GREETED,
    /** Connections the server ended. */
    DROPPED,
    /** Replies of temporary failure. */
    DEFERRED,
    /** Replies of permanent failure. */
    REFUSED,
    /** Messages that were taken. */
    ACCEPTED,
    /** Passwords that were tried. */
    GUESSED
  }

  private final Map<Behaviour, Map<Kind, LongAdder>> counts = new EnumMap<>(Behaviour.class);

  Tally() {
    for (Behaviour behaviour : Behaviour.values()) {
      Map<Kind, LongAdder> its = new EnumMap<>(Kind.class);
      for (Kind kind : Kind.values()) {
        its.put(kind, new LongAdder());
      }
      counts.put(behaviour, its);
    }
  }

  void count(Behaviour behaviour, Kind kind) {
    counter(behaviour, kind).increment();
  }

  private LongAdder counter(Behaviour behaviour, Kind kind) {
    return Objects.requireNonNull(Objects.requireNonNull(counts.get(behaviour)).get(kind));
  }

  /** For one behaviour. */
  public long of(Behaviour behaviour, Kind kind) {
    return counter(behaviour, kind).sum();
  }

  /** For all of them. */
  public long of(Kind kind) {
    long sum = 0;
    for (Behaviour behaviour : Behaviour.values()) {
      sum += of(behaviour, kind);
    }
    return sum;
  }

  /** All of it, as it is now. */
  public Map<Kind, Long> sums() {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      sums.put(kind, of(kind));
    }
    return sums;
  }
}
