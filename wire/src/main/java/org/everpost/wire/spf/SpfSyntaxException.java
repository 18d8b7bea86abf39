package org.everpost.wire.spf;

/**
 * A text is no SPF record. The message names the part that is wrong: visible ASCII, and not much of
 * it.
 */
public final class SpfSyntaxException extends Exception {

  private static final int SHOWN = 60;

  /** Hostile domains can cause many: has no stack trace. */
  private SpfSyntaxException(String message) {
    super(message, null, false, false);
  }

  static SpfSyntaxException of(String message) {
    return new SpfSyntaxException(message);
  }

  /**
   * @param part of the record; its characters have been looked at
   */
  static SpfSyntaxException in(String part, String problem) {
    String shown = part.length() > SHOWN ? part.substring(0, SHOWN) + "..." : part;
    return new SpfSyntaxException("its part " + shown + " " + problem);
  }
}
