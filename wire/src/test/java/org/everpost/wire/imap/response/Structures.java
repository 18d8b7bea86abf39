package org.everpost.wire.imap.response;

import java.util.List;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimePart.Parameter;
import org.jspecify.annotations.Nullable;

/** Structures of messages for tests. */
public final class Structures {
  private Structures() {}

  /** The envelope in the example of RFC 9051 §8. */
  public static Envelope envelope() {
    List<EnvelopeAddress> gray =
        List.of(new EnvelopeAddress("Terry Gray", "gray", "cac.washington.edu"));
    return new Envelope(
        "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)",
        "IMAP4rev2 WG mtg summary and minutes",
        gray,
        gray,
        gray,
        List.of(new EnvelopeAddress(null, "imap", "cac.washington.edu")),
        List.of(
            new EnvelopeAddress(null, "minutes", "CNRI.Reston.VA.US"),
            new EnvelopeAddress("John Klensin", "KLENSIN", "MIT.EDU")),
        List.of(),
        null,
        "<B27397-0100000@cac.washington.ed>");
  }

  public static MimePart text(long headerOffset, long headerSize, long bodySize, long lines) {
    return part(
        headerOffset,
        headerSize,
        bodySize,
        lines,
        "text",
        "plain",
        List.of(new Parameter("charset", "us-ascii")),
        null,
        List.of());
  }

  public static MimePart part(
      long headerOffset,
      long headerSize,
      long bodySize,
      long lines,
      String type,
      String subtype,
      List<Parameter> parameters,
      @Nullable Envelope envelope,
      List<MimePart> parts) {
    return new MimePart(
        headerOffset,
        headerSize,
        headerOffset + headerSize,
        bodySize,
        lines,
        type,
        subtype,
        parameters,
        null,
        null,
        "7bit",
        null,
        null,
        List.of(),
        null,
        envelope,
        parts);
  }

  public static MimePart multipart(
      long headerOffset, long headerSize, long bodySize, String subtype, MimePart... parts) {
    return part(
        headerOffset,
        headerSize,
        bodySize,
        0,
        "multipart",
        subtype,
        List.of(new Parameter("boundary", "b-" + headerOffset)),
        null,
        List.of(parts));
  }

  /** A message part; the message it encloses bears {@link #envelope()}. */
  public static MimePart message(
      long headerOffset, long headerSize, long bodySize, MimePart enclosed) {
    MimePart root =
        part(
            enclosed.headerOffset(),
            enclosed.headerSize(),
            enclosed.bodySize(),
            enclosed.lines(),
            enclosed.type(),
            enclosed.subtype(),
            enclosed.parameters(),
            envelope(),
            enclosed.parts());
    return part(
        headerOffset, headerSize, bodySize, 7, "message", "rfc822", List.of(), null, List.of(root));
  }
}
