package org.everpost.server.smtp;

import java.io.IOException;

/**
 * Between two pieces of a message the client gave it up: RSET, QUIT, a new EHLO. That command has
 * been answered already.
 */
final class TransactionAbandonedException extends IOException {

  private static final long serialVersionUID = 1;

  TransactionAbandonedException() {
    super("transaction abandoned");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
