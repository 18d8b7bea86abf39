package org.everpost.store.rocksdb;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB's settings, made once and used by every opening. Meant for a small machine: one cache for
 * everything, little memory for what is not yet in files, few open files.
 */
final class Tuning implements AutoCloseable {

  private static final long MEBIBYTE = 1 << 20;

  /** Chunks this large go to blob files, which compactions do not copy again and again. */
  private static final long MIN_BLOB_FILE_OCTETS = 1024;

  private static final int RANGE_DELETIONS_IN_MEMORY = 100;

  private final List<AbstractNativeReference> made = new ArrayList<>();
  private final DBOptions database;
  private final ColumnFamilyOptions meta;
  private final ColumnFamilyOptions ledger;
  private final ColumnFamilyOptions blobs;
  private final ColumnFamilyOptions hints;

  Tuning(RocksDbOptions options) {
    Cache cache = made(new LRUCache(options.cacheOctets()));
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(8 * 1024)
            .setFilterPolicy(made(new BloomFilter(10)))
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    database = database(options, cache);
    meta = family(tables, 1, 2);
    ledger =
        family(tables, 16, 3)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
            .setMemtableMaxRangeDeletions(RANGE_DELETIONS_IN_MEMORY);
    blobs =
        family(tables, 16, 3)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setEnableBlobFiles(true)
            .setMinBlobSize(MIN_BLOB_FILE_OCTETS)
            .setBlobFileSize(64 * MEBIBYTE)
            .setBlobCompressionType(CompressionType.NO_COMPRESSION)
            .setEnableBlobGarbageCollection(true)
            .setBlobGarbageCollectionAgeCutoff(0.5)
            .setBlobGarbageCollectionForceThreshold(0.5);
    hints = family(tables, 4, 2).setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private DBOptions database(RocksDbOptions options, Cache cache) {
    return made(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setMaxOpenFiles(options.maxOpenFiles())
        .setMaxBackgroundJobs(2)
        .setWriteBufferManager(made(new WriteBufferManager(options.cacheOctets() / 2, cache)))
        .setMaxTotalWalSize(64 * MEBIBYTE)
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setAvoidFlushDuringRecovery(true)
        .setBytesPerSync(MEBIBYTE)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(4 * MEBIBYTE)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setSkipStatsUpdateOnDbOpen(true);
  }

  private ColumnFamilyOptions family(BlockBasedTableConfig tables, int megabytes, int buffers) {
    return made(new ColumnFamilyOptions())
        .setTableFormatConfig(tables)
        .setWriteBufferSize(megabytes * MEBIBYTE)
        .setMaxWriteBufferNumber(buffers)
        .setTargetFileSizeBase(16 * MEBIBYTE)
        .setMaxBytesForLevelBase(64 * MEBIBYTE)
        .setMinTombstonesForRangeConversion(0);
  }

  private <T extends AbstractNativeReference> T made(T reference) {
    made.add(reference);
    return reference;
  }

  DBOptions database() {
    return database;
  }

  ColumnFamilyOptions meta() {
    return meta;
  }

  ColumnFamilyOptions ledger() {
    return ledger;
  }

  ColumnFamilyOptions blobs() {
    return blobs;
  }

  ColumnFamilyOptions hints() {
    return hints;
  }

  @Override
  public void close() {
    made.reversed().forEach(AbstractNativeReference::close);
  }
}
