package org.everpost.wire.mime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of an IMAP ENVELOPE (RFC 9051 §7.5.2), unfolded; null where the field is
 * absent. An empty address list means that the field is absent or holds no address; {@code sender}
 * and {@code replyTo} are already filled from {@code from} where they are.
 */
public record Envelope(
    @Nullable String date,
    @Nullable String subject,
    List<EnvelopeAddress> from,
    List<EnvelopeAddress> sender,
    List<EnvelopeAddress> replyTo,
    List<EnvelopeAddress> to,
    List<EnvelopeAddress> cc,
    List<EnvelopeAddress> bcc,
    @Nullable String inReplyTo,
    @Nullable String messageId) {

  public Envelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }
}
