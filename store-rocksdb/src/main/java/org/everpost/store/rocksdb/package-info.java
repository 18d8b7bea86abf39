/**
 * <b>Purpose:</b> the storage contract on one machine, embedded: RocksDB.
 *
 * <p><b>Map:</b> {@link org.everpost.store.rocksdb.RocksDbStore} opens it. Writing: {@code
 * RocksDbLedger} and {@code RocksDbBlobs} make {@code Work}, the one {@code Committer} thread
 * writes it in groups through {@code Database}. Reading: {@code RocksDbView} and {@code
 * RocksDbBlobs} through {@code ReadLane}. {@code RocksDbLayout} is every key and value as stored.
 *
 * <p><b>Rules:</b> only the committer writes. Nothing is visible or acknowledged before it is
 * synced; an accepted chunk is kept in memory until a sync covered it. At least one carrier of
 * virtual threads is never inside RocksDB.
 *
 * <p><b>Threads:</b> one platform thread writes, a bounded pool of them reads; callers are virtual.
 *
 * <p><b>Failures:</b> when a write fails, every writer gets {@code StoreUnavailableException} until
 * the committer has opened the database again, which it tries twice a second; reading goes on
 * meanwhile.
 */
@NullMarked
package org.everpost.store.rocksdb;

import org.jspecify.annotations.NullMarked;
