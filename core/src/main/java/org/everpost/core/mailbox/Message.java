package org.everpost.core.mailbox;

/**
 * One message in one mailbox, without its content.
 *
 * @param uid 1 to 2^31-1
 * @param flags bits of {@link Flags}
 * @param modSeq the account version that last changed it (RFC 7162 §3.1)
 * @param size RFC822.SIZE in octets
 * @param internalDate seconds since 1970
 * @param saveDate when it came into this mailbox, seconds since 1970 (RFC 8514)
 */
public record Message(
    int uid, long flags, long modSeq, EmailId email, long size, long internalDate, long saveDate) {

  Message withFlags(long newFlags, long newModSeq) {
    return new Message(uid, newFlags, newModSeq, email, size, internalDate, saveDate);
  }
}
