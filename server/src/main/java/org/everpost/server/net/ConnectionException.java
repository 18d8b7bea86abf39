package org.everpost.server.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reading or writing went no further; the kind says what the session may still do. */
public abstract sealed class ConnectionException extends IOException
    permits ConnectionClosedException,
        IdleTimeoutException,
        LineTooLongException,
        DisplacedException,
        LoginRevokedException,
        PipelinedPlaintextException,
        ShuttingDownException {

  private static final long serialVersionUID = 1;

  ConnectionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
