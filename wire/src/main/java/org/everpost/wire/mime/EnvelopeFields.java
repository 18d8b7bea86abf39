package org.everpost.wire.mime;

import java.util.ArrayList;
import java.util.List;

/** Makes the {@link Envelope} of a message from its header. */
final class EnvelopeFields {

  private EnvelopeFields() {}

  static Envelope envelope(HeaderCollector header) {
    List<EnvelopeAddress> from = addresses(header, FieldName.FROM);
    return new Envelope(
        header.text(FieldName.DATE),
        header.text(FieldName.SUBJECT),
        from,
        orElse(addresses(header, FieldName.SENDER), from),
        orElse(addresses(header, FieldName.REPLY_TO), from),
        addresses(header, FieldName.TO),
        addresses(header, FieldName.CC),
        addresses(header, FieldName.BCC),
        header.text(FieldName.IN_REPLY_TO),
        header.text(FieldName.MESSAGE_ID));
  }

  /** RFC 9051 §7.5.2: an absent or empty Sender or Reply-To is what From is. */
  private static List<EnvelopeAddress> orElse(
      List<EnvelopeAddress> addresses, List<EnvelopeAddress> from) {
    return addresses.isEmpty() ? from : addresses;
  }

  private static List<EnvelopeAddress> addresses(HeaderCollector header, FieldName name) {
    List<EnvelopeAddress> all = List.of();
    for (int i = 0; i < header.count(); i++) {
      if (header.name(i) == name) {
        List<EnvelopeAddress> some =
            AddressList.parse(header.octets(), header.start(i), header.end(i));
        if (all.isEmpty()) {
          all = some;
        } else if (all.size() < MimeLimits.ADDRESSES) {
          all = new ArrayList<>(all);
          all.addAll(some.subList(0, Math.min(some.size(), MimeLimits.ADDRESSES - all.size())));
        }
      }
    }
    return all;
  }
}
