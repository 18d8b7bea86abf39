package org.everpost.server.imap.fetch;

import java.io.IOException;
import java.io.InputStream;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.MimePart;

/** The octets of one stored message. */
public final class Content {
  private final Mailboxes mailboxes;
  private final Email email;

  public Content(Mailboxes mailboxes, Email email) {
    this.mailboxes = mailboxes;
    this.email = email;
  }

  public Email email() {
    return email;
  }

  /** Octets as they are stored. */
  public InputStream open(long offset, long length) {
    return mailboxes.content(email.blob(), offset, length);
  }

  /**
   * The body of a part without its transfer encoding (RFC 3516 §4.2), as it will be sent.
   *
   * @param hasBareLf whether it is text with lines that have to be given their CRLF
   * @param mayHoldNul whether it has NUL, or was not looked at
   */
  public record Decoded(MimePart part, long size, boolean hasBareLf, boolean mayHoldNul) {}

  /** Reads so much of it as is needed to announce it. */
  public Decoded measure(MimePart part) throws IOException {
    boolean text = isLeaf(part) && part.type().equals("text");
    if (!text && (!isLeaf(part) || isIdentity(part))) {
      return new Decoded(part, part.bodySize(), false, true);
    }
    long size = 0;
    long bareLf = 0;
    boolean nul = false;
    byte[] piece = new byte[8 << 10];
    byte last = 0;
    try (InputStream in = octets(part)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        size += n;
        for (int i = 0; i < n; i++) {
          byte octet = piece[i];
          bareLf += octet == '\n' && last != '\r' ? 1 : 0;
          nul |= octet == 0;
          last = octet;
        }
      }
    }
    // RFC 9051 §7.5.2: lines of text end in CRLF. What has NUL, such as UTF-16, has no such lines.
    long missing = text && !nul ? bareLf : 0;
    return new Decoded(part, size + missing, missing > 0, nul);
  }

  public InputStream open(Decoded decoded) {
    InputStream octets = octets(decoded.part());
    return decoded.hasBareLf() ? ContentDecoder.canonical(octets) : octets;
  }

  private InputStream octets(MimePart part) {
    InputStream body = open(part.bodyOffset(), part.bodySize());
    return isLeaf(part) ? ContentDecoder.decode(body, part.encoding()) : body;
  }

  /** Whether the transfer encoding of the part is one we can undo. */
  public static boolean canDecode(MimePart part) {
    return !isLeaf(part) || ContentDecoder.knows(part.encoding());
  }

  private static boolean isLeaf(MimePart part) {
    return !part.isMultipart() && !part.isMessage();
  }

  private static boolean isIdentity(MimePart part) {
    return switch (part.encoding()) {
      case "7bit", "8bit", "binary" -> true;
      default -> false;
    };
  }
}
