package org.everpost.server.data;

/** The program cannot begin its work; the message says why, to the operator. */
public sealed class StartException extends Exception permits DataInUseException {

  private static final long serialVersionUID = 1;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
