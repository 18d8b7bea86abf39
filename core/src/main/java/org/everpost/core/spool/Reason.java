package org.everpost.core.spool;

import java.util.Objects;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

/**
 * Why a recipient has the message, has it not yet, or never will: for the log, the queue and the
 * notification.
 *
 * @param status RFC 3463
 * @param text the peer's reply, or in our words what is in the way
 * @param peer the name of the host that said so; null: we did
 */
public record Reason(EnhancedStatusCode status, String text, @Nullable String peer) {

  static final int MAX_TEXT = 1_000;

  public Reason {
    Objects.requireNonNull(status, "status");
    text = shortened(text, MAX_TEXT);
  }

  /** A text, or its beginning if it is longer than so many characters. */
  static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /** Something we say ourselves. */
  public static Reason ours(String status, String text) {
    return new Reason(EnhancedStatusCode.of(status), text, null);
  }

  @Override
  public String toString() {
    String said = text.contains(status.toString()) ? text : status + " " + text;
    return peer == null ? said : peer + ": " + said;
  }
}
