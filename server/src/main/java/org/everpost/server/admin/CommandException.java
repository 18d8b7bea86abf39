package org.everpost.server.admin;

/** A command cannot be done; the message says why, to the operator. */
public final class CommandException extends Exception {

  private static final long serialVersionUID = 1;

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
