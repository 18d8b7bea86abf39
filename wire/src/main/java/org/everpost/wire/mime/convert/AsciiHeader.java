package org.everpost.wire.mime.convert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.FieldWriter;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;

/**
 * Header fields beyond ASCII in a form that every server takes. Without SMTPUTF8 nobody may write
 * them (RFC 6532 §1.1), old programs do. Text becomes encoded words (RFC 2047), parameters what RFC
 * 2231 makes of them; where neither has a place, in an address or an id, there is a question mark.
 */
final class AsciiHeader {

  private static final Set<String> WITH_ADDRESSES =
      Set.of(
          "from",
          "sender",
          "reply-to",
          "to",
          "cc",
          "bcc",
          "resent-from",
          "resent-sender",
          "resent-reply-to",
          "resent-to",
          "resent-cc",
          "resent-bcc",
          "disposition-notification-to",
          "errors-to",
          "mail-followup-to",
          "mail-reply-to",
          "return-receipt-to");

  private static final Set<String> WITH_PARAMETERS = Set.of("content-type", "content-disposition");

  private static final Set<String> WITHOUT_TEXT =
      Set.of(
          "arc-authentication-results",
          "arc-message-signature",
          "arc-seal",
          "authentication-results",
          "content-id",
          "content-transfer-encoding",
          "date",
          "delivered-to",
          "dkim-signature",
          "in-reply-to",
          "message-id",
          "mime-version",
          "received",
          "references",
          "resent-date",
          "resent-message-id",
          "return-path");

  /** A longer parameter is divided (RFC 2231 §3): lines have an end, too. */
  private static final int LONGEST_VALUE = 600;

  private AsciiHeader() {}

