package org.everpost.server.imap;

import java.time.Duration;
import java.util.Objects;

/**
 * What bounds IMAP sessions.
 *
 * @param messageSize the largest message APPEND takes, in octets
 * @param login how long a peer has for logging in, all attempts together
 * @param autologout how long a session may be silent (RFC 9051 §5.4: 30 minutes at least)
 * @param literal how long one wait for octets of a command under way may take
 * @param badCommands so many {@code BAD} replies in a row end a session
 * @param allBadCommands so many {@code BAD} replies in all end a session
 * @param failedLogins so many failed logins end a session
 */
public record ImapSettings(
    long messageSize,
    Duration login,
    Duration autologout,
    Duration literal,
    int badCommands,
    int allBadCommands,
    int failedLogins) {

  public ImapSettings {
    Objects.requireNonNull(login, "login");
    Objects.requireNonNull(autologout, "autologout");
    Objects.requireNonNull(literal, "literal");
    if (messageSize < 1 || badCommands < 1 || allBadCommands < 1 || failedLogins < 1) {
      throw new IllegalArgumentException("at least one");
    }
  }

  /** What is used where nothing else is said. */
  public static ImapSettings of(long messageSize) {
    return new ImapSettings(
        messageSize,
        Duration.ofSeconds(60),
        Duration.ofMinutes(30),
        Duration.ofMinutes(2),
        5,
        1_000,
        5);
  }
}
