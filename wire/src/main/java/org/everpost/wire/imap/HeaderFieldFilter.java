package org.everpost.wire.imap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Picks the fields of {@code HEADER.FIELDS} and {@code HEADER.FIELDS.NOT} out of a header (RFC 9051
 * §6.4.5.1). Made once a command, used for each message; immutable.
 */
public final class HeaderFieldFilter {
  private final boolean not;

  /** The names in lower case, found by their hash; a power of two, at most half full. */
  private final byte[] @Nullable [] table;

  public HeaderFieldFilter(Section section) {
    this(section.fields(), section.specifier() == Section.Specifier.HEADER_FIELDS_NOT);
  }

  HeaderFieldFilter(List<String> names, boolean not) {
    this.not = not;
    table = new byte[Integer.highestOneBit(Math.max(names.size(), 1)) * 4][];
    for (String name : names) {
      byte[] lower = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      int slot = hash(lower, 0, lower.length) & (table.length - 1);
      while (table[slot] != null) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = lower;
    }
  }

  /**
   * The fields picked, in their order and as they are, and the empty line that ends them.
   *
   * @param header with or without its own empty line
   */
  public byte[] filter(byte[] header) {
    byte[] out = new byte[header.length + 2];
    int length = 0;
    int at = 0;
    while (at < header.length && !isEmptyLine(header, at)) {
      int end = fieldEnd(header, at);
      if (isListed(header, at, end) != not) {
        System.arraycopy(header, at, out, length, end - at);
        length += end - at;
      }
      at = end;
    }
    if (length > 0 && out[length - 1] != '\n') {
      // A header that ends within its last line; the array has no room for two more then.
      out = Arrays.copyOf(out, length + 4);
      out[length++] = '\r';
      out[length++] = '\n';
    }
    out[length++] = '\r';
    out[length++] = '\n';
    return Arrays.copyOf(out, length);
  }

  private static boolean isEmptyLine(byte[] header, int at) {
    return header[at] == '\n'
        || (header[at] == '\r' && at + 1 < header.length && header[at + 1] == '\n');
  }

  /** Where the field ends: at a line that does not begin with a space or tab. */
  private static int fieldEnd(byte[] header, int start) {
    int at = start;
    do {
      while (at < header.length && header[at] != '\n') {
        at++;
      }
      if (at < header.length) {
        at++;
      }
    } while (at < header.length && (header[at] == ' ' || header[at] == '\t'));
    return at;
  }

  private boolean isListed(byte[] header, int start, int end) {
    int colon = start;
    while (colon < end && header[colon] != ':' && header[colon] != '\n') {
      colon++;
    }
    if (colon == end || header[colon] != ':') {
      return false;
    }
    // RFC 5322 §4.5: the obsolete syntax has spaces before the colon.
    while (colon > start && (header[colon - 1] == ' ' || header[colon - 1] == '\t')) {
      colon--;
    }
    int slot = hash(header, start, colon) & (table.length - 1);
    for (byte[] name = table[slot]; name != null; name = table[slot]) {
      if (same(name, header, start, colon)) {
        return true;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return false;
  }

  private static boolean same(byte[] name, byte[] header, int start, int end) {
    if (name.length != end - start) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] != lower(header[start + i])) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] bytes, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + lower(bytes[i]);
    }
    return hash ^ hash >>> 16;
  }

  private static byte lower(byte c) {
    return c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
  }
}
