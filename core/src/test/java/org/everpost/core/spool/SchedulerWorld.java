package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.everpost.core.spool.Scheduler.Destination;
import org.everpost.core.spool.Scheduler.Settings;
import org.everpost.core.time.RandomSource;

/**
 * Destinations of all kinds, senders and an operator, around a plan whose every move is checked
 * against a count of its own. Time passes as fast as it can be computed.
 */
final class SchedulerWorld {

  static final Settings SETTINGS = new Settings(30, 8, Duration.ofMinutes(1), Duration.ofHours(1));

  static final long SECOND = 1_000;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;
  private static final long LIFETIME = 5 * DAY;
  private static final long WARNING = 4 * HOUR;
  private static final Reason WHY = Reason.ours("4.0.0", "so");

  private final RandomSource random;
  private final Scheduler plan;
  private final SpoolPartition partition;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Map<String, Peer> peers = new HashMap<>();
  private final Map<Job, Fate> fates = new HashMap<>();
  private long now = 1_800_000_000_000L;
  private long numbers;
  private long steps;
  private int connections;

  /** Everybody answers from now on. */
  boolean allIsWell;

  long done;
  long expired;
  long longestWait;

  enum Kind {
    LIVE,
    DEAD,
    FLAPPING,
    GREYLISTING,
    SLOW,
    BUSY
  }

  private enum Where {
    WAITING,
    READY,
    UNDER_WAY,
    HELD
  }

  private record Event(long at, long number, Runnable what) {}

  /** A destination, and what the test counts of it. */
  static final class Peer {
    final String name;
    final Kind kind;
    int messages;
    int ready;
    int connections;
    int open;

    /** Attempts to connect, in this day. */
    int attempts;

    int mostAttempts;

    Peer(String name, Kind kind) {
      this.name = name;
      this.kind = kind;
    }
  }

  /** A job, and what the test knows of it. */
  private static final class Fate {
    final long born;
    Where where = Where.WAITING;
    int attempts;
    long due;
    boolean warned;

    Fate(long born) {
      this.born = born;
    }
  }

