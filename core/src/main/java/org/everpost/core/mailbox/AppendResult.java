package org.everpost.core.mailbox;

/** The outcome of putting messages into a mailbox. */
public sealed interface AppendResult {

  /**
   * All are there.
   *
   * @param uids in the order of the messages
   */
  record Appended(long uidValidity, UidSet uids, long modSeq) implements AppendResult {}

  record NoSuchMailbox() implements AppendResult {}

  /** The account would hold more than its quota: none is there. */
  record OverQuota() implements AppendResult {}

  /** The mailbox would have more than {@link Flags#MAX_KEYWORDS} keywords. */
  record TooManyKeywords() implements AppendResult {}
}
