package org.everpost.wire.imap.response;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.everpost.wire.imap.FetchItem.BinaryOctets;
import org.everpost.wire.imap.FetchItem.BinarySize;
import org.everpost.wire.imap.FetchItem.BodyOctets;
import org.everpost.wire.imap.Partial;
import org.everpost.wire.imap.Section;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/**
 * Writes FETCH responses (RFC 9051 §7.5.2): {@link #begin}, the items in any order, {@link #end}.
 * Octets of a message do not come through here: after {@link #octets} or {@link #binary} the
 * session sends what the buffer holds and then exactly as many octets as announced.
 */
public final class FetchRenderer {
  private final ResponseBuffer out;
  private boolean first = true;

  public FetchRenderer(ResponseBuffer out) {
    this.out = out;
  }

  public FetchRenderer begin(long sequenceNumber) {
    out.ascii("* ").number(sequenceNumber).ascii(" FETCH (");
    first = true;
    return this;
  }

  public void end() {
    out.octet(')').crlf();
  }

  public FetchRenderer uid(long uid) {
    item("UID ").number(uid);
    return this;
  }

  public FetchRenderer flags(Collection<String> flags) {
    item("FLAGS ").flags(flags);
    return this;
  }

  public FetchRenderer internalDate(Instant instant) {
    item("INTERNALDATE ").dateTime(instant);
    return this;
  }

  public FetchRenderer size(long octets) {
    item("RFC822.SIZE ").number(octets);
    return this;
  }

  public FetchRenderer envelope(Envelope envelope) {
    EnvelopeRenderer.render(envelope, item("ENVELOPE "));
    return this;
  }

  /** {@code BODY}: the structure without extension data. */
  public FetchRenderer body(MimePart root) {
    BodyStructureRenderer.render(root, false, item("BODY "));
    return this;
  }

  public FetchRenderer bodyStructure(MimePart root) {
    BodyStructureRenderer.render(root, true, item("BODYSTRUCTURE "));
    return this;
  }

  /** RFC 7162 §3.1.4. */
  public FetchRenderer modSeq(long modSeq) {
    item("MODSEQ (").number(modSeq).octet(')');
    return this;
  }

  /** RFC 8474 §5.1. */
  public FetchRenderer emailId(String id) {
    item("EMAILID (").atom(id).octet(')');
    return this;
  }

  /** RFC 8474 §5.2; null is {@code NIL}. */
  public FetchRenderer threadId(@Nullable String id) {
    item("THREADID ");
    if (id == null) {
      out.nil();
    } else {
      out.octet('(').atom(id).octet(')');
    }
    return this;
  }

  /** RFC 8514 §4.2; null is {@code NIL}. */
  public FetchRenderer saveDate(@Nullable Instant instant) {
    item("SAVEDATE ");
    if (instant == null) {
      out.nil();
    } else {
      out.dateTime(instant);
    }
    return this;
  }

  /** Announces octets of a message; they come next. */
  public FetchRenderer octets(BodyOctets asked, long size) {
    name(asked);
    out.literalOf(size);
    return this;
  }

  /** What is asked for is not there. */
  public FetchRenderer absent(BodyOctets asked) {
    name(asked);
    out.nil();
    return this;
  }

  /**
   * Announces decoded octets of a part; they come next.
   *
   * @param mayHoldNul if not, every client can read them (RFC 3516 §4.2)
   */
  public FetchRenderer binary(BinaryOctets asked, long size, boolean mayHoldNul) {
    name(asked);
    if (mayHoldNul) {
      out.literal8Of(size);
    } else {
      out.literalOf(size);
    }
    return this;
  }

  public FetchRenderer absent(BinaryOctets asked) {
    name(asked);
    out.nil();
    return this;
  }

  public FetchRenderer binarySize(BinarySize asked, long size) {
    part(item("BINARY.SIZE["), asked.part()).ascii("] ").number(size);
    return this;
  }

  private void name(BodyOctets asked) {
    switch (asked.name()) {
      case RFC822 -> item("RFC822 ");
      case RFC822_HEADER -> item("RFC822.HEADER ");
      case RFC822_TEXT -> item("RFC822.TEXT ");
      case BODY -> {
        section(item("BODY["), asked.section()).octet(']');
        origin(asked.partial());
      }
    }
  }

  private void name(BinaryOctets asked) {
    part(item("BINARY["), asked.part()).octet(']');
    origin(asked.partial());
  }

  /** Only where the piece begins is repeated, not its length (RFC 9051 §7.5.2). */
  private void origin(@Nullable Partial partial) {
    if (partial != null) {
      out.octet('<').number(partial.offset()).octet('>');
    }
    out.space();
  }

  private static ResponseBuffer part(ResponseBuffer out, List<Integer> part) {
    for (int i = 0; i < part.size(); i++) {
      if (i > 0) {
        out.octet('.');
      }
      out.number(part.get(i));
    }
    return out;
  }

  private static ResponseBuffer section(ResponseBuffer out, Section section) {
    part(out, section.part());
    if (!section.part().isEmpty() && section.specifier() != Section.Specifier.ALL) {
      out.octet('.');
    }
    switch (section.specifier()) {
      case ALL -> {}
      case HEADER -> out.ascii("HEADER");
      case HEADER_FIELDS -> fields(out.ascii("HEADER.FIELDS "), section.fields());
      case HEADER_FIELDS_NOT -> fields(out.ascii("HEADER.FIELDS.NOT "), section.fields());
      case TEXT -> out.ascii("TEXT");
      case MIME -> out.ascii("MIME");
    }
    return out;
  }

  private static void fields(ResponseBuffer out, List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      out.octet(i == 0 ? '(' : ' ').astring(fields.get(i));
    }
    out.octet(')');
  }

  private ResponseBuffer item(String name) {
    if (!first) {
      out.space();
    }
    first = false;
    return out.ascii(name);
  }
}
