package org.everpost.server.data;

/** The program cannot begin its work; the message says why, to the operator. */
public final class StartException extends Exception {

  private static final long serialVersionUID = 1;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
