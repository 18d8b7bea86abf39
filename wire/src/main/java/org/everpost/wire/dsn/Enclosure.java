package org.everpost.wire.dsn;

import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/** How much of the message a notification returns. */
public enum Enclosure {
  WHOLE,
  HEADER;

  /**
   * Decides (RFC 3461 §4.3).
   *
   * @param ret what the sender asked for; null if nothing
   * @param size of the message in octets
   * @param limit the most that is returned whole
   * @param body a binary message could not be sent to everyone who takes a notification
   */
  public static Enclosure choose(
      @Nullable Ret ret, Action worst, long size, long limit, Body body) {
    boolean whole =
        worst == Action.FAILED && ret != Ret.HDRS && size <= limit && body != Body.BINARY_MIME;
    return whole ? WHOLE : HEADER;
  }
}
