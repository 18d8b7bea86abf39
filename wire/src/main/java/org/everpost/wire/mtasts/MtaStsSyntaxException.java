package org.everpost.wire.mtasts;

/** A file is no policy. The message holds nothing that a stranger wrote. */
public final class MtaStsSyntaxException extends Exception {

  /** Hostile domains can cause many: has no stack trace. */
  MtaStsSyntaxException(String message) {
    super(message, null, false, false);
  }
}
