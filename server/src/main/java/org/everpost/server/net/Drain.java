package org.everpost.server.net;

import java.io.IOException;
import java.net.Socket;

/**
 * Lets a connection that waits for a command be told that it is over: the server stops, the login
 * no longer holds, or the place is needed for another.
 *
 * <p>The session says when it begins to wait, then looks whether it shall; the other side asks it
 * to end, then looks whether it waits. One of the two always sees the other.
 */
final class Drain {

  private final Socket socket;
  private volatile boolean requested;
  private volatile boolean revoked;
  private volatile boolean displaced;
  private volatile boolean waiting;

  Drain(Socket socket) {
    this.socket = socket;
  }

  /** Whether the server stops. */
  boolean requested() {
    return requested;
  }

  /** Before a command is read or done, which may have come already: a revoked login ends here. */
  void requireLogin() throws LoginRevokedException {
    if (revoked) {
      throw new LoginRevokedException();
    }
  }

  /** Before waiting for a command. */
  void enter() throws ConnectionException {
    waiting = true;
    if (isOver()) {
      waiting = false;
      throw dismissal();
    }
  }

  /** After it. */
  void leave() {
    waiting = false;
  }

  /** Why a wait ended for which the peer has given no reason. */
  ConnectionException dismissal(ConnectionException otherwise) {
    return isOver() ? dismissal() : otherwise;
  }

  private ConnectionException dismissal() {
    if (displaced) {
      return new DisplacedException();
    }
    return revoked ? new LoginRevokedException() : new ShuttingDownException();
  }

  /** Whether the session is to end for a reason that the peer has to be told. */
  boolean isOver() {
    return requested || revoked || displaced;
  }

  /** Asks the session to end at its next command, and wakes it if it waits for one. */
  void request() {
    requested = true;
    wake();
  }

  /** As {@link #request}, but commands that have come already are not read either. */
  void revoke() {
    revoked = true;
    wake();
  }

  /**
   * As {@link #request}, because the place is needed for another.
   *
   * @param owed whether the peer owes something: then the connection is cut where it cannot be told
   */
  void displace(boolean owed) {
    displaced = true;
    if (waiting) {
      wake();
    } else if (owed) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed in any case.
      }
    }
  }

  private void wake() {
    if (waiting) {
      try {
        // Ends the wait like an end of input; what is written from now on still arrives.
        socket.shutdownInput();
      } catch (IOException e) {
        // It is closed already: nothing waits.
      }
    }
  }
}
