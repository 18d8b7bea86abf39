package org.everpost.server.imap;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.server.imap.fetch.Content;
import org.everpost.server.net.Connection;
import org.everpost.wire.imap.BodySection;
import org.everpost.wire.imap.FetchItem;
import org.everpost.wire.imap.FetchItem.Attribute;
import org.everpost.wire.imap.HeaderFieldFilter;
import org.everpost.wire.imap.Partial;
import org.everpost.wire.imap.Section;
import org.everpost.wire.imap.response.FetchRenderer;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/** Writes the FETCH responses of one command (RFC 9051 §7.5.2). */
final class MessageWriter {
  private static final int PIECE = 16 * 1024;

  private final FetchPlan plan;
  private final State.Selected selected;
  private final Dialogue dialogue;
  private final Responses out;
  private final FetchRenderer response;
  private final MessageList shown;
  private final Map<Section, HeaderFieldFilter> filters = new HashMap<>();
  private FlagList flagNames;

  /** The view in which messages became seen by this command; null if none did. */
  private @Nullable MailboxView seen;

  private boolean unknownEncoding;

  MessageWriter(FetchPlan plan, State.Selected selected, Dialogue dialogue) {
    this.plan = plan;
    this.selected = selected;
    this.dialogue = dialogue;
    this.out = dialogue.out();
    this.response = new FetchRenderer(out.buffer());
    this.shown = selected.shown().loaded();
    this.flagNames = new FlagList(selected.shown().keywords());
  }

  /** The messages that follow became seen in this view. */
  void seen(@Nullable MailboxView view) {
    seen = view;
    flagNames = new FlagList((view == null ? selected.shown() : view).keywords());
  }

  /** Whether an encoding was asked to be undone that nobody knows. */
  boolean unknownEncoding() {
    return unknownEncoding;
  }

  /**
   * Writes the response of one message.
   *
   * @param content null if the plan does not need it
   */
  void write(int index, @Nullable Content content) throws IOException {
    if (content != null && hasUnknownEncoding(content)) {
      unknownEncoding = true;
      return;
    }
    int uid = shown.uid(index);
    int at = seen == null ? -1 : seen.loaded().indexOf(uid);
    MessageList list = seen != null && at >= 0 ? seen.loaded() : shown;
    int place = at >= 0 ? at : index;
    boolean newFlags = list.flags(place) != shown.flags(index);
    response.begin(index + 1);
    for (FetchItem item : plan.items()) {
      switch (item) {
        case Attribute attribute -> attribute(attribute, list, place, content);
        case FetchItem.BodyOctets asked -> body(asked, Objects.requireNonNull(content));
        case FetchItem.BinaryOctets asked -> binary(asked, Objects.requireNonNull(content));
        case FetchItem.BinarySize asked -> binarySize(asked, Objects.requireNonNull(content));
      }
    }
    if (newFlags) {
      // RFC 9051 §6.4.5: the new flags are part of the response; RFC 7162 §3.2.4: UID and MODSEQ.
      if (dialogue.condstore() && !plan.items().contains(Attribute.UID)) {
        attribute(Attribute.UID, list, place, content);
      }
      if (!plan.items().contains(Attribute.FLAGS)) {
        attribute(Attribute.FLAGS, list, place, content);
      }
      if (dialogue.condstore() && !plan.items().contains(Attribute.MODSEQ)) {
        attribute(Attribute.MODSEQ, list, place, content);
      }
    }
    response.end();
    out.end();
    if (newFlags) {
      selected.told().add(uid, list.modSeq(place));
    }
  }

  private void attribute(
      Attribute attribute, MessageList list, int index, @Nullable Content content) {
    switch (attribute) {
      case UID -> response.uid(list.uid(index));
      case FLAGS -> response.flags(flagNames.names(list.flags(index)));
      case INTERNALDATE -> response.internalDate(Instant.ofEpochSecond(list.internalDate(index)));
      case RFC822_SIZE -> response.size(list.size(index));
      case MODSEQ -> response.modSeq(list.modSeq(index));
      case EMAILID -> response.emailId(list.email(index).toString());
      case THREADID -> response.threadId(null);
      case SAVEDATE -> response.saveDate(Instant.ofEpochSecond(list.saveDate(index)));
      case ENVELOPE -> {
        Envelope envelope = Objects.requireNonNull(root(content).envelope(), "envelope");
        response.envelope(envelope);
      }
      case BODY -> response.body(root(content));
      case BODYSTRUCTURE -> response.bodyStructure(root(content));
    }
  }

