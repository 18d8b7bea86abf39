package org.everpost.wire.imap.response;

import org.jspecify.annotations.Nullable;

/**
 * OK, NO, BAD, BYE or PREAUTH (RFC 9051 §7.1).
 *
 * @param tag null for an untagged one
 * @param text for people; never empty on the wire
 */
public record StatusResponse(
    @Nullable String tag, Kind kind, @Nullable ResponseCode code, String text) {

  /** Which one it is. */
  public enum Kind {
    OK,
    NO,
    BAD,
    BYE,
    PREAUTH
  }

  public static StatusResponse ok(@Nullable String tag, String text) {
    return new StatusResponse(tag, Kind.OK, null, text);
  }

  public static StatusResponse ok(@Nullable String tag, ResponseCode code, String text) {
    return new StatusResponse(tag, Kind.OK, code, text);
  }

  public static StatusResponse no(@Nullable String tag, String text) {
    return new StatusResponse(tag, Kind.NO, null, text);
  }

  public static StatusResponse no(@Nullable String tag, ResponseCode code, String text) {
    return new StatusResponse(tag, Kind.NO, code, text);
  }

  public static StatusResponse bad(@Nullable String tag, String text) {
    return new StatusResponse(tag, Kind.BAD, null, text);
  }

  public static StatusResponse bye(String text) {
    return new StatusResponse(null, Kind.BYE, null, text);
  }

  public void render(ResponseBuffer out) {
    if (tag == null) {
      out.octet('*');
    } else {
      out.ascii(tag);
    }
    out.space().ascii(kind.name()).space();
    if (code != null) {
      out.octet('[');
      code.render(out);
      out.ascii("] ");
    }
    out.humanText(text.isEmpty() ? "-" : text).crlf();
  }
}
