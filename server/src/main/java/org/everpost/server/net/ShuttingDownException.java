package org.everpost.server.net;

/** The server stops and this session was waiting for a command: it says goodbye, then ends. */
public final class ShuttingDownException extends ConnectionException {

  private static final long serialVersionUID = 1;

  ShuttingDownException() {
    super("server shutting down", null);
  }
}
