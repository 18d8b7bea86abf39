package org.everpost.server.net;

import java.io.IOException;
import java.net.Socket;

/**
 * Lets a connection that waits for a command be told that the server stops.
 *
 * <p>The session says when it begins to wait, then looks whether it shall; the other side asks it
 * to end, then looks whether it waits. One of the two always sees the other.
 */
final class Drain {

  private final Socket socket;
  private volatile boolean requested;
  private volatile boolean waiting;

  Drain(Socket socket) {
    this.socket = socket;
  }

  boolean requested() {
    return requested;
  }

  /** Before waiting for a command. */
  void enter() throws ShuttingDownException {
    waiting = true;
    if (requested) {
      waiting = false;
      throw new ShuttingDownException();
    }
  }

  /** After it. */
  void leave() {
    waiting = false;
  }

  /** Asks the session to end at its next command, and wakes it if it waits for one. */
  void request() {
    requested = true;
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
