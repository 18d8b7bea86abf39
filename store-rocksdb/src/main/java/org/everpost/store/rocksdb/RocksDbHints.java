package org.everpost.store.rocksdb;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.store.ContractLimits;
import org.everpost.store.Hints;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The hints. A put is handed to the committer and not waited for. Those that are over are purged in
 * step with the puts: every so many of them a stretch of the family is looked through, so that it
 * never grows far beyond what is alive. Safe for any number of threads.
 */
final class RocksDbHints implements Hints {

  private static final int PUTS_A_PURGE = 256;
  private static final int LOOKED_THROUGH = 1_024;

  private final Database database;
  private final Committer committer;
  private final ReadLane lane;
  private final Underway<Work.PutHint> underway;
  private final InstantSource clock;

  /** Puts for which no stretch was looked through yet. */
  private final AtomicInteger unpaid = new AtomicInteger();

  private final AtomicBoolean purging = new AtomicBoolean();
  private volatile byte[] purgeFrom = {};

  RocksDbHints(
      Database database,
      Committer committer,
      ReadLane lane,
      Underway<Work.PutHint> underway,
      InstantSource clock) {
    this.database = database;
    this.committer = committer;
    this.lane = lane;
    this.underway = underway;
    this.clock = clock;
  }

  @Override
  public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
    ContractLimits.checkHint(table, key, value, timeToLive);
    long end = clock.millis() + timeToLive.toMillis();
    submit(RocksDbLayout.hintKey(table, key), RocksDbLayout.hint(end, value));
    if (unpaid.incrementAndGet() >= PUTS_A_PURGE && purging.compareAndSet(false, true)) {
      lane.later(this::purge);
    }
  }

  @Override
  public void delete(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    submit(RocksDbLayout.hintKey(table, key), null);
  }

  private void submit(byte[] key, byte @Nullable [] stored) {
    Work.PutHint hint = new Work.PutHint(key, stored);
    underway.add(key, hint);
    try {
      committer.submitUnattended(hint);
    } catch (StoreUnavailableException e) {
      underway.remove(key, hint);
      throw e;
    }
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    byte[] hintKey = RocksDbLayout.hintKey(table, key);
    Work.PutHint coming = underway.find(hintKey);
    byte[] stored = coming != null ? coming.stored() : lane.read(() -> stored(hintKey));
    return stored == null || RocksDbLayout.hintEnd(stored) <= clock.millis()
        ? null
        : RocksDbLayout.hintValue(stored);
  }

  private byte @Nullable [] stored(byte[] key) {
    try {
      return database.read(open -> open.db().get(open.hints(), database.everywhere(), key));
    } catch (RocksDBException e) {
      throw Rows.unreadable(e);
    }
  }

  /** Looks through the next stretches; what is over in them the committer deletes. */
  private void purge() {
    try {
      while (unpaid.get() >= PUTS_A_PURGE) {
        unpaid.addAndGet(-PUTS_A_PURGE);
        List<byte[]> over = database.read(this::over);
        if (!over.isEmpty()) {
          committer.submitUnattended(new Work.PurgeHints(over));
        }
      }
    } catch (RocksDBException | StoreUnavailableException e) {
      // Closing or broken: later puts try again.
    } finally {
      purging.set(false);
    }
  }

  private List<byte[]> over(Database.Handle open) throws RocksDBException {
    List<byte[]> over = new ArrayList<>();
    long now = clock.millis();
    try (RocksIterator iterator = open.db().newIterator(open.hints(), database.everywhere())) {
      iterator.seek(purgeFrom);
      for (int i = 0; i < LOOKED_THROUGH && iterator.isValid(); i++) {
        if (RocksDbLayout.hintEnd(iterator.value()) <= now) {
          over.add(iterator.key());
        }
        iterator.next();
      }
      iterator.status();
      purgeFrom = iterator.isValid() ? iterator.key() : new byte[0];
    }
    return over;
  }
}
