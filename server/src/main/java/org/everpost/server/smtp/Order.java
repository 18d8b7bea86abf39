package org.everpost.server.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.everpost.server.guard.Misdeed;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpVerb;
import org.jspecify.annotations.Nullable;

/**
 * What mail servers never do and bots often: what strangers are sent away for. Belongs to one
 * session.
 */
final class Order {

  static final Reply SPOKE_FIRST = Reply.of(554, "5.5.1", "You spoke before you were greeted");

  private static final Reply OTHER_PROTOCOL = Reply.of(554, "5.5.1", "This is SMTP");
  private static final Reply DID_NOT_WAIT =
      Reply.of(554, "5.5.1", "You did not wait for a reply that you had to wait for");
  private static final Reply NOTHING_DONE =
      Reply.of(421, "4.7.0", "You did nothing here for too long");

  /** Methods of HTTP (RFC 9110 §9.3) that browsers and robots try. */
  private static final Set<String> HTTP =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE");

  /** The first octet of TLS (RFC 8446 §5.1, a handshake). */
  private static final byte TLS = 0x16;

  /** So many commands that bring no message nearer are borne. */
  private static final int MAX_IDLE_COMMANDS = 20;

  /** So many messages may be given up, as one has to that is asked to come again with each. */
  private static final int MAX_GIVEN_UP = 100;

  private int idleCommands;
  private int givenUp;

  /** Whether a recipient was named since the last RSET. */
  private boolean named;

  /** What was done, and what is said to it. */
  record Breach(Misdeed misdeed, Reply reply) {}

  /**
   * Looks at a command before it is done.
   *
   * @param more whether something came behind it already
   */
  @Nullable Breach breach(byte[] line, State state, boolean more) {
    String verb = verb(line);
    if (HTTP.contains(verb) || (line.length > 0 && line[0] == TLS)) {
      return new Breach(Misdeed.OTHER_PROTOCOL, OTHER_PROTOCOL);
    }
    if (more && mustWait(verb, state)) {
      return new Breach(Misdeed.BLIND_PIPELINING, DID_NOT_WAIT);
    }
    count(verb);
    return idleCommands > MAX_IDLE_COMMANDS || givenUp > MAX_GIVEN_UP
        ? new Breach(Misdeed.ERRORS, NOTHING_DONE)
        : null;
  }

  /** Whoever was asked to come again resets, and tries the next message on the same connection. */
  private void count(String verb) {
    if (verb.equals("RSET") && named) {
      named = false;
      givenUp++;
    } else if (isIdle(verb)) {
      idleCommands++;
    }
    named |= verb.equals("RCPT");
  }

  /** RFC 2920 §3.1: these end a group of commands, and without EHLO there are no groups. */
  private static boolean mustWait(String verb, State state) {
    return switch (verb) {
      case "EHLO", "HELO", "DATA" -> true;
      case "QUIT" -> false;
      default -> saidHelo(state);
    };
  }

  private static boolean saidHelo(State state) {
    return switch (state) {
      case State.Connected _ -> true;
      case State.Idle idle -> idle.hello().verb() == SmtpVerb.HELO;
      case State.Mailing mailing -> mailing.hello().verb() == SmtpVerb.HELO;
      case State.Chunking _, State.ChunksFailed _ -> false;
    };
  }

  private static boolean isIdle(String verb) {
    return !verb.equals("MAIL")
        && !verb.equals("RCPT")
        && !verb.equals("DATA")
        && !verb.equals("BDAT");
  }

  private static String verb(byte[] line) {
    int end = 0;
    while (end < line.length && line[end] != ' ' && end < 10) {
      end++;
    }
    return new String(line, 0, end, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }
}
