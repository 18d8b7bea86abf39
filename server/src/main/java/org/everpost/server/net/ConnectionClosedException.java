package org.everpost.server.net;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.everpost.core.event.Reason;
import org.jspecify.annotations.Nullable;

/** The connection is gone; there is nobody to reply to. */
public final class ConnectionClosedException extends ConnectionException {

  private static final long serialVersionUID = 1;

  public ConnectionClosedException(String reason) {
    super(reason, null);
  }

  /** What a socket says. */
  ConnectionClosedException(IOException cause) {
    super(
        cause instanceof ClosedChannelException ? "closed by this server" : Reason.of(cause),
        cause);
  }

  ConnectionClosedException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
