package org.everpost.wire.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What FETCH asks for (RFC 9051 §6.4.5). */
public sealed interface FetchItem {

  /** An item without arguments. */
  enum Attribute implements FetchItem {
    UID,
    FLAGS,
    INTERNALDATE,
    RFC822_SIZE,
    ENVELOPE,
    /** {@code BODY}: the structure without extension data. */
    BODY,
    BODYSTRUCTURE,
    /** RFC 7162 §3.1.5. */
    MODSEQ,
    /** RFC 8474 §5.1. */
    EMAILID,
    /** RFC 8474 §5.2. */
    THREADID,
    /** RFC 8514 §4.2. */
    SAVEDATE
  }

  /**
   * Octets of the message as stored: {@code BODY[…]}, {@code BODY.PEEK[…]} and their elder names.
   *
   * @param peek does not set {@code \Seen}
   */
  record BodyOctets(Section section, boolean peek, @Nullable Partial partial, Name name)
      implements FetchItem {}

  /** The name an item is answered under (RFC 3501 §6.4.5). */
  enum Name {
    BODY,
    RFC822,
    RFC822_HEADER,
    RFC822_TEXT
  }

  /** {@code BINARY[…]}: octets of a part, decoded (RFC 9051 §6.4.5). */
  record BinaryOctets(List<Integer> part, boolean peek, @Nullable Partial partial)
      implements FetchItem {
    public BinaryOctets {
      part = List.copyOf(part);
    }
  }

  /** {@code BINARY.SIZE[…]}: how many octets that would be. */
  record BinarySize(List<Integer> part) implements FetchItem {
    public BinarySize {
      part = List.copyOf(part);
    }
  }

  /** Whether it sets {@code \Seen}. */
  default boolean setsSeen() {
    return switch (this) {
      case Attribute _, BinarySize _ -> false;
      case BodyOctets octets -> !octets.peek();
      case BinaryOctets octets -> !octets.peek();
    };
  }
}
