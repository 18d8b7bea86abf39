package org.everpost.server.pop3;

import java.time.Duration;

/**
 * How long a POP3 session waits.
 *
 * @param command for a command of somebody who has not logged in
 * @param login for logging in altogether
 * @param idle for a command after that (RFC 1939 §3: at least 10 minutes)
 */
record Pop3Limits(Duration command, Duration login, Duration idle) {

  static final Pop3Limits DEFAULT =
      new Pop3Limits(Duration.ofMinutes(1), Duration.ofMinutes(3), Duration.ofMinutes(10));
}
