package org.everpost.core.spool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.everpost.core.time.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * The plan of what is tried when: pure bookkeeping, in milliseconds that the caller gives.
 *
 * <p>What came first is tried before what is tried again, destinations take turns, and so do the
 * senders within one. A destination has a window of connections that opens while they work and
 * closes when the peer says it has too many. One that cannot be reached is left alone for a time
 * that doubles, and then tried with one message: a hundred thousand for it cost one connection now
 * and then.
 *
 * <p>Not safe for several threads: the owner guards it.
 */
public final class Scheduler {

  /** An alarm that never goes off. */
  public static final long NEVER = Long.MAX_VALUE;

  /** After so many messages a connection ends if other destinations wait for one. */
  private static final int SHARE = 20;

  private final Settings settings;
  private final RandomSource random;
  private final Map<String, Site> sites = new HashMap<>();
  private final ArrayDeque<Site> freshRing = new ArrayDeque<>();
  private final ArrayDeque<Site> retryRing = new ArrayDeque<>();
  private final PriorityQueue<Timed> waiting = timers();
  private final PriorityQueue<Timed> alarms = timers();
  private final PriorityQueue<Blocked> blocked =
      new PriorityQueue<>(Comparator.comparingLong(Blocked::until));
  private int jobs;
  private int connections;
  private int suspects;
  private int turn;

  private record Timed(long at, Job job) {}

  private record Blocked(long until, Site site) {}

  /**
   * The limits.
   *
   * @param connections at once, to all destinations together
   * @param perDestination at once, to one
   * @param firstBlock how long a destination is left alone that could not be reached once
   * @param longestBlock how long at most, after many times
   */
  public record Settings(
      int connections, int perDestination, Duration firstBlock, Duration longestBlock) {

    /** What is used where nothing else is said. */
    public static final Settings DEFAULT =
        new Settings(500, 20, Duration.ofMinutes(1), Duration.ofHours(1));

    public Settings {
      if (connections < 1 || perDestination < 1 || firstBlock.isNegative()) {
        throw new IllegalArgumentException("limits are positive");
      }
      Objects.requireNonNull(longestBlock, "longestBlock");
    }
  }

  /**
   * A destination, for people.
   *
   * @param connections that are open or being made
   * @param blockedUntil in milliseconds; 0: it is not
   * @param lastFailure why it could not be reached; null if it could, or was not tried
   */
  public record Destination(
      String name,
      int messages,
      int ready,
      int connections,
      long blockedUntil,
      int failures,
      @Nullable Reason lastFailure) {}

