package org.everpost.wire.imap;

import java.util.List;

/**
 * The part of a message that {@code BODY[…]} names (RFC 9051 §6.4.5).
 *
 * @param part part numbers from 1; empty for the message itself
 * @param fields the names of {@link Specifier#HEADER_FIELDS} and {@code HEADER_FIELDS_NOT} as the
 *     client spelled them, else empty
 */
public record Section(List<Integer> part, Specifier specifier, List<String> fields) {

  /** {@code BODY[]}. */
  public static final Section WHOLE = new Section(List.of(), Specifier.ALL, List.of());

  /** {@code BODY[HEADER]}. */
  public static final Section HEADER = new Section(List.of(), Specifier.HEADER, List.of());

  /** {@code BODY[TEXT]}. */
  public static final Section TEXT = new Section(List.of(), Specifier.TEXT, List.of());

  public Section {
    part = List.copyOf(part);
    fields = List.copyOf(fields);
  }

  /** What of the part is meant. */
  public enum Specifier {
    /** Nothing follows the part number: the part's body, or the whole message. */
    ALL,
    HEADER,
    HEADER_FIELDS,
    HEADER_FIELDS_NOT,
    TEXT,
    MIME
  }
}
