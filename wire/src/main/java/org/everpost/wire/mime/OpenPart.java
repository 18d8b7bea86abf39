package org.everpost.wire.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part whose end has not been seen yet. */
final class OpenPart {

  private static final byte[] NO_BOUNDARY = {};

  final long headerOffset;

  /** The type if its header names none. */
  final ContentType assumed;

  /** Whether it is the message itself or one that a message part encloses. */
  final boolean message;

  long bodyOffset;

  /** Lines of the whole message before its body. */
  long linesBefore;

  PartHeader header = PartHeader.OPAQUE;

  /** What divides it; empty if nothing does, or not any more. */
  byte[] boundary = NO_BOUNDARY;

  /** The envelope if it is a message. */
  @Nullable Envelope envelope;

  final List<MimePart> parts = new ArrayList<>(0);

  /** Where the last of its parts ended. */
  long lastPartEnd;

  OpenPart(long headerOffset, ContentType assumed, boolean message) {
    this.headerOffset = headerOffset;
    this.bodyOffset = headerOffset;
    this.assumed = assumed;
    this.message = message;
  }

  /** RFC 2046 §5.1.5: what its parts are if they do not say. */
  ContentType assumedOfParts() {
    return header.type().subtype().equals("digest") ? ContentType.MESSAGE : ContentType.TEXT;
  }

  /** Looks for delimiter lines from now on; false if its boundary is missing or too long. */
  boolean divide() {
    // RFC 2046 §5.1.1: white space at the end is none of the boundary
    byte[] wanted =
        header.type().parameter("boundary").stripTrailing().getBytes(StandardCharsets.UTF_8);
    if (wanted.length == 0 || wanted.length > MimeLimits.BOUNDARY_OCTETS) {
      return false;
    }
    boundary = wanted;
    return true;
  }

  void stopDividing() {
    boundary = NO_BOUNDARY;
  }

  boolean isDivided() {
    return boundary.length > 0;
  }

  MimePart close(long bodyEnd, long lines) {
    ContentType type = header.type();
    return new MimePart(
        headerOffset,
        bodyOffset - headerOffset,
        bodyOffset,
        bodyEnd - bodyOffset,
        lines,
        type.type(),
        type.subtype(),
        type.parameters(),
        header.contentId(),
        header.description(),
        header.encoding(),
        header.md5(),
        header.disposition(),
        header.languages(),
        header.location(),
        envelope,
        parts);
  }
}
