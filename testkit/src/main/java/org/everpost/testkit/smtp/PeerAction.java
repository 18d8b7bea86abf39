package org.everpost.testkit.smtp;

import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/** What a {@link ScriptedPeer} does when it is its turn. */
public sealed interface PeerAction {

  /** Sends text, given as ISO 8859-1, as it is. */
  record Say(String text) implements PeerAction {}

  /** Sends text, and closes. */
  record SayAndHangUp(String text) implements PeerAction {}

  /** Sends text octet by octet. */
  record Drip(String text, Duration pause) implements PeerAction {
    public Drip {
      Objects.requireNonNull(pause, "pause");
    }
  }

  /** Sends text over and over, until the connection is gone. */
  record Endless(String text) implements PeerAction {}

  /** Says nothing and waits for the other side to close. */
  record Silence() implements PeerAction {}

  /** Neither reads nor says anything until the test is over. */
  record Deaf() implements PeerAction {}

  /** Closes; a message under way is not read to its end. */
  record HangUp() implements PeerAction {}

  /** Sends text and begins TLS. */
  record StartTls(String text, SSLContext context) implements PeerAction {
    public StartTls {
      Objects.requireNonNull(context, "context");
    }
  }

  /** One line or several, of which each gets its CRLF. */
  static PeerAction say(String... lines) {
    return new Say(String.join("\r\n", lines) + "\r\n");
  }

  static PeerAction sayAndHangUp(String line) {
    return new SayAndHangUp(line + "\r\n");
  }

  static PeerAction hangUp() {
    return new HangUp();
  }

  static PeerAction deaf() {
    return new Deaf();
  }

  static PeerAction silence() {
    return new Silence();
  }
}
