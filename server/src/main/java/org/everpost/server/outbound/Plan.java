package org.everpost.server.outbound;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler for many threads: one takes what is next, others report what became of it, and
 * those with an open connection wait a moment for more to send. Safe for any number of threads; no
 * lock is held while something waits for a disk or a network.
 */
final class Plan {

  /** How long the taker waits at most before it looks at the clock again. */
  private static final long LONGEST_WAIT_MILLIS = 15_000;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Scheduler scheduler;
  private final Map<SpoolId, List<Job>> jobs = new HashMap<>();
  private final Map<String, ArrayDeque<Idle>> idle = new HashMap<>();
  private boolean ending;

  Plan(Scheduler scheduler, Clock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** What is to be done next. */
  sealed interface Task {

    /** Try it, on a new connection. */
    record Connect(Job job) implements Task {}

    /** Its time is over, or its sender has to be told that it takes longer. */
    record Alarm(Job job) implements Task {}
  }

  /** An open connection that waits for something to send. */
  private final class Idle {
    final Condition given = lock.newCondition();
    final int sent;
    @Nullable Job job;

    Idle(int sent) {
      this.sent = sent;
    }
  }

  private long now() {
    return clock.instant().toEpochMilli();
  }

  /** Waits for something to do. */
  Task take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = now();
        Job alarmed = scheduler.alarmed(now);
        if (alarmed != null) {
          return new Task.Alarm(alarmed);
        }
        Job job = scheduler.next(now);
        if (job != null) {
          return new Task.Connect(job);
        }
        long wait = Math.min(LONGEST_WAIT_MILLIS, scheduler.nextWake() - now);
        boolean _ = changed.await(Math.max(1, wait), TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a job into the plan, or back; see {@link Scheduler#add}. */
  void add(Job job, boolean fresh, long due, long alarm) {
    locked(() -> {
      know(job);
      scheduler.add(job, fresh, due, alarm, now());
      serveIdle(job.destination());
    });
  }

  private void know(Job job) {
    List<Job> its = jobs.getOrDefault(job.id(), List.of());
    if (its.stream().noneMatch(known -> known == job)) {
      if (its.isEmpty()) {
        jobs.put(job.id(), List.of(job)); // by far the most messages have one destination
      } else {
        List<Job> more = new ArrayList<>(its);
        more.add(job);
        jobs.put(job.id(), more);
      }
    }
  }

  private void serveIdle(String destination) {
    ArrayDeque<Idle> waiters = idle.get(destination);
    while (waiters != null && !waiters.isEmpty()) {
      Idle first = waiters.element();
      first.job = scheduler.another(destination, first.sent, now());
      if (first.job == null) {
        return;
      }
      waiters.remove();
      first.given.signal();
    }
  }

  /** Keeps it without trying it; see {@link Scheduler#hold}. */
  void hold(Job job, long alarm) {
    locked(() -> {
      know(job);
      scheduler.hold(job, alarm);
    });
  }

  /** As {@link #hold}, unless it is being tried just now, or done. */
  void holdIdle(Job job, long alarm) {
    locked(() -> {
      if (jobs.getOrDefault(job.id(), List.of()).contains(job) && !scheduler.isUnderWay(job)) {
        scheduler.hold(job, alarm);
      }
    });
  }

  void remove(Job job) {
    locked(() -> {
      scheduler.remove(job);
      List<Job> rest =
          jobs.getOrDefault(job.id(), List.of()).stream().filter(j -> j != job).toList();
      if (rest.isEmpty()) {
        jobs.remove(job.id());
      } else {
        jobs.put(job.id(), rest);
      }
    });
  }

  /** The jobs of a message. */
  List<Job> of(SpoolId id) {
    lock.lock();
    try {
      return jobs.getOrDefault(id, List.of());
    } finally {
      lock.unlock();
    }
  }

  /** The messages of a sender. */
  Map<SpoolId, SpoolPartition> sentBy(String sender) {
    lock.lock();
    try {
      Map<SpoolId, SpoolPartition> its = new LinkedHashMap<>();
      for (List<Job> each : jobs.values()) {
        Job job = each.getFirst();
        if (job.sender().equals(sender)) {
          its.put(job.id(), job.partition());
        }
      }
      return its;
    } finally {
      lock.unlock();
    }
  }

  boolean isUnderWay(Job job) {
    lock.lock();
    try {
      return scheduler.isUnderWay(job);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return scheduler.size();
    } finally {
      lock.unlock();
    }
  }

  List<Scheduler.Destination> destinations() {
    lock.lock();
    try {
      return scheduler.destinations();
    } finally {
      lock.unlock();
    }
  }

  @Nullable Reason lastFailure(String destination) {
    lock.lock();
    try {
      return scheduler.lastFailure(destination);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Another job for an open connection.
   *
   * @param sent how many messages it has carried
   * @param patience how long to wait for one
   */
  @Nullable Job another(String destination, int sent, Duration patience)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (ending) {
        return null;
      }
      Job job = scheduler.another(destination, sent, now());
      if (job != null) {
        return job;
      }
      Idle waiter = new Idle(sent);
      ArrayDeque<Idle> waiters = idle.computeIfAbsent(destination, _ -> new ArrayDeque<>());
      waiters.add(waiter);
      try {
        long left = patience.toNanos();
        while (waiter.job == null && left > 0 && !ending) {
          left = waiter.given.awaitNanos(left);
        }
        return waiter.job;
      } finally {
        waiters.remove(waiter);
        idle.computeIfPresent(destination, (_, its) -> its.isEmpty() ? null : its);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is handed out to open connections. */
  void end() {
    locked(() -> {
      ending = true;
      idle.values().forEach(its -> its.forEach(waiter -> waiter.given.signal()));
    });
  }

  void connected(String destination) {
    locked(() -> scheduler.connected(destination, now()));
  }

  void carried(String destination) {
    locked(() -> scheduler.carried(destination, now()));
  }

  void failed(String destination, Reason why) {
    locked(() -> scheduler.failed(destination, why, now()));
  }

  void strained(String destination, Reason why) {
    locked(() -> scheduler.strained(destination, why, now()));
  }

  void closed(String destination, boolean wasOpen) {
    locked(() -> scheduler.closed(destination, wasOpen, now()));
  }

  void unblock(String destination) {
    locked(() -> scheduler.unblock(destination, now()));
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
