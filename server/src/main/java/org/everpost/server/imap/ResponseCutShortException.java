package org.everpost.server.imap;

import java.io.IOException;

/** A response broke off in the middle, for a reason that was reported where it happened. */
final class ResponseCutShortException extends IOException {
  private static final long serialVersionUID = 1;

  ResponseCutShortException() {
    super("response cut short");
  }
}
