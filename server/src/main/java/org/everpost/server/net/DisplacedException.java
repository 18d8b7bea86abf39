package org.everpost.server.net;

/** Others need the place of this connection more: it says goodbye, then ends. */
public final class DisplacedException extends ConnectionException {

  private static final long serialVersionUID = 1;

  DisplacedException() {
    super("displaced", null);
  }
}
