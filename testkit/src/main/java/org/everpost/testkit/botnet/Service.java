package org.everpost.testkit.botnet;

/** What a mail server offers to the network. */
public enum Service {
  SMTP,
  SUBMISSION,
  SUBMISSIONS,
  IMAP,
  IMAPS,
  POP3,
  POP3S;

  /** TLS from the first octet on. */
  boolean implicitTls() {
    return this == SUBMISSIONS || this == IMAPS || this == POP3S;
  }
}