  SchedulerWorld(long seed, SpoolPartition partition, int perKind) {
    this.random = RandomSource.seeded(seed);
    this.plan = new Scheduler(SETTINGS, random);
    this.partition = partition;
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < perKind; i++) {
        String name = kind + "" + i + ".test";
        peers.put(name, new Peer(name, kind));
      }
    }
    at(DAY, this::dayEnds);
  }

  List<Peer> peers(Kind kind) {
    return peers.values().stream().filter(peer -> peer.kind == kind).toList();
  }

  private Peer peer(Job job) {
    return Objects.requireNonNull(peers.get(job.destination()));
  }

  private void at(long later, Runnable what) {
    events.add(new Event(now + later, ++numbers, what));
  }

  private void dayEnds() {
    for (Peer peer : peers.values()) {
      peer.mostAttempts = Math.max(peer.mostAttempts, peer.attempts);
      peer.attempts = 0;
    }
    at(DAY, this::dayEnds);
  }

  // ---- time ----

  /** Lets time pass, with so many messages an hour. */
  void run(long duration, int perHour) {
    long end = now + duration;
    if (perHour > 0) {
      at(0, () -> arrivals(end, perHour));
      at(0, () -> operate(end));
    }
    while (now < end) {
      step(end);
    }
  }

  /** Lets time pass until nothing is left. */
  void drain() {
    long end = now + 2 * LIFETIME;
    while (plan.size() > 0 && now < end) {
      step(end);
    }
    assertThat(fates).isEmpty();
    assertThat(plan.size()).isZero();
  }

  private void step(long end) {
    Event event = events.peek();
    long wake = Math.min(plan.nextWake(), event == null ? end : event.at());
    now = Math.max(now, Math.min(wake, end));
    whatIsDueIsReady();
    if (event != null && event.at() <= now) {
      events.remove().what().run();
    }
    dispatch();
    check();
  }

  private void whatIsDueIsReady() {
    fates.forEach((job, fate) -> {
      if (fate.where == Where.WAITING && fate.due <= now) {
        move(job, fate, Where.READY);
      }
    });
  }

  private void dispatch() {
    whatIsDueIsReady();
    for (Job job = plan.alarmed(now); job != null; job = plan.alarmed(now)) {
      alarmed(job);
    }
    for (Job job = plan.next(now); job != null; job = plan.next(now)) {
      begin(job);
    }
  }

  private void move(Job job, Fate fate, Where where) {
    Peer peer = peer(job);
    peer.ready += (where == Where.READY ? 1 : 0) - (fate.where == Where.READY ? 1 : 0);
    fate.where = where;
  }

  // ---- what people do ----

  private void arrivals(long end, int perHour) {
    List<Peer> all = List.copyOf(peers.values());
    boolean bulk = random.nextInt(50) == 0;
    for (int i = bulk ? 100 : 1; i > 0; i--) {
      Peer peer = all.get(random.nextInt(all.size()));
      String sender = bulk ? "bulk" : "s" + random.nextInt(5);
      Job job = new Job(partition, new SpoolId(++numbers), peer.name, sender);
      fates.put(job, new Fate(now));
      peer.messages++;
      put(job, 0);
    }
    if (now < end) {
      at(random.nextLong(2 * HOUR / perHour + 1), () -> arrivals(end, perHour));
    }
  }

  private void put(Job job, long later) {
    Fate fate = fate(job);
    fate.due = now + later;
    long alarm = fate.born + (fate.warned ? LIFETIME : WARNING);
    plan.add(job, fate.attempts == 0, fate.due, alarm, now);
    move(job, fate, fate.due <= now ? Where.READY : Where.WAITING);
  }

  private Fate fate(Job job) {
    return Objects.requireNonNull(fates.get(job), () -> job + " is gone");
  }

  private void forget(Job job) {
    Fate fate = fate(job);
    plan.remove(job);
    move(job, fate, Where.HELD);
    fates.remove(job);
    peer(job).messages--;
  }

  private void operate(long end) {
    List<Job> all = List.copyOf(fates.keySet());
    for (int i = 0; i < Math.min(5, all.size()); i++) {
      Job job = all.get(random.nextInt(all.size()));
      Fate fate = fates.get(job);
      if (fate == null || fate.where == Where.UNDER_WAY) {
        continue;
      }
      switch (random.nextInt(5)) {
        case 0 -> {
          plan.hold(job, fate.born + LIFETIME);
          move(job, fate, Where.HELD);
          fate.warned = true;
        }
        case 1 -> put(job, random.nextInt(2) * HOUR);
        case 2 -> plan.unblock(job.destination(), now);
        case 3 -> put(job, 0);
        default -> {
          if (random.nextInt(10) == 0) {
            forget(job);
          }
        }
      }
    }
    if (now < end) {
      at(random.nextLong(HOUR), () -> operate(end));
    }
  }

  private void alarmed(Job job) {
    Fate fate = fate(job);
    assertThat(fate.where).isNotEqualTo(Where.UNDER_WAY);
    Where before = fate.where;
    move(job, fate, Where.UNDER_WAY);
    if (now - fate.born >= LIFETIME) {
      expired++;
      forget(job);
    } else {
      assertThat(now - fate.born).isGreaterThanOrEqualTo(WARNING);
      fate.warned = true;
      if (before == Where.HELD) {
        plan.hold(job, fate.born + LIFETIME);
        move(job, fate, Where.HELD);
      } else {
        put(job, Math.max(0, fate.due - now));
      }
    }
  }

  // ---- what peers do ----

  private boolean answers(Peer peer) {
    return switch (peer.kind) {
      case LIVE, GREYLISTING, SLOW -> true;
      case DEAD -> allIsWell;
      case FLAPPING -> allIsWell || now / (7 * HOUR) % 2 == 0;
      case BUSY -> allIsWell || peer.open < 3;
    };
  }

  private void taken(Job job) {
    Fate fate = fate(job);
    assertThat(fate.where)
        .as("%s is handed out when it is ready, and once", job)
        .isEqualTo(Where.READY);
    if (fate.attempts == 0 && peer(job).kind == Kind.LIVE) {
      longestWait = Math.max(longestWait, now - fate.due);
    }
    move(job, fate, Where.UNDER_WAY);
  }

  private void begin(Job job) {
    taken(job);
    Peer peer = peer(job);
    peer.connections++;
    peer.attempts++;
    connections++;
    boolean silent = peer.kind == Kind.DEAD && peer.name.hashCode() % 2 == 0;
    at(
        silent ? random.nextLong(2 * MINUTE) : random.nextLong(200),
        () -> {
          if (answers(peer)) {
            peer.open++;
            plan.connected(peer.name, now);
            carry(job, peer, 0);
          } else {
            plan.failed(peer.name, WHY, now);
            fate(job).attempts++;
            put(job, random.nextBoolean() ? 0 : backOff(fate(job)));
            close(peer, false);
          }
        });
  }

  private long backOff(Fate fate) {
    long base = Math.min(4 * HOUR, (5 * MINUTE) << Math.min(10, fate.attempts));
    return base + random.nextLong(base / 5);
  }

  private void close(Peer peer, boolean wasOpen) {
    peer.connections--;
    connections--;
    peer.open -= wasOpen ? 1 : 0;
    plan.closed(peer.name, wasOpen, now);
  }

  private void carry(Job job, Peer peer, int sent) {
    at(
        peer.kind == Kind.SLOW ? random.nextLong(10 * MINUTE) : random.nextLong(2 * SECOND),
        () -> {
          Fate fate = fate(job);
          fate.attempts++;
          boolean busy = peer.kind == Kind.BUSY && !allIsWell && random.nextInt(10) == 0;
          boolean deferred = peer.kind == Kind.GREYLISTING && now - fate.born < 10 * MINUTE;
          if (busy) {
            plan.strained(peer.name, WHY, now);
            put(job, backOff(fate));
            close(peer, true);
            return;
          }
          plan.carried(peer.name, now);
          if (deferred) {
            put(job, backOff(fate));
          } else {
            done++;
            forget(job);
          }
          Job more = plan.another(peer.name, sent + 1, now);
          if (more == null) {
            close(peer, true);
          } else {
            taken(more);
            carry(more, peer, sent + 1);
          }
        });
  }

  // ---- what must hold ----

  private void check() {
    assertThat(plan.size()).isEqualTo(fates.size());
    assertThat(connections).isBetween(0, SETTINGS.connections());
    Map<String, Destination> destinations = new HashMap<>();
    plan.destinations().forEach(d -> destinations.put(d.name(), d));
    int suspected = 0;
    for (Destination d : destinations.values()) {
      suspected += d.failures() > 0 ? d.connections() : 0;
    }
    List<String> wrong = new ArrayList<>();
    for (Peer peer : peers.values()) {
      Destination d = destinations.get(peer.name);
      boolean counted =
          d == null
              ? peer.messages == 0 && peer.connections == 0
              : d.messages() == peer.messages
                  && d.ready() == peer.ready
                  && d.connections() == peer.connections
                  && d.window() >= 1
                  && d.connections() <= SETTINGS.perDestination();
      if (!counted || (d != null && isForgotten(d, suspected))) {
        wrong.add(peer.name + " " + d);
      }
    }
    assertThat(wrong).as("after %s steps", steps).isEmpty();
    if (++steps % 1_000 == 0) {
      recount();
    }
  }

  /** Whether it could have a connection and has none. */
  private boolean isForgotten(Destination d, int suspected) {
    return d.ready() > 0
        && d.connections() < d.window()
        && d.blockedUntil() <= now
        && connections < SETTINGS.connections()
        && (d.failures() == 0 || suspected < SETTINGS.connections() / 2);
  }

  /** The test's own quick counts, by the slow way. */
  private void recount() {
    Map<String, Integer> ready = new HashMap<>();
    fates.forEach((job, fate) -> {
      assertThat(plan.isUnderWay(job)).isEqualTo(fate.where == Where.UNDER_WAY);
      ready.merge(job.destination(), fate.where == Where.READY ? 1 : 0, Integer::sum);
      assertThat(now - fate.born).as("%s is given up", job).isLessThan(LIFETIME + 20 * MINUTE);
    });
    for (Peer peer : peers.values()) {
      assertThat(peer.ready).isEqualTo(ready.getOrDefault(peer.name, 0));
    }
  }
}
