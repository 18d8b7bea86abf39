package org.everpost.core.password;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What a login needs to know of the connection it comes by, and can do to it. */
public interface ConnectionInfo {

  /** The name of the connection in the log. */
  String id();

  /** Which of our services it reached: {@code imaps}, {@code submission} … */
  String service();

  /** The other end. */
  InetSocketAddress peer();

  /** Whether the other end is 127.0.0.1 or ::1 (the rest of 127.0.0.0/8 is not meant). */
  boolean isLoopback();

  /** Whether users have logged in from the other end lately. */
  boolean isFamiliar();

  /** Whether what is sent now is encrypted by TLS. */
  boolean isTls();

  /**
   * The channel binding of this TLS connection, or null without TLS or if this type cannot be had.
   *
   * @param type {@code tls-exporter} (RFC 9266) or {@code tls-server-end-point} (RFC 5929 §4)
   */
  byte @Nullable [] channelBinding(String type);

  /** Something else is waited for: nothing is done for it meanwhile. */
  void rests();

  /** Somebody logged in by it. */
  void loggedIn();

  /** Somebody failed to log in by it; the same wrong password again is not told. */
  void loginFailed();

  /** Whether it has not ended yet. */
  boolean isOpen();

  /** Lets the session end before its next command: who logged in by it may no longer. */
  void revokeLogin();

  /** Cuts it. */
  void close();
}
