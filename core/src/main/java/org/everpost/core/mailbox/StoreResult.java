package org.everpost.core.mailbox;

/** The outcome of STORE. */
public sealed interface StoreResult {

  /**
   * Done, but for those changed since the given MODSEQ (RFC 7162 §3.1.3).
   *
   * @param modified those left alone
   * @param modSeq the version after the change
   */
  record Stored(UidSet modified, long modSeq) implements StoreResult {}

  record NoSuchMailbox() implements StoreResult {}

  record TooManyKeywords() implements StoreResult {}
}
