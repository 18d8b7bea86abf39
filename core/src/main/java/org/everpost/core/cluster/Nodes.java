package org.everpost.core.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.everpost.core.time.Clock;

/**
 * The nodes there are, and those that were lately: what a node counted still counts when it has
 * died. Safe for any number of threads.
 */
public final class Nodes {

  /** How long a node is remembered that is not there any more. */
  private static final Duration MEMORY = Duration.ofHours(26);

  /** How long nobody looks again. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final NodeId self;
  private final Supplier<List<NodeId>> source;
  private final Clock clock;
  private final Map<NodeId, Long> seen = new HashMap<>();
  private List<NodeId> others = List.of();
  private long freshUntil;

  /**
   * @param source those that are registered just now
   */
  public Nodes(NodeId self, Supplier<List<NodeId>> source, Clock clock) {
    this.self = Objects.requireNonNull(self, "self");
    this.source = Objects.requireNonNull(source, "source");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.freshUntil = clock.nanoTime();
  }

  /** This node. */
  public NodeId self() {
    return self;
  }

  /**
   * The others, as they were two seconds ago at the earliest.
   *
   * @throws org.everpost.store.StoreUnavailableException if nobody knows
   */
  public List<NodeId> others() {
    long now = clock.nanoTime();
    synchronized (this) {
      if (now - freshUntil < 0) {
        return others;
      }
    }
    List<NodeId> found = source.get();
    synchronized (this) {
      found.forEach(node -> seen.put(node, now));
      seen.values().removeIf(at -> now - at > MEMORY.toNanos());
      others = seen.keySet().stream().filter(node -> !node.equals(self)).toList();
      freshUntil = now + FRESH.toNanos();
      return others;
    }
  }
}
