package org.everpost.server.net;

/** The peer took too long. The session may say goodbye, then ends. */
public final class IdleTimeoutException extends ConnectionException {

  private static final long serialVersionUID = 1;

  IdleTimeoutException() {
    super("timeout", null);
  }
}
