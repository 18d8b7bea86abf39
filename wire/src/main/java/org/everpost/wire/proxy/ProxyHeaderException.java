package org.everpost.wire.proxy;

/** A header that is none, or one that is not understood; the message says why. */
public final class ProxyHeaderException extends Exception {

  private static final long serialVersionUID = 1;

  ProxyHeaderException(String message) {
    super(message);
  }
}
