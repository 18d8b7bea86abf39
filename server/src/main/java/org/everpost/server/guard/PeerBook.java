package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of addresses: a copy in memory that answers at once, behind it the hints that all
 * nodes share. Nobody here ever waits for the store: what it knows is asked for beside, and what is
 * new is written beside, as far as there is room for it. Safe for any number of threads.
 */
final class PeerBook implements Runnable {

  private static final String TABLE = "guard-peers";
  private static final int MAX_COPIES = 200_000;

  /**
   * So few are asked for at once at the door, where nobody waits, and so few by who waits for it,
   * as the mail of others wants the store as well.
   */
  private static final int MAX_RECALLS = 4;

  /** What bots do is written so often at most: else each of their addresses filled the store. */
  private static final int REMARKS_A_SECOND = 100;

  /** Where so much waits to be written, the store is not told what bots do: trust comes first. */
  private static final int MOST_BEFORE_REMARKS = 1_000;

  /** After so long the store is asked whether another node knows better. */
  private static final Duration FRESH = Duration.ofMinutes(5);

  /**
   * A record.
   *
   * @param askedAt when the store was last asked for it, by the clock's nanoseconds
   */
  private record Copy(PeerRecord record, long askedAt) {}

  /** What is to be written. */
  private record News(Origin origin, PeerRecord record) {}

  private final Hints hints;
  private final Clock clock;
  private final Cache<Long, Copy> copies;
  private final WriteBehind<News> news;
  private final Semaphore recalls = new Semaphore(MAX_RECALLS);
  private final Semaphore looks = new Semaphore(MAX_RECALLS, true);
  private final Map<Long, CountDownLatch> recalling = new ConcurrentHashMap<>();
  private final Pace remarks;

