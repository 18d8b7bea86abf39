package org.everpost.wire.dkim;

/** A signature or a key record that is not what it should be. */
public final class DkimSyntaxException extends Exception {

  /** Hostile messages can cause many: has no stack trace. */
  DkimSyntaxException(String message) {
    super(message, null, false, false);
  }
}
