package org.everpost.server.relay.web;

import java.io.IOException;

/** A web server could be reached, but does not prove that it is who it should be. */
public final class UntrustedServerException extends IOException {

  private static final long serialVersionUID = 1;

  public UntrustedServerException(String message) {
    super(message);
  }
}
