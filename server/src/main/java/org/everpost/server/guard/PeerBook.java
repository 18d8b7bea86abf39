package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;

/**
 * What is known of addresses: a copy in memory that answers at once, behind it the hints that all
 * nodes share. Nobody here ever waits for the store: what it knows is asked for beside, and what is
 * new is written beside, as far as there is room for it. Safe for any number of threads.
 */
final class PeerBook implements Runnable {

  private static final String TABLE = "guard-peers";
  private static final int MAX_COPIES = 200_000;
  private static final int MAX_UNWRITTEN = 20_000;
  private static final int MAX_RECALLS = 64;

  /** What bots do is written so often at most: else each of their addresses filled the store. */
  private static final int REMARKS_A_SECOND = 100;

  private static final Duration COPY_LIFE = Duration.ofHours(24);

  /** After so long the store is asked whether another node knows better. */
  private static final Duration FRESH = Duration.ofMinutes(5);

  /**
   * A record.
   *
   * @param askedAt when the store was last asked for it, by the clock's nanoseconds
   * @param begun whether it was begun here, without knowing what the store has
   */
  private record Copy(PeerRecord record, long askedAt, boolean begun) {

    Copy recalled(PeerRecord stored, long now) {
      PeerRecord known = begun ? record.with(stored) : record;
      return new Copy(known.changedAt() < stored.changedAt() ? stored : known, now, false);
    }
  }

  /** What is to be written. */
  private record News(Origin origin, Copy copy) {}

  private final Hints hints;
  private final Clock clock;
  private final Cache<Long, Copy> copies;
  private final ArrayBlockingQueue<News> unwritten = new ArrayBlockingQueue<>(MAX_UNWRITTEN);
  private final Semaphore recalls = new Semaphore(MAX_RECALLS);
  private final Map<Long, Thread> recalling = new ConcurrentHashMap<>();
  private final Pace remarks;
  private final LongAdder lost = new LongAdder();

  PeerBook(Hints hints, Clock clock) {
    this.hints = hints;
    this.clock = clock;
    this.remarks = new Pace(REMARKS_A_SECOND, clock);
    this.copies =
        Caffeine.newBuilder()
            .maximumSize(MAX_COPIES)
            .expireAfterAccess(COPY_LIFE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /** What is in memory; asks the store beside if that was long ago, or never. */
  PeerRecord find(Origin origin) {
    long now = clock.nanoTime();
    Copy copy = copies.getIfPresent(origin.address());
    if ((copy == null || now - copy.askedAt > FRESH.toNanos()) && recalls.tryAcquire()) {
      Thread thread = Thread.ofVirtual().name("guard-recall").unstarted(() -> recall(origin));
      recalling.put(origin.address(), thread);
      thread.start();
    }
    return copy == null ? PeerRecord.NONE : copy.record;
  }

  /** Waits until the store has said what it knows, if it is being asked just now. */
  void awaitRecall(Origin origin, Duration limit) {
    Thread thread = recalling.get(origin.address());
    if (thread != null) {
      try {
        boolean _ = thread.join(limit);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What is in memory, asking the store if there is nothing: for an operator, who can wait. */
  PeerRecord look(Origin origin) {
    recalls.acquireUninterruptibly();
    recall(origin);
    return find(origin);
  }

  private void recall(Origin origin) {
    try {
      PeerRecord stored = PeerRecord.decode(hints.get(TABLE, origin.key()));
      long now = clock.nanoTime();
      copies
          .asMap()
          .compute(
              origin.address(),
              (_, copy) ->
                  copy == null ? new Copy(stored, now, false) : copy.recalled(stored, now));
    } catch (StoreException e) {
      // What is in memory has to do.
    } finally {
      recalling.remove(origin.address(), Thread.currentThread());
      recalls.release();
    }
  }

  /** Changes what is known; tells the others if it matters to them. Returns what it is now. */
  PeerRecord change(Origin origin, UnaryOperator<PeerRecord> change) {
    long nanos = clock.nanoTime();
    boolean[] news = new boolean[1];
    Copy changed =
        copies
            .asMap()
            .compute(
                origin.address(),
                (_, copy) -> {
                  PeerRecord before = copy == null ? PeerRecord.NONE : copy.record;
                  PeerRecord after = change.apply(before);
                  news[0] = after.isNewsAfter(before, clock.millis());
                  return copy == null
                      ? new Copy(after, nanos - FRESH.toNanos(), true)
                      : new Copy(after, copy.askedAt, copy.begun);
                });
    if (news[0]) {
      tell(origin, changed);
    }
    return changed.record;
  }

  /** As {@link #forget(Origin)}, without a copy in memory. */
  static void forget(Hints hints, Clock clock, Origin origin) {
    hints.put(TABLE, origin.key(), nothing(clock).encode(), COPY_LIFE);
  }

  private static PeerRecord nothing(Clock clock) {
    return new PeerRecord(clock.millis(), 0, null, 0, 0, 0);
  }

  /** Forgets all about an address, on all nodes. */
  void forget(Origin origin) {
    Copy nothing = new Copy(nothing(clock), clock.nanoTime(), false);
    copies.put(origin.address(), nothing);
    // Behind what is to be written of it already.
    if (!unwritten.offer(new News(origin, nothing))) {
      lost.increment();
    }
  }

  private void tell(Origin origin, Copy copy) {
    boolean trusted = copy.record.isTrustedAt(clock.millis());
    if ((!trusted && !remarks.spend()) || !unwritten.offer(new News(origin, copy))) {
      lost.increment();
    }
  }

  /** How many addresses are in memory. */
  long size() {
    return copies.estimatedSize();
  }

  /** Records the store was not told of, because it was too slow for all of them. */
  long lost() {
    return lost.sum();
  }

  /** Writes what is new, until the thread is interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        write(unwritten.take());
      }
    } catch (InterruptedException e) {
      for (News news = unwritten.poll(); news != null && write(news); news = unwritten.poll()) {
        // The rest of it, as long as the store takes it.
      }
    }
  }

  private boolean write(News news) {
    try {
      byte[] key = news.origin.key();
      PeerRecord record = news.copy.record;
      if (news.copy.begun) {
        // What the store has was earned or done before: it does not end because nobody recalled it.
        PeerRecord stored = PeerRecord.decode(hints.get(TABLE, key));
        record = record.with(stored);
        copies
            .asMap()
            .computeIfPresent(
                news.origin.address(), (_, copy) -> copy.recalled(stored, copy.askedAt));
      }
      hints.put(TABLE, key, record.encode(), record.lifeAt(clock.millis()));
      return true;
    } catch (StoreException e) {
      lost.increment();
      return false;
    }
  }
}
