package org.everpost.server.net;

/** Who logged in by this connection may no longer: the session says goodbye, then ends. */
public final class LoginRevokedException extends ConnectionException {

  private static final long serialVersionUID = 1;

  LoginRevokedException() {
    super("login revoked", null);
  }
}
