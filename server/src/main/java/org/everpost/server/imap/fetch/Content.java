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

  /** The body of a part without its transfer encoding (RFC 3516 §4.2). */
  public InputStream decoded(MimePart part) {
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

  /** How many octets {@link #decoded} has. */
  public long decodedSize(MimePart part) throws IOException {
    if (!isLeaf(part) || isIdentity(part)) {
      return part.bodySize();
    }
    long size = 0;
    byte[] sink = new byte[8 << 10];
    try (InputStream in = decoded(part)) {
      for (int n = in.read(sink); n >= 0; n = in.read(sink)) {
        size += n;
      }
    }
    return size;
  }

  private static boolean isIdentity(MimePart part) {
    return switch (part.encoding()) {
      case "7bit", "8bit", "binary" -> true;
      default -> false;
    };
  }
}
