package org.everpost.core.spool;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.time.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * The plan of what is tried when: pure bookkeeping, in milliseconds that the caller gives.
 *
 * <p>What came first is tried before what is tried again, which has every fourth turn. The senders
 * take turns, and of one sender the destinations; a connection that is open goes on with what else
 * there is for its destination, again in turns of the senders.
 *
 * <p>A destination has a window of connections that opens while they work and closes when the peer
 * says it has too many. One that cannot be reached is left alone for a time that doubles, and then
 * tried with one message: a hundred thousand for it cost one connection now and then. All that
 * cannot be reached have half of the connections at most.
 *
 * <p>Not safe for several threads: the owner guards it.
 */
public final class Scheduler {

  /** An alarm that never goes off. */
  public static final long NEVER = Long.MAX_VALUE;

  /** After so many messages a connection ends if other destinations wait for one. */
  private static final int SHARE = 20;

  /** So many senders' lanes of a destination, of each kind, wait for their turn at a time. */
  private static final int LISTED = 64;

  /** How many connections a destination gets that nothing is known of. */
  private static final int FIRST_WINDOW = 5;

  private final Settings settings;
  private final RandomSource random;
  private final Map<String, Site> sites = new HashMap<>();
  private final Turns fresh = new Turns();
  private final Turns retries = new Turns();

  /** For destinations that could not be reached the last time. */
  private final Turns suspects = new Turns();

  private final Timers<Job> waiting =
      new Timers<>(t -> t.what().state == Job.State.WAITING && t.what().due == t.at());
  private final Timers<Job> alarms =
      new Timers<>(t -> t.what().state != Job.State.GONE && t.what().alarm == t.at());
  private final Timers<Site> blocked = new Timers<>(t -> t.what().blockedUntil == t.at());
  private int jobs;
  private int connections;

  /** How many of them are to suspects. */
  private int suspected;

  private int turn;

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
   * @param window how many there may be
   * @param blockedUntil in milliseconds; 0: it is not
   * @param lastFailure why it could not be reached; null if it could, or was not tried
   */
  public record Destination(
      String name,
      int messages,
      int ready,
      int connections,
      int window,
      long blockedUntil,
      int failures,
      @Nullable Reason lastFailure) {}

