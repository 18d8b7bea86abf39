/**
 * <b>Purpose:</b> the distributed engine: the storage contract on Apache Cassandra 5.0.
 *
 * <p><b>Map:</b> start at {@link org.everpost.store.cassandra.CassandraStore}; {@code
 * CassandraLedger} holds the one idea (a commit is one conditional batch in one partition), {@code
 * NetEffect} makes ordered mutations fit for it, {@code CassandraBlobs} and {@code CassandraHints}
 * are plain tables, {@code Schema} makes the tables, {@code Requests} is the only way to the
 * driver.
 *
 * <p><b>Rules:</b> every statement is prepared and has a consistency level, a time limit and an
 * idempotence flag. No row of the ledger is written but by a conditional batch. Nothing here is
 * called from a driver thread.
 *
 * <p><b>Threads:</b> everything may be shared by any number of virtual threads; a request waits for
 * a place among those in flight.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreException}; what the driver throws never
 * leaves.
 */
@NullMarked
package org.everpost.store.cassandra;

import org.jspecify.annotations.NullMarked;
