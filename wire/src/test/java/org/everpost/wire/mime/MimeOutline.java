package org.everpost.wire.mime;

import java.nio.charset.StandardCharsets;

/** A message's structure as text: a line for each part, with its lines and how its body begins. */
final class MimeOutline {

  private static final int BEGINNING = 30;

  private final byte[] message;
  private final StringBuilder out = new StringBuilder();

  private MimeOutline(byte[] message) {
    this.message = message;
  }

  static String of(MimePart root, byte[] message) {
    var outline = new MimeOutline(message);
    outline.part(root, 0);
    return outline.out.toString();
  }

  private void part(MimePart part, int depth) {
    out.repeat(' ', 2 * depth).append(part.type()).append('/').append(part.subtype());
    if (!part.encoding().equals("7bit")) {
      out.append(' ').append(part.encoding());
    }
    out.append(' ').append(part.lines());
    if (part.parts().isEmpty()) {
      out.append(" |").append(beginning(part)).append('|');
    }
    out.append('\n');
    for (MimePart child : part.parts()) {
      part(child, depth + 1);
    }
  }

  private String beginning(MimePart part) {
    int from = (int) part.bodyOffset();
    int length = (int) Math.min(BEGINNING, part.bodySize());
    return new String(message, from, length, StandardCharsets.ISO_8859_1)
        .replace("\r", "")
        .replace('\n', '~');
  }
}