  public Scheduler(Settings settings, RandomSource random) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.random = Objects.requireNonNull(random, "random");
  }

  // ---- jobs come and go ----

  /**
   * Puts a job into the plan, or back into it after it was tried.
   *
   * @param isFresh whether it was never tried
   * @param due when it is to be tried
   * @param alarm when somebody has to look at it whatever its destination does, or {@link #NEVER}
   */
  public void add(Job job, boolean isFresh, long due, long alarm, long now) {
    Site site = enter(job);
    setAlarm(job, alarm);
    if (due <= now && job.state == Job.State.READY && job.fresh == isFresh) {
      return; // it keeps its place
    }
    leaveReady(job, site);
    job.fresh = isFresh;
    if (due > now) {
      job.state = Job.State.WAITING;
      job.due = due;
      waiting.add(due, job, jobs);
    } else {
      makeReady(job, site, now);
    }
  }

  private Site enter(Job job) {
    Site site = site(job.destination());
    switch (job.state) {
      case NEW -> {
        site.jobs++;
        jobs++;
      }
      case GONE -> throw new IllegalStateException(job + " is out of the plan");
      case WAITING, READY, UNDER_WAY, HELD -> {
        // It is counted already.
      }
    }
    return site;
  }

  private void makeReady(Job job, Site site, long now) {
    job.state = Job.State.READY;
    site.ready++;
    Site.Lanes lanes = site.lanes(job.fresh);
    Lane lane = lanes.bySender.get(job.sender());
    if (lane == null) {
      lane = new Lane(site, job.sender(), job.fresh);
      lanes.bySender.put(job.sender(), lane);
      lanes.parked.add(lane);
    }
    lane.add(job);
    offer(site, now);
  }

  private void leaveReady(Job job, Site site) {
    Lane lane = job.lane;
    if (lane != null) {
      lane.remove(job);
      site.ready--;
      if (lane.isEmpty()) {
        Site.Lanes lanes = site.lanes(lane.fresh);
        Turns turns = lane.turns;
        park(lane);
        lanes.parked.remove(lane);
        lanes.bySender.remove(lane.sender);
        if (turns != null && !lanes.parked.isEmpty()) {
          list(lanes.parked.removeFirst(), turns);
        }
      }
    }
  }

  private void setAlarm(Job job, long alarm) {
    if (job.alarm != alarm) {
      job.alarm = alarm;
      if (alarm != NEVER) {
        alarms.add(alarm, job, jobs);
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
      forgetIfIdle(site);
    }
    job.state = Job.State.GONE;
  }

  /** Keeps a job in the plan without trying it, until {@link #add} puts it back. */
  public void hold(Job job, long alarm) {
    leaveReady(job, enter(job));
    job.state = Job.State.HELD;
    setAlarm(job, alarm);
  }

  /** Whether it is being tried. */
  public boolean isUnderWay(Job job) {
    return job.state == Job.State.UNDER_WAY;
  }

  /** Whether it is kept without being tried. */
  public boolean isHeld(Job job) {
    return job.state == Job.State.HELD;
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
    Job job =
        switch (turn % 8) {
          case 3, 7 -> firstOf(now, retries, fresh, suspects);
          case 5 -> firstOf(now, suspects, fresh, retries);
          default -> firstOf(now, fresh, retries, suspects);
        };
    if (job != null) {
      turn = (turn + 1) % 8;
    }
    return job;
  }

  private @Nullable Job firstOf(long now, Turns one, Turns two, Turns three) {
    Job job = pick(one, now);
    job = job != null ? job : pick(two, now);
    return job != null ? job : pick(three, now);
  }

  private @Nullable Job pick(Turns turns, long now) {
    if (turns == suspects && suspected >= Math.max(1, settings.connections() / 2)) {
      return null;
    }
    for (Lane lane = turns.first(); lane != null; lane = turns.first()) {
      park(lane);
      Site site = lane.site;
      Job job = site.takesConnection(now) ? lane.first() : null;
      if (job != null) {
        turns.passOn(lane.sender);
        site.connections++;
        connections++;
        suspected += site.isSuspect() ? 1 : 0;
        begin(job, site, now);
        return job;
      }
    }
    return null;
  }

  private void begin(Job job, Site site, long now) {
    site.passOn(job);
    leaveReady(job, site);
    job.state = Job.State.UNDER_WAY;
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
        connections >= settings.connections() && fresh.size() + retries.size() > site.listed;
    if (site.connections > (int) site.window
        || site.blockedUntil > now
        || (othersWait && sent >= SHARE)) {
      return null;
    }
    Job job = site.next();
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
    for (Job job = alarms.poll(now); job != null; job = alarms.poll(now)) {
      job.alarm = NEVER;
      if (claim(job)) {
        return job;
      }
    }
    return null;
  }

  /**
   * Lets nobody else try a job until {@link #add}, {@link #hold} or {@link #remove} says what
   * becomes of it.
   *
   * @return false if it is being tried already
   */
  public boolean claim(Job job) {
    boolean idle = job.state != Job.State.UNDER_WAY;
    if (idle) {
      leaveReady(job, enter(job));
      job.state = Job.State.UNDER_WAY;
    }
    return idle;
  }

  /** When something is to be done at the latest, if nothing happens before; {@link #NEVER}. */
  public long nextWake() {
    return Math.min(nextTry(), alarms.next());
  }

  /** The same without alarms. */
  public long nextTry() {
    return Math.min(waiting.next(), blocked.next());
  }

  private void advance(long now) {
    for (Job job = waiting.poll(now); job != null; job = waiting.poll(now)) {
      makeReady(job, site(job.destination()), now);
    }
    for (Site site = blocked.poll(now); site != null; site = blocked.poll(now)) {
      site.blockedUntil = 0;
      offer(site, now);
      forgetIfIdle(site);
    }
  }

  /** Lets those wait for their turn who may have a connection to this destination. */
  private void offer(Site site, long now) {
    if (site.takesConnection(now)) {
      offer(site, site.fresh, fresh);
      offer(site, site.retries, retries);
    }
  }

  private void offer(Site site, Site.Lanes lanes, Turns turns) {
    while (lanes.bySender.size() - lanes.parked.size() < LISTED && !lanes.parked.isEmpty()) {
      list(lanes.parked.removeFirst(), site.isSuspect() ? suspects : turns);
    }
  }

  private static void list(Lane lane, Turns turns) {
    lane.site.listed++;
    turns.add(lane);
  }

  /** It no longer waits for its turn. */
  private static void park(Lane lane) {
    Turns turns = lane.turns;
    if (turns != null) {
      turns.remove(lane);
      lane.site.listed--;
      lane.site.lanes(lane.fresh).parked.add(lane);
    }
  }

  private static void parkAll(Site site) {
    site.fresh.bySender.values().forEach(Scheduler::park);
    site.retries.bySender.values().forEach(Scheduler::park);
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
      parkAll(site);
      suspected -= site.connections;
      site.failures = 0;
    }
    site.blockedUntil = 0;
    site.lastFailure = null;
  }

  /** A message went through: its recipients had their answers. */
  public void carried(String destination, long now) {
    Site site = site(destination);
    site.strains = 0;
    site.grow(settings.perDestination());
    offer(site, now);
  }

  /** No connection came about. */
  public void failed(String destination, Reason why, long now) {
    Site site = site(destination);
    site.lastFailure = why;
    if (site.open > 0) {
      site.shrinkTo(site.open); // it is there, but not for so many
    } else if (site.blockedUntil <= now) {
      suspected += site.isSuspect() ? 0 : site.connections;
      site.failures++;
      site.window = 1;
      block(site, settings.firstBlock().toMillis(), site.failures, now);
    }
  }

  /**
   * The peer ended a session because it is too busy (RFC 5321 §3.8: 421). What several connections
   * are told at once counts once.
   */
  public void strained(String destination, Reason why, long now) {
    Site site = site(destination);
    site.lastFailure = why;
    if (site.blockedUntil <= now) {
      site.strains++;
      site.shrinkTo((int) site.window / 2);
      block(site, settings.firstBlock().toMillis() / 6, site.strains, now);
    }
  }

  /** Leaves it alone for a time that doubles, a tenth more or less. */
  private void block(Site site, long first, int times, long now) {
    long doubled = first << Math.min(times - 1, 20);
    long base = Math.min(settings.longestBlock().toMillis(), doubled);
    parkAll(site);
    site.blockedUntil = now + 1 + base - base / 10 + random.nextLong(base / 5 + 1);
    blocked.add(site.blockedUntil, site, sites.size());
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
    suspected -= site.isSuspect() ? 1 : 0;
    site.open -= wasOpen ? 1 : 0;
    offer(site, now);
    forgetIfIdle(site);
  }

  /** A destination that is to be tried now, whatever it did before. */
  public void unblock(String destination, long now) {
    Site site = sites.get(destination);
    if (site != null) {
      site.blockedUntil = 0;
      offer(site, now);
      forgetIfIdle(site);
    }
  }

  private Site site(String destination) {
    int most = settings.perDestination();
    return sites.computeIfAbsent(
        destination, name -> new Site(name, Math.min(FIRST_WINDOW, most), most));
  }

  private void forgetIfIdle(Site site) {
    if (site.isIdle()) {
      sites.remove(site.name, site);
    }
  }

  /** Why a destination could not be reached; null if it could, or was not tried. */
  public @Nullable Reason lastFailure(String destination) {
    Site site = sites.get(destination);
    return site == null ? null : site.lastFailure;
  }

  /** One destination; null: there is nothing for it. */
  public @Nullable Destination destination(String name) {
    Site site = sites.get(name);
    return site == null ? null : destination(site);
  }

  /** All destinations there is something for. */
  public List<Destination> destinations() {
    return sites.values().stream().map(Scheduler::destination).toList();
  }

  private static Destination destination(Site site) {
    return new Destination(
        site.name,
        site.jobs,
        site.ready,
        site.connections,
        (int) site.window,
        site.blockedUntil,
        site.failures,
        site.lastFailure);
  }
}
