package org.everpost.wire.imap;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;

/**
 * A condition of SEARCH (RFC 9051 §6.4.4). What says the same arrives the same: {@code UNSEEN} is
 * {@code Not(HasFlag(\Seen))}, {@code NEW} is {@code And(HasFlag(\Recent), Not(HasFlag(\Seen)))}.
 */
public sealed interface SearchKey {

  /** Whether this key is such a one, or one it is made of. */
  default boolean has(Predicate<SearchKey> wanted) {
    return wanted.test(this)
        || switch (this) {
          case Not(SearchKey inner) -> inner.has(wanted);
          case And(List<SearchKey> keys) -> keys.stream().anyMatch(key -> key.has(wanted));
          case Or(List<SearchKey> keys) -> keys.stream().anyMatch(key -> key.has(wanted));
          default -> false;
        };
  }

  record All() implements SearchKey {}

  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }
  }

  /** At least one of two or more; {@code OR a OR b c} is one of three, however long the chain. */
  record Or(List<SearchKey> keys) implements SearchKey {
    public Or {
      keys = List.copyOf(keys);
    }
  }

  record Not(SearchKey key) implements SearchKey {}

  /** Message numbers, or {@code $}. */
  record Numbers(SequenceSet set) implements SearchKey {}

  record Uids(SequenceSet set) implements SearchKey {}

  /** A system flag or keyword, spelled as in {@link Flag}; may be {@code \Recent}. */
  record HasFlag(String flag) implements SearchKey {}

  /** BEFORE, ON, SINCE and their like; the time and zone of the message do not count. */
  record Date(DateOf of, When when, LocalDate day) implements SearchKey {}

  /** Which date. */
  enum DateOf {
    INTERNALDATE,
    /** The Date field. */
    SENT,
    /** RFC 8514 §4.3. */
    SAVEDATE
  }

  /** How it compares. */
  enum When {
    BEFORE,
    ON,
    /** That day or later. */
    SINCE
  }

  /** RFC 8514 §4.3: true for all messages or for none. */
  record SaveDateSupported() implements SearchKey {}

  /** More than {@code seconds} old (RFC 5032). */
  record Older(long seconds) implements SearchKey {}

  /** At most {@code seconds} old (RFC 5032). */
  record Younger(long seconds) implements SearchKey {}

  /** FROM, TO, CC, BCC or SUBJECT contains the text. */
  record EnvelopeField(Field field, String text) implements SearchKey {}

  /** A field of the envelope. */
  enum Field {
    FROM,
    TO,
    CC,
    BCC,
    SUBJECT
  }

  /** Has a field of that name that contains the text; an empty text only wants the field. */
  record Header(String name, String text) implements SearchKey {}

  /** The body contains the text. */
  record Body(String text) implements SearchKey {}

  /** Header or body contains the text. */
  record Text(String text) implements SearchKey {}

  record Larger(long octets) implements SearchKey {}

  record Smaller(long octets) implements SearchKey {}

  /** MODSEQ is at least that (RFC 7162 §3.1.5); makes CONDSTORE known. */
  record ModSeq(long modSeq) implements SearchKey {}

  /** RFC 8474 §6. */
  record EmailId(String id) implements SearchKey {}

  /** RFC 8474 §6. */
  record ThreadId(String id) implements SearchKey {}
}
