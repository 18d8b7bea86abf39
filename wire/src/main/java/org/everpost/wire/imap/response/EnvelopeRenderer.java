package org.everpost.wire.imap.response;

import java.util.List;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;

/** Writes ENVELOPE (RFC 9051 §7.5.2). */
public final class EnvelopeRenderer {
  private EnvelopeRenderer() {}

  public static void render(Envelope envelope, ResponseBuffer out) {
    out.octet('(').headerText(envelope.date());
    out.space().headerText(envelope.subject());
    addresses(envelope.from(), out.space());
    addresses(envelope.sender(), out.space());
    addresses(envelope.replyTo(), out.space());
    addresses(envelope.to(), out.space());
    addresses(envelope.cc(), out.space());
    addresses(envelope.bcc(), out.space());
    out.space().headerText(envelope.inReplyTo());
    out.space().headerText(envelope.messageId()).octet(')');
  }

  /** The envelope of a message of which nothing is known. */
  static void renderEmpty(ResponseBuffer out) {
    out.ascii("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
  }

  private static void addresses(List<EnvelopeAddress> addresses, ResponseBuffer out) {
    if (addresses.isEmpty()) {
      out.nil();
      return;
    }
    out.octet('(');
    for (int i = 0; i < addresses.size(); i++) {
      EnvelopeAddress address = addresses.get(i);
      out.octet('(').headerText(address.name());
      // The source route, which no one has any more.
      out.ascii(" NIL ");
      out.headerText(address.mailbox()).space();
      out.headerText(address.host()).octet(')');
    }
    out.octet(')');
  }
}
