package org.everpost.core.spool;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is next to get a connection: the senders take turns, and of one sender its destinations.
 * However many destinations one sender writes to, another waits for one connection of his.
 */
final class Turns {

  private final LinkedHashMap<String, LinkedHashSet<Lane>> bySender = new LinkedHashMap<>();
  private int size;

  void add(Lane lane) {
    lane.turns = this;
    bySender.computeIfAbsent(lane.sender, _ -> new LinkedHashSet<>(2)).add(lane);
    size++;
  }

  void remove(Lane lane) {
    lane.turns = null;
    size--;
    bySender.computeIfPresent(
        lane.sender,
        (_, its) -> {
          its.remove(lane);
          return its.isEmpty() ? null : its;
        });
  }

  /** The next one; it stays in its place. */
  @Nullable Lane first() {
    Map.Entry<String, LinkedHashSet<Lane>> next = bySender.firstEntry();
    return next == null ? null : next.getValue().getFirst();
  }

  /** The sender had what it waited for: the others first. */
  void passOn(String sender) {
    LinkedHashSet<Lane> its = bySender.remove(sender);
    if (its != null) {
      bySender.put(sender, its);
    }
  }

  /** How many lanes wait here. */
  int size() {
    return size;
  }
}
