package org.everpost.wire.mime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One body part, or the whole message, with where it stands. Offsets and sizes are octets from the
 * start of the message as stored. From the scanner, a multipart has at least one part: one that
 * cannot be divided is {@code text/plain}, one beyond the scanner's limits {@code
 * application/octet-stream}.
 *
 * @param headerOffset where its header begins
 * @param headerSize the header with the empty line that ends it (0 if there is none)
 * @param bodyOffset where its body begins: {@code headerOffset + headerSize}
 * @param bodySize the body without the line end that belongs to the next boundary
 * @param lines how many lines the body has, an unterminated last one counted
 * @param type the media type's first half, lower case, such as {@code text}
 * @param subtype the second half, lower case, such as {@code plain}
 * @param parameters of Content-Type, in their order, names lower case, RFC 2231 pieces joined and
 *     decoded
 * @param contentId with its angle brackets
 * @param encoding Content-Transfer-Encoding, lower case; {@code 7bit} if absent
 * @param disposition type lower case; null if absent
 * @param languages from Content-Language
 * @param envelope of a message: of the root, and of the root of an enclosed message; else null
 * @param parts of a multipart its parts; of a message part that was looked into exactly one, the
 *     enclosed message's root; else empty
 */
public record MimePart(
    long headerOffset,
    long headerSize,
    long bodyOffset,
    long bodySize,
    long lines,
    String type,
    String subtype,
    List<Parameter> parameters,
    @Nullable String contentId,
    @Nullable String description,
    String encoding,
    @Nullable String md5,
    @Nullable Disposition disposition,
    List<String> languages,
    @Nullable String location,
    @Nullable Envelope envelope,
    List<MimePart> parts) {

  public MimePart {
    parameters = List.copyOf(parameters);
    languages = List.copyOf(languages);
    parts = List.copyOf(parts);
  }

  /** A parameter of a structured field. */
  public record Parameter(String name, String value) {}

  /** Content-Disposition (RFC 2183). */
  public record Disposition(String type, List<Parameter> parameters) {
    public Disposition {
      parameters = List.copyOf(parameters);
    }
  }

  public boolean isMultipart() {
    return type.equals("multipart");
  }

  /** The envelope that BODYSTRUCTURE shows for a message part: the enclosed message's. */
  public @Nullable Envelope enclosedEnvelope() {
    return isMessage() ? parts.getFirst().envelope() : null;
  }

  /** Whether it encloses a message that was looked into. */
  public boolean isMessage() {
    return type.equals("message") && !parts.isEmpty();
  }
}
