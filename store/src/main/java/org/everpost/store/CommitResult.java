package org.everpost.store;

/** The outcome of a commit. */
public sealed interface CommitResult {

  /** The version this commit made, be it now or when its id was first applied. */
  record Committed(long version) implements CommitResult {}

  /** Somebody else committed first: this call changed nothing. Read again, decide again. */
  record Conflict(long actualVersion) implements CommitResult {

    /**
     * Whether it says of earlier calls with the same commit id, too, that they changed nothing. It
     * does not once the partition is so far on that the id may be forgotten: then what became of
     * those calls stays unknown.
     */
    public boolean coversEarlierCalls(long expectedVersion) {
      return actualVersion - expectedVersion <= Ledger.REMEMBERED_COMMITS;
    }
  }
}
