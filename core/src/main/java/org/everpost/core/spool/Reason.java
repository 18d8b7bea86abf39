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

  private static final int MAX_TEXT = 1_000;

  public Reason {
    Objects.requireNonNull(status, "status");
    text = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
  }

  /** Something we say ourselves. */
  public static Reason ours(String status, String text) {
    return new Reason(EnhancedStatusCode.of(status), text, null);
  }

  @Override
  public String toString() {
    return (peer == null ? "" : peer + ": ") + status + " " + text;
  }
}
