package org.everpost.core.spool;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs of one destination that are ready: the senders take turns, each one's oldest first. */
final class FairQueue {

  private final LinkedHashMap<String, ArrayDeque<Job>> bySender = new LinkedHashMap<>();

  void add(Job job) {
    bySender.computeIfAbsent(job.sender(), _ -> new ArrayDeque<>(2)).add(job);
  }

  /** The next one that is still ready; null: there is none. */
  @Nullable Job poll() {
    while (!bySender.isEmpty()) {
      Map.Entry<String, ArrayDeque<Job>> first = bySender.pollFirstEntry();
      ArrayDeque<Job> its = first.getValue();
      Job job = its.poll();
      if (!its.isEmpty()) {
        bySender.put(first.getKey(), its);
      }
      if (job != null && job.state == Job.State.READY) {
        return job;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return bySender.isEmpty();
  }
}
