package org.everpost.wire.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the Content-Transfer-Encoding of a body (RFC 2045 §6) while it is read, for IMAP BINARY
 * and SEARCH. No body is refused: what is not of the encoding is passed over or left as it is. The
 * only exceptions are those of the stream that is read.
 */
public final class ContentDecoder {

  /** So much of a body decides what characters it is in, where its header does not. */
  private static final int GUESSED_FROM = 8 * 1024;

  private ContentDecoder() {}

  /** Whether it can be undone; if not, RFC 3516 §4.3 wants {@code UNKNOWN-CTE}. */
  public static boolean knows(String encoding) {
    return ContentTransferEncoding.isIdentity(encoding)
        || encoding.equals("base64")
        || encoding.equals("quoted-printable");
  }

  /**
   * The octets of a body.
   *
   * @param encoding as in {@link MimePart#encoding()}; one that is not known changes nothing
   */
  public static InputStream decode(InputStream body, String encoding) {
    return switch (encoding) {
      case "base64" -> new Base64InputStream(body);
      case "quoted-printable" -> new QuotedPrintableInputStream(body);
      default -> body;
    };
  }

  /** Text of which every line ends in CRLF (RFC 2046 §4.1.1). */
  public static InputStream canonical(InputStream text) {
    return new CanonicalTextInputStream(text);
  }

  /**
   * The text of a body, in the character set its part names or, where that fails, it seems to be.
   */
  public static Reader text(InputStream body, MimePart part) throws IOException {
    String charset = null;
    for (MimePart.Parameter parameter : part.parameters()) {
      if (parameter.name().equals("charset")) {
        charset = parameter.value();
      }
    }
    return text(decode(body, part.encoding()), charset);
  }

  /** The octets as text; what fits no character becomes U+FFFD. */
  public static Reader text(InputStream octets, @Nullable String charset) throws IOException {
    Charset named = MimeCharset.named(charset);
    if (named != null) {
      return new InputStreamReader(octets, named);
    }
    var buffered = new BufferedInputStream(octets, GUESSED_FROM);
    buffered.mark(GUESSED_FROM);
    byte[] head = buffered.readNBytes(GUESSED_FROM);
    buffered.reset();
    return new InputStreamReader(
        buffered, MimeCharset.guess(head, 0, head.length, head.length == GUESSED_FROM));
  }
}