  private static MimePart root(@Nullable Content content) {
    return Objects.requireNonNull(content, "content").email().structure();
  }

  private void body(FetchItem.BodyOctets asked, Content content) throws IOException {
    switch (BodySection.resolve(root(content), asked.section())) {
      case BodySection.Absent() -> response.absent(asked);
      case BodySection.Octets(long offset, long length) -> {
        // Deviates from RFC 9051 §4.3: a NUL that came with the message is sent as it is, because
        // any other octet in its place would break signatures and copies.
        Piece piece = Piece.of(length, asked.partial());
        InputStream octets = content.open(offset + piece.start(), piece.length());
        response.octets(asked, piece.length());
        copy(octets, piece.length());
      }
      case BodySection.Fields(long offset, long length) -> {
        byte[] header = content.open(offset, length).readAllBytes();
        byte[] fields = filter(asked.section()).filter(header);
        Piece piece = Piece.of(fields.length, asked.partial());
        response.octets(asked, piece.length());
        out.buffer().octets(fields, (int) piece.start(), (int) piece.length());
      }
    }
  }

  private HeaderFieldFilter filter(Section section) {
    return filters.computeIfAbsent(section, HeaderFieldFilter::new);
  }

  private boolean hasUnknownEncoding(Content content) {
    for (FetchItem item : plan.items()) {
      MimePart part =
          switch (item) {
            case FetchItem.BinaryOctets asked -> BodySection.part(root(content), asked.part());
            case FetchItem.BinarySize asked -> BodySection.part(root(content), asked.part());
            default -> null;
          };
      if (part != null && !Content.canDecode(part)) {
        return true;
      }
    }
    return false;
  }

  private void binary(FetchItem.BinaryOctets asked, Content content) throws IOException {
    MimePart part = BodySection.part(root(content), asked.part());
    if (part == null) {
      response.absent(asked);
      return;
    }
    if (asked.part().isEmpty()) {
      // RFC 3516 §4.2: without a part number the whole message is meant, which has no encoding.
      Piece piece = Piece.of(content.email().size(), asked.partial());
      response.binary(asked, piece.length(), true);
      copy(content.open(piece.start(), piece.length()), piece.length());
      return;
    }
    Content.Decoded decoded = content.measure(part);
    Piece piece = Piece.of(decoded.size(), asked.partial());
    InputStream octets = content.open(decoded);
    octets.skipNBytes(piece.start());
    response.binary(asked, piece.length(), decoded.mayHoldNul());
    copy(octets, piece.length());
  }

  private void binarySize(FetchItem.BinarySize asked, Content content) throws IOException {
    MimePart part = BodySection.part(root(content), asked.part());
    boolean whole = asked.part().isEmpty();
    long size = whole ? content.email().size() : part == null ? 0 : content.measure(part).size();
    response.binarySize(asked, size);
  }

  /** What of some octets is asked for; nothing where it begins behind their end. */
  private record Piece(long start, long length) {

    static Piece of(long whole, @Nullable Partial partial) {
      if (partial == null) {
        return new Piece(0, whole);
      }
      long start = Math.min(partial.offset(), whole);
      return new Piece(start, Math.min(partial.length(), whole - start));
    }
  }

  /** Sends exactly so many octets. */
  private void copy(InputStream octets, long length) throws IOException {
    if (length <= PIECE) {
      byte[] all = octets.readNBytes((int) length);
      checkLength(all.length, length);
      out.buffer().octets(all);
      return;
    }
    Connection connection = out.sendPart();
    byte[] piece = new byte[PIECE];
    long left = length;
    while (left > 0) {
      int n = octets.read(piece, 0, (int) Math.min(left, piece.length));
      checkLength(Math.max(n, 0), 1);
      connection.write(piece, 0, n);
      left -= n;
    }
  }

  private static void checkLength(long read, long atLeast) {
    if (read < atLeast) {
      throw new IllegalStateException("stored content is shorter than its structure says");
    }
  }
}