  PeerBook(Hints hints, Clock clock) {
    this.hints = hints;
    this.clock = clock;
    this.news = new WriteBehind<>(this::write, clock);
    this.remarks = new Pace(REMARKS_A_SECOND, clock);
    this.copies =
        Caffeine.newBuilder()
            .maximumSize(MAX_COPIES)
            .expireAfterAccess(PeerRecord.COPY_LIFE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /** What is in memory; asks the store beside if that was long ago, or never. */
  PeerRecord find(Origin origin) {
    Copy copy = copies.getIfPresent(origin.address());
    if ((copy == null || clock.nanoTime() - copy.askedAt > FRESH.toNanos())
        && recalls.tryAcquire()) {
      CountDownLatch _ = ask(origin, recalls);
    }
    return copy == null ? PeerRecord.NONE : copy.record;
  }

  private boolean isDue(@Nullable Copy copy) {
    return copy == null || clock.nanoTime() - copy.askedAt >= FRESH.toNanos();
  }

  /** Asks the store beside, with a permit that is given back then. */
  private CountDownLatch ask(Origin origin, Semaphore permit) {
    CountDownLatch done = new CountDownLatch(1);
    recalling.put(origin.address(), done);
    Thread.ofVirtual()
        .name("guard-recall")
        .start(() -> {
          try {
            recall(origin);
          } finally {
            permit.release();
            recalling.remove(origin.address(), done);
            done.countDown();
          }
        });
    return done;
  }

  /**
   * Waits until the store has said what it knows, if it is being asked just now, or was not asked
   * at the door because of too many others.
   */
  void awaitRecall(Origin origin, Duration limit) {
    if (recalling.containsKey(origin.address()) || isDue(copies.getIfPresent(origin.address()))) {
      PeerRecord _ = look(origin, limit);
    }
  }

  /** What is known everywhere, as far as the store says so within a limit. */
  PeerRecord look(Origin origin, Duration limit) {
    long began = clock.nanoTime();
    long until = began + limit.toNanos();
    try {
      CountDownLatch done = recalling.get(origin.address());
      if (done == null && looks.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        done = askOrJoin(origin, began);
      }
      if (done != null) {
        boolean _ = done.await(until - clock.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Copy copy = copies.getIfPresent(origin.address());
    return copy == null ? PeerRecord.NONE : copy.record;
  }

  /** With a permit to look, which is not needed if another has asked or asks meanwhile. */
  private @Nullable CountDownLatch askOrJoin(Origin origin, long began) {
    CountDownLatch others = recalling.get(origin.address());
    Copy copy = copies.getIfPresent(origin.address());
    if (others == null && (copy == null || copy.askedAt - began <= 0)) {
      return ask(origin, looks);
    }
    looks.release();
    return others;
  }

  /** The same, unless the store was asked since a time of the clock's nanoseconds. */
  PeerRecord lookSince(long nanos, Origin origin, Duration limit) {
    Copy copy = copies.getIfPresent(origin.address());
    return copy != null && copy.askedAt - nanos >= 0 ? copy.record : look(origin, limit);
  }

  private void recall(Origin origin) {
    try {
      long now = clock.nanoTime();
      PeerRecord stored = stored(origin);
      copies
          .asMap()
          .compute(
              origin.address(),
              (_, copy) -> new Copy(copy == null ? stored : copy.record.with(stored), now));
    } catch (StoreException e) {
      // What is in memory has to do.
    }
  }

  private PeerRecord stored(Origin origin) {
    return PeerRecord.decode(hints.get(TABLE, origin.key())).soundAt(clock.millis());
  }

  /** Changes what is known; tells the others if it matters to them. Returns what it is now. */
  PeerRecord change(Origin origin, UnaryOperator<PeerRecord> change) {
    long nanos = clock.nanoTime();
    boolean[] isNews = new boolean[1];
    Copy changed =
        copies
            .asMap()
            .compute(
                origin.address(),
                (_, copy) -> {
                  PeerRecord before = copy == null ? PeerRecord.NONE : copy.record;
                  PeerRecord after = change.apply(before);
                  isNews[0] = after.isNewsAfter(before, clock.millis());
                  return new Copy(after, copy == null ? nanos - FRESH.toNanos() : copy.askedAt);
                });
    if (isNews[0]) {
      tell(origin, changed.record);
    }
    return changed.record;
  }

  /** As {@link #forget(Origin)}, without a copy in memory. */
  static void forget(Hints hints, Clock clock, Origin origin) {
    PeerRecord nothing = PeerRecord.forgotten(clock.millis());
    hints.put(TABLE, origin.key(), nothing.encode(), nothing.lifeAt(clock.millis()));
  }

  /** Forgets all about an address, on all nodes. */
  void forget(Origin origin) {
    PeerRecord nothing = PeerRecord.forgotten(clock.millis());
    copies.put(origin.address(), new Copy(nothing, clock.nanoTime()));
    news.add(new News(origin, nothing));
  }

  private void tell(Origin origin, PeerRecord record) {
    if (record.isTrustedAt(clock.millis())
        || (news.waiting() < MOST_BEFORE_REMARKS && remarks.spend())) {
      news.add(new News(origin, record));
    } else {
      news.drop();
    }
  }

  /** How many addresses are in memory. */
  long size() {
    return copies.estimatedSize();
  }

  /** Records the store is never told of, because it was too slow for all of them. */
  long lost() {
    return news.lost();
  }

  /** Writes what is new, until the thread is interrupted. */
  @Override
  public void run() {
    news.run();
  }

  private void write(News its) {
    // What was earned or done elsewhere does not end because nobody recalled it here.
    PeerRecord stored = stored(its.origin);
    PeerRecord record = its.record.with(stored);
    copies
        .asMap()
        .computeIfPresent(
            its.origin.address(), (_, copy) -> new Copy(copy.record.with(stored), copy.askedAt));
    hints.put(TABLE, its.origin.key(), record.encode(), record.lifeAt(clock.millis()));
  }
}
