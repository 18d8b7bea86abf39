package org.everpost.core.mailbox;

/** The outcome of EXPUNGE. */
public sealed interface ExpungeResult {

  record Expunged(UidSet uids, long modSeq) implements ExpungeResult {}

  record NoSuchMailbox() implements ExpungeResult {}
}
