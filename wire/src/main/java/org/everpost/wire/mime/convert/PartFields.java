package org.everpost.wire.mime.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a part says about its body, seen field by field: the scanner, which takes
 * everything, may have taken something for what it is not.
 *
 * @param type Content-Type in lower case with its parameters; null if there is none
 * @param encoding Content-Transfer-Encoding in lower case; null if there is none
 * @param readable whether the fields could be looked at
 */
record PartFields(
    @Nullable String type, @Nullable String encoding, boolean mimeVersion, boolean readable) {

  /** A header longer than this is not changed. */
  static final int MAX_OCTETS = 256 * 1024;

  static final PartFields NONE = new PartFields(null, null, false, true);
  static final PartFields TOO_LONG = new PartFields(null, null, false, false);

  private static final String ENCODING = "Content-Transfer-Encoding";

  static PartFields of(byte[] header) {
    HeaderFields fields = HeaderFields.of(header);
    HeaderField type = fields.first("Content-Type");
    HeaderField encoding = fields.first(ENCODING);
    return new PartFields(
        type == null ? null : type.value().toLowerCase(Locale.ROOT),
        encoding == null ? null : token(encoding.value()),
        fields.first("MIME-Version") != null,
        !hasBareCr(header));
  }

  private static boolean hasBareCr(byte[] b) {
    for (int i = 0; i < b.length; i++) {
      if (b[i] == '\r' && (i + 1 == b.length || b[i + 1] != '\n')) {
        return true;
      }
    }
    return false;
  }

  private static String token(String value) {
    int end = 0;
    while (end < value.length() && " \t;(\"".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    return value.substring(0, end).toLowerCase(Locale.ROOT);
  }

  /** Why the body of {@code part} cannot be given another encoding; null if it can. */
  @Nullable String obstacle(MimePart part) {
    if (!readable) {
      return "the header of a part is too long or too strange to be converted";
    }
    String named = type == null ? "" : type;
    boolean global = named.startsWith("message/global");
    // RFC 2046 §5.1 and §5.2: of these only the identity encodings are allowed. RFC 6532 §3.7 and
    // RFC 6533 §6 make an exception.
    if (named.startsWith("multipart/")
        || part.isMultipart()
        || (!global && (named.startsWith("message/") || part.type().equals("message")))) {
      return "a part of type " + part.type() + "/" + part.subtype() + " cannot be converted";
    }
    // The scanner's own word for what is beyond its limits.
    boolean unknown = part.type().equals("application") && part.subtype().equals("octet-stream");
    if (unknown && !named.startsWith("application/octet-stream")) {
      return "the message is too deeply nested or has too many parts to be converted";
    }
    if (!ContentDecoder.knows(part.encoding())
        || !part.encoding().equals(encoding == null ? "7bit" : encoding)) {
      return "a part with an unknown Content-Transfer-Encoding cannot be converted";
    }
    return null;
  }

  /**
   * Writes the header with another Content-Transfer-Encoding.
   *
   * @param header as it was when these fields were read
   * @param message whether the part is a message, which says that it is MIME
   * @param eightBit whether the body, if nothing tells its type, has characters nobody can know
   */
  void rewrite(
      byte[] header, String newEncoding, boolean message, boolean eightBit, OutputStream out)
      throws IOException {
    int end = 0;
    for (HeaderField field : HeaderFields.of(header)) {
      end = field.offset() + field.length();
      if (!field.is(ENCODING)) {
        out.write(header, field.offset(), field.length());
      }
    }
    String added = message && !mimeVersion ? "MIME-Version: 1.0\r\n" : "";
    if (type == null && eightBit) {
      added += "Content-Type: text/plain; charset=unknown-8bit\r\n"; // RFC 1428 §3
    }
    added += ENCODING + ": " + newEncoding + "\r\n";
    out.write(added.getBytes(StandardCharsets.US_ASCII));
    if (end == header.length) {
      out.write('\r');
      out.write('\n');
    } else {
      out.write(header, end, header.length - end);
    }
  }
}
