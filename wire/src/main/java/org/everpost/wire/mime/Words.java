package org.everpost.wire.mime;

import org.jspecify.annotations.Nullable;

/**
 * The words of a phrase or local part (RFC 5322 §3.2.5) as they are read: unquoted, with one space
 * where white space or comments were.
 */
final class Words {

  private final ByteBuilder text = new ByteBuilder(32);
  private int count;
  private int lastStart;
  private boolean spaceBefore = true;
  private boolean spaceAtDot;

  /** White space or a comment was passed. */
  void space() {
    spaceBefore = true;
  }

  /** One more octet of an atom. */
  void octet(int octet) {
    begin(octet == '.');
    text.append(octet);
  }

  /** Reads the quoted string at the cursor; false if there is no end of it. */
  boolean quoted(FieldCursor c) {
    var string = new ByteBuilder(32);
    if (!c.quotedString(string)) {
      return false;
    }
    begin(false);
    text.append(string.octets(), 0, string.length());
    return true;
  }

  /** A word that begins or follows with a dot belongs to the same local part (RFC 5322 §4.4). */
  private void begin(boolean dot) {
    if (!spaceBefore) {
      return;
    }
    spaceBefore = false;
    if (count > 0) {
      boolean joins = dot || (!text.isEmpty() && text.octets()[text.length() - 1] == '.');
      text.append(' ');
      if (joins) {
        spaceAtDot = true;
        return;
      }
    }
    count++;
    lastStart = text.length();
  }

  int count() {
    return count;
  }

  /** All words; null if there are none. */
  @Nullable String all() {
    return count == 0 ? null : emptyIsNull(HeaderText.unfold(text.octets(), 0, text.length()));
  }

  private static @Nullable String emptyIsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** All words as a local part, without the spaces around its dots. */
  String allJoined() {
    return localPart(0);
  }

  /** Takes the last word away: it was the local part of an address. */
  String takeLocalPart() {
    String local = localPart(lastStart);
    text.truncate(lastStart);
    count = Math.max(0, count - 1);
    return local;
  }

  private String localPart(int start) {
    String local = HeaderText.unfold(text.octets(), start, text.length());
    return spaceAtDot ? local.replace(" .", ".").replace(". ", ".") : local;
  }
}
