package org.everpost.server.net;

import org.jspecify.annotations.Nullable;

/** The connection is gone; there is nobody to reply to. */
public final class ConnectionClosedException extends ConnectionException {

  private static final long serialVersionUID = 1;

  public ConnectionClosedException(String reason) {
    super(reason, null);
  }

  ConnectionClosedException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
