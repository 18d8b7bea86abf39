package org.everpost.server.guard;

import java.util.Locale;

/** The kinds of service that never take each other's room. */
public enum Gate {
  /** Mail from other servers. */
  MX,
  /** Mail from servers of ours: whoever reaches it is one, and good. */
  LMTP,
  SUBMISSION,
  IMAP,
  POP3;

  /** As it is written for people and scripts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