  /** The header section, fields that are ASCII as they were. */
  static byte[] of(byte[] header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 256);
    int end = 0;
    for (HeaderField field : HeaderFields.of(header)) {
      end = field.offset() + field.length();
      byte[] raw = field.raw();
      if (!isNamed(field) || isAscii(raw)) {
        writeMarked(raw, 0, out);
      } else {
        String text = new FieldWriter().field(field.name(), body(field)).toString();
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    writeMarked(header, end, out);
    return out.toByteArray();
  }

  /**
   * Whether what is made of it is sure to say the same of the body: where that begins, and how it
   * is read. Programs differ in what they make of fields that are not well-formed.
   *
   * @param hasBody the end of the header then has to be a line of its own, not one a field is
   *     folded to
   */
  static boolean keepsStructure(byte[] header, boolean hasBody) {
    int end = 0;
    for (HeaderField field : HeaderFields.of(header)) {
      end = field.offset() + field.length();
      boolean same =
          isAscii(field.raw())
              || (isNamed(field)
                  && !field.is("Content-Transfer-Encoding")
                  && (!field.is("Content-Type") || isWellFormed(field.value())));
      if (!same) {
        return false;
      }
    }
    return !hasBody || end < header.length;
  }

  private static boolean isNamed(HeaderField field) {
    return !field.name().isEmpty() && isAscii(field.name());
  }

  /** A type and its parameters (RFC 2045 §5.1), of which values alone may be beyond ASCII. */
  private static boolean isWellFormed(String contentType) {
    List<String> pieces = pieces(contentType);
    String[] type = pieces.getFirst().strip().split("/", -1);
    boolean wellFormed = type.length == 2 && isToken(type[0]) && isToken(type[1]);
    for (String piece : pieces.subList(1, pieces.size())) {
      int equals = piece.indexOf('=');
      String name = piece.substring(0, Math.max(equals, 0)).strip();
      String value = piece.substring(equals + 1).strip();
      wellFormed &=
          piece.isBlank()
              || (isToken(name)
                  && isValue(value)
                  && (isAscii(value) || !name.equalsIgnoreCase("boundary")));
    }
    return wellFormed;
  }

  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127 && !isSpecial(c));
  }

  private static boolean isValue(String text) {
    int i = 0;
    if (!text.startsWith("\"")) {
      return !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || isSpecial(c));
    }
    do {
      i += text.charAt(i) == '\\' ? 2 : 1;
    } while (i < text.length() && text.charAt(i) != '"');
    return i == text.length() - 1;
  }

  /** RFC 2045 §5.1: tspecials. */
  private static boolean isSpecial(int c) {
    return "()<>@,;:\\\"/[]?=".indexOf(c) >= 0;
  }

  private static void writeMarked(byte[] octets, int from, ByteArrayOutputStream out) {
    for (int i = from; i < octets.length; i++) {
      out.write(octets[i] < 0 ? '?' : octets[i]);
    }
  }

  private static String body(HeaderField field) {
    String name = field.name().toLowerCase(Locale.ROOT);
    String value = field.value().replace('\t', ' '); // no line is to be of tabs only
    if (WITH_ADDRESSES.contains(name)) {
      return new Addresses(value).encoded();
    } else if (WITH_PARAMETERS.contains(name)) {
      return parameters(value);
    }
    return WITHOUT_TEXT.contains(name) ? marked(value) : words(value);
  }

  private static boolean isAscii(byte[] octets) {
    return isAscii(new String(octets, StandardCharsets.ISO_8859_1));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private static String marked(String text) {
    StringBuilder marked = new StringBuilder();
    text.codePoints().forEach(c -> marked.append(c < 128 ? (char) c : '?'));
    return marked.toString();
  }

  /** What is encoded already is encoded together with the rest, or the space between is lost. */
  private static String words(String text) {
    return EncodedWord.encode(EncodedWord.decode(text));
  }

  // ---- addresses ----

  /** The names and comments of addresses encoded, the addresses themselves left. */
  private static final class Addresses {
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;

    Addresses(String text) {
      this.text = text;
    }

    String encoded() {
      while (at < text.length()) {
        int start = at;
        switch (text.charAt(at)) {
          case '"' -> quoted(start);
          case '(' -> comment(start);
          case '<' -> {
            int end = text.indexOf('>', at);
            at = end < 0 ? text.length() : end + 1;
            out.append(marked(text.substring(start, at)));
          }
          case ' ', '\t', ',', ':', ';', '@', '>', ')' -> out.append(text.charAt(at++));
          default -> atoms(start);
        }
      }
      return out.toString();
    }

    private void quoted(int start) {
      StringBuilder content = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
        content.append(text.charAt(at));
      }
      at = Math.min(at + 1, text.length());
      String whole = text.substring(start, at);
      if (isAscii(whole)) {
        out.append(whole);
      } else {
        phrase(whole, content.toString());
      }
    }

    private void comment(int start) {
      int depth = 0;
      do {
        char c = text.charAt(at);
        at += c == '\\' ? 1 : 0;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        at++;
      } while (depth > 0 && at < text.length());
      at = Math.min(at, text.length());
      String whole = text.substring(start, at);
      if (isAscii(whole)) {
        out.append(whole);
      } else {
        String content = whole.substring(1, depth > 0 ? whole.length() : whole.length() - 1);
        out.append('(').append(words(content)).append(')');
      }
    }

    private void atoms(int start) {
      while (at < text.length() && "\"(<,:;@>)".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String whole = text.substring(start, at);
      String stripped = whole.stripTrailing();
      if (isAscii(whole)) {
        out.append(whole);
      } else {
        phrase(stripped, stripped);
        out.append(whole, stripped.length(), whole.length());
      }
    }

    /** On either side of an at sign there are no words. */
    private void phrase(String whole, String content) {
      boolean address =
          (at < text.length() && text.charAt(at) == '@')
              || (!out.isEmpty() && out.charAt(out.length() - 1) == '@');
      out.append(address ? marked(whole) : words(content));
    }
  }

  // ---- parameters ----

  private static String parameters(String text) {
    StringBuilder out = new StringBuilder();
    for (String piece : pieces(text)) {
      if (!out.isEmpty()) {
        out.append(';');
      }
      parameter(piece, out);
    }
    return out.toString();
  }

  /** What stands between semicolons, but for those within quotation marks. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    boolean quoted = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        at++;
      } else if (c == ';' && !quoted) {
        pieces.add(text.substring(from, at));
        from = at + 1;
      }
    }
    pieces.add(text.substring(from));
    return pieces;
  }

  private static void parameter(String parameter, StringBuilder out) {
    int equals = parameter.indexOf('=');
    String name = parameter.substring(0, Math.max(equals, 0));
    if (isAscii(parameter) || equals < 0 || name.indexOf('*') >= 0 || !isAscii(name)) {
      out.append(marked(parameter));
      return;
    }
    String value = percentEncoded(unquoted(parameter.substring(equals + 1).strip()));
    if (value.length() <= LONGEST_VALUE) {
      out.append(name).append("*=UTF-8''").append(value);
      return;
    }
    int part = 0;
    for (int from = 0; from < value.length(); part++) {
      int to = Math.min(from + LONGEST_VALUE, value.length());
      int percent = value.lastIndexOf('%', to - 1);
      to = percent > to - 3 && to < value.length() ? percent : to;
      out.append(part == 0 ? "" : ";").append(part == 0 ? name : " " + name.strip());
      out.append('*').append(part).append(part == 0 ? "*=UTF-8''" : "*=");
      out.append(value, from, to);
      from = to;
    }
  }

  private static String unquoted(String value) {
    if (!value.startsWith("\"")) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
      i += value.charAt(i) == '\\' && i + 1 < value.length() ? 1 : 0;
      text.append(value.charAt(i));
    }
    return text.toString();
  }

  /** RFC 2231 §7: what is no attribute-char. */
  private static String percentEncoded(String value) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = octet > ' ' && octet < 127 && "*'%()<>@,;:\\\"/[]?=".indexOf(octet) < 0;
      if (plain) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(String.format("%02X", octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
