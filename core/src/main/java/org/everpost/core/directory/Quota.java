package org.everpost.core.directory;

/**
 * How much an account may hold.
 *
 * @param octets sum of message sizes; 0: no limit
 * @param messages number of messages; 0: no limit
 */
public record Quota(long octets, long messages) {

  public static final Quota UNLIMITED = new Quota(0, 0);

  public Quota {
    if (octets < 0 || messages < 0) {
      throw new IllegalArgumentException("a quota is not negative");
    }
  }

  /** Whether an account of this usage is within it. */
  public boolean allows(long usedOctets, long usedMessages) {
    return (octets == 0 || usedOctets <= octets) && (messages == 0 || usedMessages <= messages);
  }
}
