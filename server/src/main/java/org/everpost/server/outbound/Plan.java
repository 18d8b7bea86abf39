package org.everpost.server.outbound;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** How often the taker looks whether an open connection has waited long enough. */
  private static final long IDLE_LOOK_MILLIS = 250;

  /** So many alarms are looked after at once: a notification takes memory, and the store. */
  private static final int MAX_ALARMS = 20;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Scheduler scheduler;
  private final Map<SpoolId, List<Job>> jobs = new HashMap<>();
  private final Map<String, ArrayDeque<Idle>> idle = new HashMap<>();

  /** What the taker takes next, if that is known; it counts as under way. */
  private @Nullable Task next;

  /** While the taker waits: until when. */
  private long takerWakes;

  private int alarms;
  private boolean ending;

  Plan(Scheduler scheduler, Clock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** What is to be done next. */
  sealed interface Task {

    /** Try it, on a new connection. */
    record Connect(Job job) implements Task {}

    /**
     * Its time is over, or its sender has to be told that it takes longer; the plan hears of the
     * end of that by {@link #alarmOver}.
     */
    record Alarm(Job job) implements Task {}
  }

  /** What becomes of a job. */
  sealed interface Place {

    /** It is tried; see {@link Scheduler#add}. */
    record Tried(boolean fresh, long due, long alarm) implements Place {}

    /** It is kept without being tried; see {@link Scheduler#hold}. */
    record Held(long alarm) implements Place {}

    /** Nothing is left to be done for it. */
    record Out() implements Place {}
  }

  /** A job that enters the plan, and what becomes of it. */
  record Entry(Job job, Place place) {}

  /** An open connection that waits for something to send; the taker sees to it that it ends. */
  private final class Idle {
    final Condition over = lock.newCondition();
    final int sent;
    final long untilNanos;
    @Nullable Job job;

    Idle(int sent, long untilNanos) {
      this.sent = sent;
      this.untilNanos = untilNanos;
    }

    boolean isOver() {
      return job != null || ending || clock.nanoTime() - untilNanos >= 0;
    }
  }

  private long now() {
    return clock.instant().toEpochMilli();
  }

  /** Waits for something to do; null: the plan has ended. One thread calls it. */
  @Nullable Task take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      next = next == null ? poll() : next;
      while (next == null && !ending) {
        long now = now();
        takerWakes = Math.min(nextWake(now), now + LONGEST_WAIT_MILLIS);
        boolean _ = changed.await(Math.max(1, takerWakes - now), TimeUnit.MILLISECONDS);
        takerWakes = 0;
        endIdle();
        next = next == null ? poll() : next;
      }
      Task task = next;
      next = null;
      return task;
    } finally {
      takerWakes = 0;
      lock.unlock();
    }
  }

  /** When there is something to do if nothing changes. */
  private long nextWake(long now) {
    long wake = alarms < MAX_ALARMS ? scheduler.nextWake() : scheduler.nextTry();
    return idle.isEmpty() ? wake : Math.min(wake, now + IDLE_LOOK_MILLIS);
  }

  /** Wakes the taker if there is something to do for it, or will be before it wakes by itself. */
  private void wakeTaker() {
    if (takerWakes > 0 && next == null) {
      next = poll();
      if (next != null || nextWake(now()) < takerWakes) {
        changed.signal();
      }
    }
  }

  /** Lets those go who have waited long enough: to be called now and then while nobody takes. */
  void endIdle() {
    lock.lock();
    try {
      for (ArrayDeque<Idle> waiters : idle.values()) {
        waiters.stream().filter(Idle::isOver).forEach(waiter -> waiter.over.signal());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something to do, if there is anything now. */
  @Nullable Task poll() {
    lock.lock();
    try {
      long now = now();
      Job alarmed = alarms < MAX_ALARMS && !ending ? scheduler.alarmed(now) : null;
      if (alarmed != null) {
        alarms++;
        return new Task.Alarm(alarmed);
      }
      Job job = ending ? null : scheduler.next(now);
      return job == null ? null : new Task.Connect(job);
    } finally {
      lock.unlock();
    }
  }

  /** An alarm was looked after. */
  void alarmOver() {
    locked(() -> alarms--);
  }

  /**
   * Puts the jobs of a message into the plan, unless it knows some already. Those of another
   * partition are of another message, or of one that is not this node's any more.
   *
   * @param entries one a job
   * @return whether it knew none
   */
  boolean enter(SpoolPartition partition, SpoolId id, List<Entry> entries) {
    lock.lock();
    try {
      boolean isNew = of(partition, id).isEmpty();
      if (isNew) {
        entries.forEach(entry -> place(entry.job, entry.place));
        wakeTaker();
      }
      return isNew;
    } finally {
      lock.unlock();
    }
  }

  /** Says what becomes of a job that is under way; of any other, what is put for it is kept. */
  void put(Job job, Place place) {
    locked(() -> place(job, place));
  }

  /** Says what becomes of a job, unless it is under way: whoever has it settles it. */
  void putIfIdle(Job job, Place place) {
    locked(() -> {
      if (!scheduler.isUnderWay(job) && of(job.partition(), job.id()).contains(job)) {
        place(job, place);
      }
    });
  }

  /**
   * Makes the jobs of a message the caller's, but for those that are under way.
   *
   * @param unknown what its jobs are if the plan knows none
   */
  List<Job> claim(SpoolPartition partition, SpoolId id, List<Job> unknown) {
    lock.lock();
    try {
      if (of(partition, id).isEmpty()) {
        unknown.forEach(this::know);
      }
      return of(partition, id).stream().filter(scheduler::claim).toList();
    } finally {
      lock.unlock();
    }
  }

  private void place(Job job, Place place) {
    switch (place) {
      case Place.Tried(boolean fresh, long due, long alarm) -> {
        know(job);
        scheduler.add(job, fresh, due, alarm, now());
        serveIdle(job.destination());
      }
      case Place.Held(long alarm) -> {
        know(job);
        scheduler.hold(job, alarm);
      }
      case Place.Out() -> {
        scheduler.remove(job);
        forget(job);
      }
    }
  }

  private void know(Job job) {
    List<Job> its = jobs.get(job.id());
    if (its == null) {
      jobs.put(job.id(), List.of(job)); // by far the most messages have one destination
    } else if (its.stream().noneMatch(known -> known == job)) {
      List<Job> more = new ArrayList<>(its);
      more.add(job);
      jobs.put(job.id(), more);
    }
  }

  private void serveIdle(String destination) {
    ArrayDeque<Idle> waiters = idle.get(destination);
    while (!ending && waiters != null && !waiters.isEmpty()) {
      Idle first = waiters.element();
      first.job = scheduler.another(destination, first.sent, now());
      if (first.job == null) {
        return;
      }
      waiters.remove();
      first.over.signal();
    }
  }

  private void forget(Job job) {
    List<Job> rest = jobs.getOrDefault(job.id(), List.of()).stream().filter(j -> j != job).toList();
    if (rest.isEmpty()) {
      jobs.remove(job.id());
    } else {
      jobs.put(job.id(), rest);
    }
  }

  /** The jobs of a message. */
  List<Job> of(SpoolPartition partition, SpoolId id) {
    lock.lock();
    try {
      List<Job> its = jobs.get(id);
      return its == null
          ? List.of()
          : its.stream().filter(job -> job.partition() == partition).toList();
    } finally {
      lock.unlock();
    }
  }

  /** A job of each message of a sender. */
  List<Job> sentBy(String sender) {
    lock.lock();
    try {
      List<Job> its = new ArrayList<>();
      for (List<Job> each : jobs.values()) {
        Set<SpoolPartition> partitions = new HashSet<>();
        for (Job job : each) {
          if (job.sender().equals(sender) && partitions.add(job.partition())) {
            its.add(job);
          }
        }
      }
      return its;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps a message without trying it until an alarm, but for what is under way.
   *
   * @return whether any of it was not kept so before
   */
  boolean keepBack(SpoolPartition partition, SpoolId id, long alarm) {
    lock.lock();
    try {
      boolean any = false;
      for (Job job : of(partition, id)) {
        any |= !scheduler.isHeld(job);
        if (!scheduler.isHeld(job) && !scheduler.isUnderWay(job)) {
          place(job, new Place.Held(alarm));
        }
      }
      return any;
    } finally {
      lock.unlock();
    }
  }

  /** Looks at a message at some time that is kept without being tried. */
  void lookAt(SpoolPartition partition, SpoolId id, long alarm) {
    locked(() -> {
      for (Job job : of(partition, id)) {
        if (scheduler.isHeld(job)) {
          place(job, new Place.Held(alarm));
        }
      }
    });
  }

  /** Whether anything is being done for a message just now. */
  boolean isUnderWay(SpoolPartition partition, SpoolId id) {
    lock.lock();
    try {
      return of(partition, id).stream().anyMatch(scheduler::isUnderWay);
    } finally {
      lock.unlock();
    }
  }

  /** How many jobs there are. */
  int jobs() {
    lock.lock();
    try {
      return scheduler.size();
    } finally {
      lock.unlock();
    }
  }

  Queue.Size size() {
    lock.lock();
    try {
      int held = 0;
      for (List<Job> its : jobs.values()) {
        held += its.stream().anyMatch(scheduler::isHeld) ? 1 : 0;
      }
      List<Scheduler.Destination> all = scheduler.destinations();
      long now = now();
      int blocked = (int) all.stream().filter(d -> d.blockedUntil() > now).count();
      return new Queue.Size(jobs.size(), held, all.size(), blocked);
    } finally {
      lock.unlock();
    }
  }

  /** One destination; null: there is nothing for it. */
  Scheduler.@Nullable Destination destination(String name) {
    lock.lock();
    try {
      return scheduler.destination(name);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a destination could not be reached a moment ago, and is left alone for that. */
  boolean isLeftAlone(String destination) {
    Scheduler.Destination its = destination(destination);
    return its != null && its.blockedUntil() > now();
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
      Idle waiter = new Idle(sent, clock.nanoTime() + patience.toNanos());
      ArrayDeque<Idle> waiters = idle.computeIfAbsent(destination, _ -> new ArrayDeque<>());
      waiters.add(waiter);
      try {
        wakeTaker();
        while (!waiter.isOver()) {
          waiter.over.await();
        }
        return waiter.job;
      } catch (InterruptedException e) {
        if (waiter.job == null) {
          throw e;
        }
        Thread.currentThread().interrupt(); // it was given something all the same
        return waiter.job;
      } finally {
        waiters.remove(waiter);
        idle.computeIfPresent(destination, (_, its) -> its.isEmpty() ? null : its);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is handed out. */
  void end() {
    locked(() -> {
      ending = true;
      changed.signal();
      idle.values().forEach(its -> its.forEach(waiter -> waiter.over.signal()));
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

  /** All of them. */
  void unblockAll() {
    locked(() -> scheduler.destinations().forEach(its -> scheduler.unblock(its.name(), now())));
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      wakeTaker();
    } finally {
      lock.unlock();
    }
  }
}
