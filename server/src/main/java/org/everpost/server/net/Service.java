package org.everpost.server.net;

import java.util.Locale;
import org.everpost.server.guard.Gate;

/** What can be listened for. The name in the configuration and the log is {@link #key}. */
public enum Service {
  SMTP(false, "421 4.7.0 Too many connections, try again later\r\n"),
  LMTP(false, "421 4.7.0 Too many connections, try again later\r\n"),
  SUBMISSION(false, "421 4.7.0 Too many connections, try again later\r\n"),
  SUBMISSIONS(true, ""),
  IMAP(false, "* BYE Too many connections, try again later\r\n"),
  IMAPS(true, ""),
  POP3(false, "-ERR [SYS/TEMP] Too many connections, try again later\r\n"),
  POP3S(true, "");

  private final boolean implicitTls;
  private final String tooMany;

  Service(boolean implicitTls, String tooMany) {
    this.implicitTls = implicitTls;
    this.tooMany = tooMany;
  }

  /** The name in lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whose room it has. */
  public Gate gate() {
    return switch (this) {
      case SMTP -> Gate.MX;
      case LMTP -> Gate.LMTP;
      case SUBMISSION, SUBMISSIONS -> Gate.SUBMISSION;
      case IMAP, IMAPS -> Gate.IMAP;
      case POP3, POP3S -> Gate.POP3;
    };
  }

  /** Whether TLS begins with the first octet (RFC 8314 §3). */
  public boolean implicitTls() {
    return implicitTls;
  }

  /** What a peer is told that has too many connections; empty if it is told nothing. */
  String tooMany() {
    return tooMany;
  }
}
