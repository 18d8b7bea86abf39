package org.everpost.store;

import java.util.List;
import java.util.function.Consumer;

/**
 * Versioned partitions: each a sorted map of rows (key to value, ordered by unsigned bytes) with
 * one version number. {@link #commit} is the only way to change one.
 *
 * <p>All verbs block and are safe for any number of threads. Arrays given to a verb are the
 * engine's until it returns and the caller's again from then on; arrays it returns belong to the
 * caller. Exceeding a limit of this interface (also by an empty or too long key in a read) is an
 * IllegalArgumentException, before anything else happens. A caller interrupted while it waits still
 * gets its answer, or StoreUnavailableException, and keeps its interrupt flag.
 */
public interface Ledger {

  /** The most mutations one commit may carry. Larger changes go in several commits. */
  int MAX_MUTATIONS = 4_000;

  /** The most octets (keys and values together) one commit may carry. */
  int MAX_COMMIT_OCTETS = 4 << 20;

  /** The longest key, in octets. The empty key is not a key. */
  int MAX_KEY_OCTETS = 512;

  /** The largest value, in octets. */
  int MAX_VALUE_OCTETS = 1 << 20;

  /**
   * How many later commits to the same partition a commit id is remembered for at least, so that
   * repeating a commit is recognised.
   */
  int REMEMBERED_COMMITS = 32;

  /**
   * Looks at a partition. The version is read before this returns; rows are read when asked for and
   * may be newer than that version, never older. A partition never written has version 0 and no
   * rows. Whoever decides something from what it read commits against {@link
   * PartitionView#version}: if that commit succeeds, everything read through the view was of
   * exactly that version.
   *
   * @throws StoreUnavailableException if no quorum answers in time
   */
  PartitionView read(Partition partition);

  /**
   * Applies all mutations in their order, or none, if the partition is still at {@code
   * expectedVersion}; its version is then {@code expectedVersion + 1}. Durable, on a quorum where
   * the engine has several machines, before this returns; no reader sees anything of it before all
   * of it is there. A commit without mutations is a commit too: it raises the version. A partition
   * never vanishes: with its rows deleted it keeps its version.
   *
   * <p>Idempotent by {@code commitId}: repeating the same call after it was applied answers {@code
   * Committed} with the version it made, as long as fewer than {@link #REMEMBERED_COMMITS} others
   * were applied to this partition after it. Repeated later than that it meets a {@code Conflict},
   * which then does not say what became of the first call: see {@link
   * CommitResult.Conflict#coversEarlierCalls}. An id names one call: using it for another (after a
   * conflict, say) is a programmer's error. An outcome the engine could not learn at once is
   * cleared up inside by that id; where the id is forgotten meanwhile, the outcome stays unknown.
   *
   * @throws StoreUnavailableException if the outcome stays unknown or no quorum answers; the caller
   *     may repeat the same call with the same commit id
   * @throws IllegalArgumentException if a limit of this interface is exceeded: nothing was changed
   */
  CommitResult commit(
      Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations);

  /**
   * Calls {@code visitor} with every partition of a kind that had a commit when the call began,
   * each once, in no particular order; with those made meanwhile, perhaps. The visitor may use the
   * store; what it throws ends the call. For scrubs: slow on purpose.
   */
  void partitions(PartitionKind kind, Consumer<Partition> visitor);
}
