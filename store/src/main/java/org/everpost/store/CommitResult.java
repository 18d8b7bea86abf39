package org.everpost.store;

/** The outcome of a commit. */
public sealed interface CommitResult {

  /** The version this commit made, be it now or when its id was first applied. */
  record Committed(long version) implements CommitResult {}

  /** Somebody else committed first: nothing was changed. Read again, decide again. */
  record Conflict(long actualVersion) implements CommitResult {}
}
