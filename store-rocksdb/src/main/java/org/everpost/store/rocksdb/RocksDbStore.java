package org.everpost.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The embedded engine. Safe for any number of threads. */
public final class RocksDbStore implements Store {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  private final Database database;
  private final ReadLane lane;
  private final Committer committer;
  private final RocksDbLedger ledger;
  private final RocksDbBlobs blobs;
  private final RocksDbHints hints;

  private RocksDbStore(
      Database database,
      RocksDbOptions options,
      InstantSource clock,
      RandomGenerator random,
      StoreWatcher watcher) {
    this.database = database;
    Underway<Work.PutChunk> chunksUnderway = new Underway<>();
    Underway<Work.PutHint> hintsUnderway = new Underway<>();
    this.lane = new ReadLane(options.readThreads(), carriers(), System::nanoTime);
    this.committer = new Committer(database, chunksUnderway, hintsUnderway, clock, watcher);
    this.ledger = new RocksDbLedger(database, committer, lane);
    this.blobs =
        new RocksDbBlobs(
            database,
            committer,
            lane,
            chunksUnderway,
            new BlobIds(clock, random),
            options.reservedOctets());
    this.hints = new RocksDbHints(database, committer, lane, hintsUnderway, clock);
  }

  private static int carriers() {
    return Integer.getInteger(CARRIERS, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens the store of a directory, which is made if it is not there.
   *
   * @param clock stamps blob ids and ends hints
   * @param random makes blob ids; used by one thread at a time
   * @throws StoreUnavailableException if another process has it open, it is damaged, or the disk is
   *     full
   */
  public static RocksDbStore open(
      Path directory,
      RocksDbOptions options,
      InstantSource clock,
      RandomGenerator random,
      StoreWatcher watcher) {
    try {
      Path data = Files.createDirectories(directory).resolve("rocksdb");
      NativeLibrary.load(directory.resolve("native"));
      Database database = Database.open(data, options);
      RocksDbStore store = new RocksDbStore(database, options, clock, random, watcher);
      store.committer.start();
      return store;
    } catch (RocksDBException | IOException e) {
      throw new StoreUnavailableException("cannot open the store in " + directory, e);
    }
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public Hints hints() {
    return hints;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void close() {
    committer.close();
    lane.close();
  }

  /** Writes everything to files. For tests that want to meet it there. */
  void flushForTest() throws RocksDBException {
    blobs.awaitWritten();
    database.read(open -> {
      try (var flush = new FlushOptions()) {
        open.db().flush(flush, List.of(open.meta(), open.ledger(), open.blobs(), open.hints()));
      }
      return true;
    });
  }

  /** For measuring. */
  Rows rows() {
    return new Rows(database, lane);
  }

  /** How many hints there are, alive or over. For tests. */
  int storedHints() throws RocksDBException {
    return database.read(open -> {
      int count = 0;
      try (RocksIterator iterator = open.db().newIterator(open.hints())) {
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          count++;
        }
      }
      return count;
    });
  }
}
