package org.everpost.wire.mime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The header fields the structure of a message depends on. */
enum FieldName {
  DATE("date"),
  SUBJECT("subject"),
  FROM("from"),
  SENDER("sender"),
  REPLY_TO("reply-to"),
  TO("to"),
  CC("cc"),
  BCC("bcc"),
  IN_REPLY_TO("in-reply-to"),
  MESSAGE_ID("message-id"),
  CONTENT_TYPE("content-type"),
  CONTENT_TRANSFER_ENCODING("content-transfer-encoding"),
  CONTENT_DISPOSITION("content-disposition"),
  CONTENT_ID("content-id"),
  CONTENT_DESCRIPTION("content-description"),
  CONTENT_MD5("content-md5"),
  CONTENT_LANGUAGE("content-language"),
  CONTENT_LOCATION("content-location");

  private static final int LONGEST = 25;
  private static final FieldName[][] BY_LENGTH = byLength();

  private final String lowerCase;

  FieldName(String lowerCase) {
    this.lowerCase = lowerCase;
  }

  /** Whether more than one of them count (RFC 5322 §4.5.3); of the others the first does. */
  boolean addsUp() {
    return this == TO || this == CC || this == BCC;
  }

  boolean isAddressList() {
    return switch (this) {
      case FROM, SENDER, REPLY_TO, TO, CC, BCC -> true;
      default -> false;
    };
  }

  /** Whether it belongs to MIME and not to the envelope (RFC 2045 §9). */
  boolean describesContent() {
    return lowerCase.startsWith("content-");
  }

  /** The name in {@code [from, to)}, in any case; null if it is none of these. */
  static @Nullable FieldName of(byte[] b, int from, int to) {
    int length = to - from;
    if (length <= 0 || length > LONGEST) {
      return null;
    }
    for (FieldName name : BY_LENGTH[length]) {
      if (equalsIgnoringCase(name.lowerCase, b, from)) {
        return name;
      }
    }
    return null;
  }

  private static boolean equalsIgnoringCase(String lowerCase, byte[] b, int from) {
    for (int i = 0; i < lowerCase.length(); i++) {
      int c = b[from + i];
      if (lowerCase.charAt(i) != (c >= 'A' && c <= 'Z' ? c + 32 : c)) {
        return false;
      }
    }
    return true;
  }

  private static FieldName[][] byLength() {
    var table = new FieldName[LONGEST + 1][];
    for (int i = 0; i <= LONGEST; i++) {
      int length = i;
      table[i] =
          Arrays.stream(values())
              .filter(n -> n.lowerCase.length() == length)
              .toArray(FieldName[]::new);
    }
    return table;
  }
}
