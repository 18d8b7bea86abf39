package org.everpost.core.mailbox;

/**
 * The number of a message's content within its account: copies share it, the EMAILID of RFC 8474
 * §5.1. Made of the account version that brought the message and its place in that commit.
 */
public record EmailId(long value) {

  /** How many new messages one commit can number. */
  static final int PER_COMMIT = 4096;

  static EmailId of(long version, int index) {
    if (index >= PER_COMMIT) {
      throw new IllegalArgumentException("message " + index + " of one commit");
    }
    return new EmailId(version * PER_COMMIT + index);
  }

  /** The form shown to clients (RFC 8474 §7). */
  @Override
  public String toString() {
    return "E" + Long.toString(value, 36);
  }
}
