package org.everpost.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The one thread that writes. It takes what has gathered while the last group was written, checks
 * the expected versions, writes all of it as one batch with one sync, and then tells everybody: a
 * hundred commits at once cost one sync. Works are done in the order they were submitted.
 *
 * <p>Those who put chunks and hints do not wait. So a chunk is held until a sync has covered it,
 * and after a failed write all chunks held are written again before anything else: a commit that
 * succeeds can rely on every chunk submitted before it.
 *
 * <p>After a failed write it is unknown what is on the disk and the system's caches cannot be
 * trusted. Everybody gets {@link StoreUnavailableException} until the database has been opened
 * again.
 */
final class Committer {

  private static final int MAX_GROUP_WORKS = 2_000;
  private static final int MAX_GROUP_OCTETS = 4 << 20;

  /** Chunks nobody commits are synced when they have come to this. */
  private static final int MAX_UNSYNCED_OCTETS = 4 << 20;

  /** What may wait in the queue without a waiting caller, in units of 1 KiB. */
  private static final int BUDGET = 8 << 10;

  private static final long RECOVERY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Without room for a log and for writing what is in memory to files it would soon fail again. */
  private static final long RECOVERY_OCTETS = 24 << 20;

  private static final int GOING = 0;
  private static final int CLOSING = 1;
  private static final int ENDED = 2;

  private final Database database;
  private final StoreWatcher watcher;
  private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
  private final Semaphore budget = new Semaphore(BUDGET, true);
  private final Thread thread = new Thread(this::run, "store-committer");
  private final Group group;

  private volatile boolean idle;
  private volatile int phase = GOING;

  /** Why writing does not work now; null while it does. */
  private volatile @Nullable Throwable broken;

  /** Chunks no sync has covered yet. Committer thread only, like all below. */
  private final List<Work.PutChunk> unsynced = new ArrayList<>();

  private int unsyncedOctets;

  Committer(
      Database database,
      Underway<Work.PutChunk> chunks,
      Underway<Work.PutHint> hints,
      InstantSource clock,
      StoreWatcher watcher) {
    this.database = database;
    this.watcher = watcher;
    this.group = new Group(database, chunks, hints, clock);
  }

  void start() {
    thread.start();
  }

  /**
   * @throws StoreUnavailableException if it takes no works now
   */
  void requireAccepting() {
    if (phase != GOING) {
      throw new StoreUnavailableException("the store is closed");
    }
    Throwable cause = broken;
    if (cause != null) {
      throw new StoreUnavailableException("the store cannot write", cause);
    }
  }

  /** Hands over a work whose caller waits for its answer, which comes whatever happens. */
  void submit(Work work) {
    requireAccepting();
    enqueue(work);
  }

  /** Hands over a work nobody waits for, as soon as there is room in the queue. */
  void submitUnattended(Work work) {
    requireAccepting();
    budget.acquireUninterruptibly(cost(work));
    try {
      requireAccepting();
      enqueue(work);
    } catch (StoreUnavailableException e) {
      budget.release(cost(work));
      throw e;
    }
  }

  private static int cost(Work work) {
    return Math.min(BUDGET, 1 + (work.octets() >> 10));
  }

  private void enqueue(Work work) {
    queue.add(work);
    if (idle) {
      LockSupport.unpark(thread);
    }
    if (phase == ENDED && queue.remove(work)) {
      throw new StoreUnavailableException("the store is closed");
    }
  }

  /** Does what was submitted, closes the database and waits for both. */
  void close() {
    if (phase == GOING) {
      phase = CLOSING;
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        takeGroup();
        write();
        if (broken != null) {
          retreat();
        }
        while (broken != null && phase == GOING) {
          LockSupport.parkNanos(RECOVERY_PAUSE_NANOS);
          refuseQueued();
          recover();
        }
      }
    } finally {
      // Also when an Error ends the thread: nobody may wait for ever.
      phase = ENDED;
      refuse();
      refuseQueued();
      group.close();
      database.close();
    }
  }

  /** Whether there is something to do; if not, it is time to end. */
  private boolean awaitWork() {
    while (queue.isEmpty()) {
      if (phase != GOING) {
        return false;
      }
      idle = true;
      if (queue.isEmpty() && phase == GOING) {
        LockSupport.park(this);
      }
      idle = false;
    }
    return broken == null;
  }

  private void takeGroup() {
    int octets = 0;
    for (int works = 0; works < MAX_GROUP_WORKS && octets < MAX_GROUP_OCTETS; works++) {
      Work work = queue.poll();
      if (work == null) {
        break;
      }
      octets += work.octets();
      group.take(work);
    }
  }

  private void write() {
    try {
      group.fill();
      boolean sync = group.needsSync() || unsyncedOctets + group.octets() > MAX_UNSYNCED_OCTETS;
      if (group.octets() > 0) {
        database.write(group.batch(), sync);
      }
      if (sync) {
        unsynced.clear();
        unsyncedOctets = 0;
      } else {
        hold();
      }
      group.succeed();
    } catch (RocksDBException | RuntimeException e) {
      hold();
      broken = e;
      group.fail(new StoreUnavailableException("the store cannot write", e));
      watcher.unavailable(e);
    } catch (Error e) {
      group.fail(
          new StoreUnavailableException("the store cannot write", e)); // nobody waits for ever
      throw e;
    } finally {
      release(group.works());
      group.reset();
    }
  }

  private void hold() {
    for (Work work : group.works()) {
      if (work instanceof Work.PutChunk chunk) {
        unsynced.add(chunk);
        unsyncedOctets += chunk.octets();
      }
    }
  }

  private void release(List<Work> works) {
    int units = 0;
    for (Work work : works) {
      units += unattended(work) ? cost(work) : 0;
    }
    budget.release(units);
  }

  private static boolean unattended(Work work) {
    return switch (work) {
      case Work.PutChunk chunk -> true;
      case Work.PutHint hint -> true;
      case Work.PurgeHints hints -> true;
      case Work.Commit commit -> false;
      case Work.DeleteBlob blob -> false;
    };
  }

  /** Answers everything that came in while writing did not work; keeps the chunks. */
  private void refuseQueued() {
    while (!queue.isEmpty()) {
      takeGroup();
      refuse();
    }
  }

  private void refuse() {
    hold();
    group.fail(new StoreUnavailableException("the store cannot write", broken));
    release(group.works());
    group.reset();
  }

  /** Nothing can be written, but everything can be read. */
  private void retreat() {
    try {
      database.readOnly();
    } catch (RocksDBException | RuntimeException e) {
      broken = e;
    }
  }

  private void recover() {
    try {
      if (Files.getFileStore(database.directory()).getUsableSpace() < RECOVERY_OCTETS) {
        return;
      }
      database.reopen();
      List<Work.PutChunk> again = List.copyOf(unsynced);
      again.forEach(group::take);
      group.fill();
      database.write(group.batch(), true);
      group.succeed();
      unsynced.clear();
      unsyncedOctets = 0;
      broken = null;
      watcher.recovered();
    } catch (RocksDBException | IOException | RuntimeException e) {
      broken = e;
      retreat();
    } finally {
      group.reset();
    }
  }
}
