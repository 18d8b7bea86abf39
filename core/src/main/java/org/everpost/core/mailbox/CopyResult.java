package org.everpost.core.mailbox;

/** The outcome of COPY and MOVE. */
public sealed interface CopyResult {

  /**
   * Done; the sets correspond in ascending order (RFC 4315 §3). Both are empty if none of the
   * messages was there any more.
   */
  record Copied(long uidValidity, UidSet source, UidSet target, long modSeq)
      implements CopyResult {}

  record NoSuchMailbox() implements CopyResult {}

  record OverQuota() implements CopyResult {}

  record TooManyKeywords() implements CopyResult {}
}
