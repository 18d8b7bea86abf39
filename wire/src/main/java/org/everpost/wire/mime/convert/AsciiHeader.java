package org.everpost.wire.mime.convert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.FieldWriter;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimeScanner;

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
      boolean named = !field.name().isEmpty() && isAscii(field.name());
      if (!named || isAscii(new String(raw, StandardCharsets.ISO_8859_1))) {
        writeMarked(raw, 0, out);
      } else {
        String text = new FieldWriter().field(field.name(), body(field)).toString();
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    writeMarked(header, end, out);
    return out.toByteArray();
  }

  /** Whether what is made of it says the same of the body: where that begins and how it is read. */
  static boolean keepsStructure(byte[] header) {
    MimePart before = scanned(header);
    MimePart after = scanned(of(header));
    return before.type().equals(after.type())
        && before.subtype().equals(after.subtype())
        && before.encoding().equals(after.encoding())
        && boundary(before).equals(boundary(after));
  }

  private static MimePart scanned(byte[] header) {
    MimeScanner scanner = new MimeScanner();
    scanner.feed(header, 0, header.length);
    return scanner.finish();
  }

  private static String boundary(MimePart part) {
    for (MimePart.Parameter parameter : part.parameters()) {
      if (parameter.name().equals("boundary")) {
        return parameter.value();
      }
    }
    return "";
  }

  private static void writeMarked(byte[] octets, int from, ByteArrayOutputStream out) {
    for (int i = from; i < octets.length; i++) {
      out.write(octets[i] < 0 ? '?' : octets[i]);
    }
  }

  private static String body(HeaderField field) {
    String name = field.name().toLowerCase(Locale.ROOT);
    if (WITH_ADDRESSES.contains(name)) {
      return new Addresses(field.value()).encoded();
    } else if (WITH_PARAMETERS.contains(name)) {
      return parameters(field.value());
    }
    return WITHOUT_TEXT.contains(name) ? marked(field.value()) : words(field.value());
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
    int at = 0;
    while (at < text.length()) {
      int start = at;
      boolean quoted = false;
      for (; at < text.length() && (quoted || text.charAt(at) != ';'); at++) {
        char c = text.charAt(at);
        quoted ^= c == '"';
        at += quoted && c == '\\' ? 1 : 0;
      }
      at = Math.min(at, text.length());
      parameter(text.substring(start, at), out);
      if (at < text.length()) {
        out.append(';');
        at++;
      }
    }
    return out.toString();
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
