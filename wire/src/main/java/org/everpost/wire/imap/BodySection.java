package org.everpost.wire.imap;

import java.util.List;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/** Where in a message a {@link Section} is (RFC 9051 §6.4.5.1). */
public sealed interface BodySection {

  /** These octets of the message. */
  record Octets(long offset, long length) implements BodySection {}

  /** Some fields of the header there: {@link HeaderFieldFilter} picks them. */
  record Fields(long headerOffset, long headerLength) implements BodySection {}

  /** The message has no such section; it is answered with NIL. */
  record Absent() implements BodySection {}

  /** Finds the section in a message, given its structure. */
  static BodySection resolve(MimePart root, Section section) {
    if (section.part().isEmpty()) {
      return ofMessage(root, section.specifier());
    }
    MimePart part = part(root, section.part());
    if (part == null) {
      return new Absent();
    }
    return switch (section.specifier()) {
      case ALL -> new Octets(part.bodyOffset(), part.bodySize());
      case MIME -> new Octets(part.headerOffset(), part.headerSize());
      // These are of the message in a message part; other parts do not have them.
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT ->
          part.isMessage() ? ofMessage(part.parts().getFirst(), section.specifier()) : new Absent();
    };
  }

  /** The part of that number; the root for an empty one; null if there is none. */
  static @Nullable MimePart part(MimePart root, List<Integer> numbers) {
    MimePart part = root;
    boolean message = true;
    for (int number : numbers) {
      if (!message && part.isMessage()) {
        // The number counts inside of the message the part holds.
        part = part.parts().getFirst();
        message = true;
      }
      if (part.isMultipart()) {
        if (number > part.parts().size()) {
          return null;
        }
        part = part.parts().get(number - 1);
      } else if (!message || number != 1) {
        return null;
      }
      // A message that is no multipart has one part, number 1: its own body.
      message = false;
    }
    return part;
  }

  private static BodySection ofMessage(MimePart root, Section.Specifier specifier) {
    return switch (specifier) {
      case ALL -> new Octets(root.headerOffset(), root.headerSize() + root.bodySize());
      case HEADER, MIME -> new Octets(root.headerOffset(), root.headerSize());
      case HEADER_FIELDS, HEADER_FIELDS_NOT -> new Fields(root.headerOffset(), root.headerSize());
      case TEXT -> new Octets(root.bodyOffset(), root.bodySize());
    };
  }
}
