package org.everpost.core.mailbox;

import java.util.List;
import org.everpost.store.BlobId;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/**
 * Content that is stored and understood but in no mailbox yet. It may be put into any number of
 * accounts; if it is put into none, a sweep reclaims it.
 */
public final class IncomingMessage {

  /** The largest stored structure, in octets; a message of a wilder one is described as a whole. */
  private static final int MAX_ROW_OCTETS = 256 << 10;

  /** How many addresses of a field such a message keeps. */
  private static final int KEPT_ADDRESSES = 100;

  /** How many characters of a field such a message keeps. */
  private static final int KEPT_CHARACTERS = 1_000;

  private final BlobId blob;
  private final long size;
  private final MimePart structure;
  private final byte[] row;

  IncomingMessage(BlobId blob, long size, MimePart structure) {
    byte[] full = EmailRow.encode(blob, size, structure);
    boolean fits = full.length <= MAX_ROW_OCTETS;
    this.blob = blob;
    this.size = size;
    this.structure = fits ? structure : reduced(structure);
    this.row = fits ? full : EmailRow.encode(blob, size, this.structure);
  }

  public BlobId blob() {
    return blob;
  }

  /** In octets. */
  public long size() {
    return size;
  }

  public MimePart structure() {
    return structure;
  }

  /** Its {@link EmailRow}, made once for all accounts. */
  byte[] row() {
    return row;
  }

  private static MimePart reduced(MimePart root) {
    Envelope envelope = root.envelope();
    return new MimePart(
        root.headerOffset(),
        root.headerSize(),
        root.bodyOffset(),
        root.bodySize(),
        root.lines(),
        "text",
        "plain",
        List.of(),
        null,
        null,
        "7bit",
        null,
        null,
        List.of(),
        null,
        envelope == null ? null : reduced(envelope),
        List.of());
  }

  private static Envelope reduced(Envelope envelope) {
    return new Envelope(
        cut(envelope.date()),
        cut(envelope.subject()),
        cut(envelope.from()),
        cut(envelope.sender()),
        cut(envelope.replyTo()),
        cut(envelope.to()),
        cut(envelope.cc()),
        cut(envelope.bcc()),
        cut(envelope.inReplyTo()),
        cut(envelope.messageId()));
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= KEPT_CHARACTERS
        ? text
        : text.substring(0, KEPT_CHARACTERS);
  }

  private static List<EnvelopeAddress> cut(List<EnvelopeAddress> addresses) {
    return addresses.stream()
        .limit(KEPT_ADDRESSES)
        .map(a -> new EnvelopeAddress(cut(a.name()), cut(a.mailbox()), cut(a.host())))
        .toList();
  }
}
