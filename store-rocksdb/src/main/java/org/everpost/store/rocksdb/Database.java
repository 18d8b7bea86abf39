package org.everpost.store.rocksdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.StampedLock;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The opened RocksDB. Any thread reads through {@link #read}; only the committer writes, closes and
 * opens again. A reader holds the lock for one native operation, never across a caller's code, so
 * that a database is not closed under it.
 */
final class Database {

  /** More than this in the log makes the next start slow, so closing writes it to files. */
  private static final long QUICKLY_REPLAYED_OCTETS = 4 << 20;

  private final Path directory;
  private final Tuning tuning;
  private final WriteOptions unsynced = new WriteOptions();
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final ReadOptions everywhere = new ReadOptions();
  private final ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
  private final StampedLock lock = new StampedLock();

  /** Null while it is closed. Changed under the write lock by the committer. */
  private @Nullable Handle handle;

  /** The families of one opening. */
  record Handle(
      RocksDB db,
      ColumnFamilyHandle meta,
      ColumnFamilyHandle ledger,
      ColumnFamilyHandle blobs,
      ColumnFamilyHandle hints) {

    private void close() {
      for (ColumnFamilyHandle family : List.of(meta, ledger, blobs, hints)) {
        family.close();
      }
      db.close();
    }
  }

  /** One native operation. */
  @FunctionalInterface
  interface Reading<T extends @Nullable Object> {
    T from(Handle handle) throws RocksDBException;
  }

  private Database(Path directory, Tuning tuning, Handle handle) {
    this.directory = directory;
    this.tuning = tuning;
    this.handle = handle;
  }

  /**
   * @throws RocksDBException if it is damaged, of a newer layout, or another process has it
   */
  static Database open(Path directory, RocksDbOptions options) throws RocksDBException {
    Tuning tuning = new Tuning(options);
    try {
      return new Database(directory, tuning, openHandle(directory, tuning));
    } catch (RocksDBException e) {
      tuning.close();
      throw e;
    }
  }

  private static Handle openHandle(Path directory, Tuning tuning) throws RocksDBException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    Handle handle =
        handle(
            RocksDB.open(tuning.database(), directory.toString(), descriptors(tuning), families),
            families);
    return begun(handle, Database::checkLayout);
  }

  /** What has to be done before a database that was opened is used. */
  @FunctionalInterface
  interface Beginning {
    void with(Handle handle) throws RocksDBException;
  }

  /** Does it, or closes the database. */
  static Handle begun(Handle opened, Beginning beginning) throws RocksDBException {
    boolean done = false;
    try {
      beginning.with(opened);
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  private static Handle handle(RocksDB db, List<ColumnFamilyHandle> families) {
    return new Handle(db, families.get(0), families.get(1), families.get(2), families.get(3));
  }

  private static List<ColumnFamilyDescriptor> descriptors(Tuning tuning) {
    return List.of(
        new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.meta()),
        descriptor(RocksDbLayout.LEDGER, tuning.ledger()),
        descriptor(RocksDbLayout.BLOBS, tuning.blobs()),
        descriptor(RocksDbLayout.HINTS, tuning.hints()));
  }

  private static ColumnFamilyDescriptor descriptor(String name, ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), options);
  }

  private static void checkLayout(Handle handle) throws RocksDBException {
    byte[] layout = handle.db.get(handle.meta, RocksDbLayout.LAYOUT_KEY);
    if (layout == null) {
      handle.db.put(handle.meta, RocksDbLayout.LAYOUT_KEY, RocksDbLayout.LAYOUT);
    } else if (!Arrays.equals(layout, RocksDbLayout.LAYOUT)) {
      throw new RocksDBException("the data is of another release: layout " + layout[0]);
    }
  }

  /**
   * Reads wherever the data is; may wait for the disk.
   *
   * @throws StoreUnavailableException if it is closed, or cannot be opened just now
   */
  <T extends @Nullable Object> T read(Reading<T> reading) throws RocksDBException {
    long stamp = lock.readLock();
    try {
      Handle open = handle;
      if (open == null) {
        throw new StoreUnavailableException("the store is closed");
      }
      return reading.from(open);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Options for reading wherever the data is. */
  ReadOptions everywhere() {
    return everywhere;
  }

  /** Options for reading only what is in memory; what is not fails as {@code Incomplete}. */
  ReadOptions inMemory() {
    return inMemory;
  }

  /** For the committer, which alone closes and so needs no lock. */
  Handle handle() {
    Handle open = handle;
    if (open == null) {
      throw new StoreUnavailableException("the store is closed");
    }
    return open;
  }

  /**
   * Writes a batch. With {@code sync} it, and every one before it, is on the disk before it becomes
   * visible and before this returns: RocksDB appends to its log, syncs, and only then inserts.
   */
  void write(WriteBatch batch, boolean sync) throws RocksDBException {
    handle().db.write(sync ? synced : unsynced, batch);
  }

  /**
   * Closes what a failed write left behind and opens it for reading only. Compactions end, which on
   * a full disk fail and are begun again for ever; what they had written, perhaps all the room
   * there was, is deleted, which RocksDB leaves to a better day.
   */
  void readOnly() throws RocksDBException {
    exchange(() -> {
      List<ColumnFamilyHandle> families = new ArrayList<>();
      RocksDB db =
          RocksDB.openReadOnly(
              tuning.database(), directory.toString(), descriptors(tuning), families);
      return begun(
          handle(db, families),
          opened -> deleteLeftovers(Set.copyOf(opened.db.getLiveFiles(false).files)));
    });
  }

  /** Closes what a failed write left behind and starts from what is on the disk. */
  void reopen() throws RocksDBException {
    exchange(() -> openHandle(directory, tuning));
  }

  /** Opens. */
  @FunctionalInterface
  private interface Opening {
    Handle open() throws RocksDBException;
  }

  private void exchange(Opening opening) throws RocksDBException {
    long stamp = lock.writeLock();
    try {
      if (handle != null) {
        handle.close();
        handle = null;
      }
      handle = opening.open();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Deletes tables and blob files that belong to nothing.
   *
   * @param live those that belong to the database, as RocksDB writes them: with a slash before
   */
  private void deleteLeftovers(Set<String> live) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{sst,blob}")) {
      for (Path file : files) {
        if (!live.contains("/" + file.getFileName())) {
          Files.delete(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They are looked for again the next time.
    }
  }

  /** Closes for ever. */
  void close() {
    long stamp = lock.writeLock();
    try {
      if (handle != null) {
        flush(handle);
        handle.close();
        handle = null;
      }
    } finally {
      lock.unlockWrite(stamp);
    }
    for (var options : List.of(unsynced, synced, everywhere, inMemory)) {
      options.close();
    }
    tuning.close();
  }

  private static void flush(Handle open) {
    try (FlushOptions options = new FlushOptions()) {
      if (open.db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables")
          > QUICKLY_REPLAYED_OCTETS) {
        open.db.flush(options, List.of(open.meta, open.ledger, open.blobs, open.hints));
      }
    } catch (RocksDBException e) {
      // The log has everything: the next start replays it.
    }
  }

  Path directory() {
    return directory;
  }
}
