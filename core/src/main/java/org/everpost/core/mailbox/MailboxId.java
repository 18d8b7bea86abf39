package org.everpost.core.mailbox;

/**
 * The number of a mailbox within its account, never used twice; the MAILBOXID of RFC 8474 §4.
 *
 * @param value 1 or more
 */
public record MailboxId(int value) implements Comparable<MailboxId> {
  public MailboxId {
    if (value < 1) {
      throw new IllegalArgumentException("mailbox id " + value);
    }
  }

  @Override
  public int compareTo(MailboxId other) {
    return Integer.compare(value, other.value);
  }

  /** The form shown to clients (RFC 8474 §7: letters, digits, - and _). */
  @Override
  public String toString() {
    return "M" + value;
  }
}