  public Scheduler(Settings settings, RandomSource random) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.random = Objects.requireNonNull(random, "random");
  }

  private static PriorityQueue<Timed> timers() {
    return new PriorityQueue<>(Comparator.comparingLong(Timed::at));
  }

  // ---- jobs come and go ----

  /**
   * Puts a job into the plan, or back into it after it was tried.
   *
   * @param fresh whether it was never tried
   * @param due when it is to be tried
   * @param alarm when somebody has to look at it whatever its destination does, or {@link #NEVER}
   */
  public void add(Job job, boolean fresh, long due, long alarm, long now) {
    Site site = site(job.destination());
    if (job.state == Job.State.NEW) {
      site.jobs++;
      jobs++;
    } else if (job.state == Job.State.GONE) {
      throw new IllegalStateException(job + " is out of the plan");
    }
    job.fresh = fresh;
    setAlarm(job, alarm);
    if (due > now) {
      leaveReady(job, site);
      job.state = Job.State.WAITING;
      job.due = due;
      waiting.add(new Timed(due, job));
    } else {
      makeReady(job, site, now);
    }
  }

  private void makeReady(Job job, Site site, long now) {
    if (job.state != Job.State.READY) {
      job.state = Job.State.READY;
      site.ready++;
      (job.fresh ? site.fresh : site.retries).add(job);
      offer(site, now);
    }
  }

  private static void leaveReady(Job job, Site site) {
    if (job.state == Job.State.READY) {
      site.ready--;
    }
  }

  private void setAlarm(Job job, long alarm) {
    if (job.alarm != alarm) {
      job.alarm = alarm;
      if (alarm != NEVER) {
        alarms.add(new Timed(alarm, job));
      }
    }
  }

  /** Takes a job out of the plan: it is done, or nothing is to be done for it any more. */
  public void remove(Job job) {
    if (job.state != Job.State.GONE && job.state != Job.State.NEW) {
      Site site = site(job.destination());
      leaveReady(job, site);
      site.jobs--;
      jobs--;
    }
    job.state = Job.State.GONE;
  }

  /** Keeps a job in the plan without trying it, until {@link #add} puts it back. */
  public void hold(Job job, long alarm) {
    Site site = site(job.destination());
    if (job.state == Job.State.NEW) {
      site.jobs++;
      jobs++;
    }
    leaveReady(job, site);
    job.state = Job.State.HELD;
    setAlarm(job, alarm);
  }

  /** Whether it is being tried. */
  public boolean isUnderWay(Job job) {
    return job.state == Job.State.UNDER_WAY;
  }

  /** How many jobs are in the plan. */
  public int size() {
    return jobs;
  }

  // ---- what is next ----

  /**
   * A job to begin a connection with: the caller says what comes of it by {@link #connected} or
   * {@link #failed}, and {@link #closed} in the end.
   *
   * @return null: nothing to do until {@link #nextWake}, or until one of those is called
   */
  public @Nullable Job next(long now) {
    advance(now);
    if (connections >= settings.connections()) {
      return null;
    }
    boolean retryFirst = ++turn % 4 == 0;
    Job job = pick(!retryFirst, now);
    return job != null ? job : pick(retryFirst, now);
  }

  private @Nullable Job pick(boolean isFresh, long now) {
    ArrayDeque<Site> ring = isFresh ? freshRing : retryRing;
    for (int left = ring.size(); left > 0; left--) {
      Site site = ring.remove();
      if (site.isSuspect() && suspects >= Math.max(1, settings.connections() / 2)) {
        ring.add(site);
        continue;
      }
      if (isFresh) {
        site.inFreshRing = false;
      } else {
        site.inRetryRing = false;
      }
      Job job = site.takesConnection(now) ? (isFresh ? site.fresh : site.retries).poll() : null;
      if (job != null) {
        site.connections++;
        connections++;
        suspects += site.isSuspect() ? 1 : 0;
        begin(job, site, now);
        return job;
      }
    }
    return null;
  }

  private void begin(Job job, Site site, long now) {
    job.state = Job.State.UNDER_WAY;
    site.ready--;
    offer(site, now);
  }

  /**
   * Another job for a connection that is open.
   *
   * @param sent how many messages it has carried
   */
  public @Nullable Job another(String destination, int sent, long now) {
    advance(now);
    Site site = site(destination);
    boolean othersWait =
        connections >= settings.connections() && !(freshRing.isEmpty() && retryRing.isEmpty());
    if (site.connections > (int) site.window
        || site.blockedUntil > now
        || (othersWait && sent >= SHARE)) {
      return null;
    }
    Job job = site.poll();
    if (job != null) {
      begin(job, site, now);
    }
    return job;
  }

  /**
   * A job whose alarm has gone off; it has no alarm any more, and is not tried before {@link #add},
   * {@link #hold} or {@link #remove} says what becomes of it. One that is being tried just now is
   * passed over: whoever tries it puts it back with its alarm.
   */
  public @Nullable Job alarmed(long now) {
    for (Timed first = alarms.peek(); first != null && first.at <= now; first = alarms.peek()) {
      alarms.remove();
      Job job = first.job;
      if (job.alarm == first.at && job.state != Job.State.GONE) {
        job.alarm = NEVER;
        if (job.state != Job.State.UNDER_WAY) {
          leaveReady(job, site(job.destination()));
          job.state = Job.State.UNDER_WAY;
          return job;
        }
      }
    }
    return null;
  }

  /** When something is to be done at the latest, if nothing happens before; {@link #NEVER}. */
  public long nextWake() {
    long wake = NEVER;
    wake = waiting.isEmpty() ? wake : Math.min(wake, waiting.element().at);
    wake = alarms.isEmpty() ? wake : Math.min(wake, alarms.element().at);
    return blocked.isEmpty() ? wake : Math.min(wake, blocked.element().until);
  }

  private void advance(long now) {
    for (Timed first = waiting.peek(); first != null && first.at <= now; first = waiting.peek()) {
      waiting.remove();
      Job job = first.job;
      if (job.state == Job.State.WAITING && job.due == first.at) {
        makeReady(job, site(job.destination()), now);
      }
    }
    for (Blocked first = blocked.peek();
        first != null && first.until <= now;
        first = blocked.peek()) {
      blocked.remove();
      if (first.site.blockedUntil == first.until) {
        offer(first.site, now);
        forgetIfIdle(first.site, now);
      }
    }
  }

  private void offer(Site site, long now) {
    if (!site.takesConnection(now)) {
      return;
    }
    if (!site.inFreshRing && !site.fresh.isEmpty()) {
      site.inFreshRing = true;
      freshRing.add(site);
    }
    if (!site.inRetryRing && !site.retries.isEmpty()) {
      site.inRetryRing = true;
      retryRing.add(site);
    }
  }

  // ---- what became of connections ----

  /** The connection is ready for messages. */
  public void connected(String destination, long now) {
    Site site = site(destination);
    trust(site);
    site.open++;
    offer(site, now);
  }

  private void trust(Site site) {
    if (site.isSuspect()) {
      suspects -= site.connections;
      site.failures = 0;
    }
    site.blockedUntil = 0;
    site.lastFailure = null;
  }

  /** A message went through: its recipients had their answers. */
  public void carried(String destination, long now) {
    Site site = site(destination);
    site.grow(settings.perDestination());
    offer(site, now);
  }

  /** No connection came about. */
  public void failed(String destination, Reason why, long now) {
    Site site = site(destination);
    site.lastFailure = why;
    if (site.open > 0) {
      site.shrink(); // it is there, but not for so many
    } else if (site.blockedUntil <= now) {
      suspects += site.isSuspect() ? 0 : site.connections;
      site.failures++;
      site.window = 1;
      block(site, blockMillis(site.failures), now);
    }
  }

  /** The peer ended a session because it is too busy (RFC 5321 §3.8: 421). */
  public void strained(String destination, Reason why, long now) {
    Site site = site(destination);
    site.lastFailure = why;
    site.shrink();
    block(site, settings.firstBlock().toMillis() / 6, now);
  }

  private void block(Site site, long millis, long now) {
    site.blockedUntil = now + millis;
    blocked.add(new Blocked(site.blockedUntil, site));
  }

  private long blockMillis(int failures) {
    long longest = settings.longestBlock().toMillis();
    long millis = settings.firstBlock().toMillis() << Math.min(failures - 1, 20);
    long base = Math.min(longest, millis);
    return base - base / 10 + random.nextLong(base / 5 + 1);
  }

  /**
   * The connection is over.
   *
   * @param wasOpen whether {@link #connected} was said of it
   */
  public void closed(String destination, boolean wasOpen, long now) {
    Site site = site(destination);
    site.connections--;
    connections--;
    suspects -= site.isSuspect() ? 1 : 0;
    site.open -= wasOpen ? 1 : 0;
    offer(site, now);
    forgetIfIdle(site, now);
  }

  /** A destination that is to be tried now, whatever it did before. */
  public void unblock(String destination, long now) {
    Site site = sites.get(destination);
    if (site != null) {
      site.blockedUntil = 0;
      offer(site, now);
    }
  }

  private Site site(String destination) {
    return sites.computeIfAbsent(
        destination,
        name -> new Site(name, Math.min(5, settings.perDestination()), settings.perDestination()));
  }

  private void forgetIfIdle(Site site, long now) {
    if (site.isIdle(now)) {
      sites.remove(site.name, site);
    }
  }

  /** Why a destination could not be reached; null if it could, or was not tried. */
  public @Nullable Reason lastFailure(String destination) {
    Site site = sites.get(destination);
    return site == null ? null : site.lastFailure;
  }

  /** All destinations there is something for. */
  public List<Destination> destinations() {
    List<Destination> all = new ArrayList<>();
    for (Site site : sites.values()) {
      all.add(
          new Destination(
              site.name,
              site.jobs,
              site.ready,
              site.connections,
              site.blockedUntil,
              site.failures,
              site.lastFailure));
    }
    return all;
  }
}
