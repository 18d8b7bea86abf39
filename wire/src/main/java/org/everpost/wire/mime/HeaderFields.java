package org.everpost.wire.mime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a header section (RFC 5322 §2.2) in their order, found as they are asked for. The
 * section ends with its first empty line. A line that is neither a field nor belongs to one is a
 * field without a name, so that all of them together are the section.
 */
public final class HeaderFields implements Iterable<HeaderField> {

  private final byte[] b;
  private final int from;
  private final int to;

  /** CR ends lines only where there is no LF at all. */
  private final byte lineEnd;

  private HeaderFields(byte[] b, int from, int to) {
    this.b = b;
    this.from = from;
    this.to = to;
    this.lineEnd = (byte) (ByteSearch.indexOf(b, from, to, (byte) '\n') < 0 ? '\r' : '\n');
  }

  public static HeaderFields of(byte[] header) {
    return of(header, 0, header.length);
  }

  public static HeaderFields of(byte[] b, int off, int len) {
    Objects.checkFromIndexSize(off, len, b.length);
    return new HeaderFields(b, off, off + len);
  }

  /** The first field of that name, in any case; null if there is none. */
  public @Nullable HeaderField first(String name) {
    for (HeaderField field : this) {
      if (field.is(name)) {
        return field;
      }
    }
    return null;
  }

  /** How many fields have that name, in any case. */
  public int count(String name) {
    int n = 0;
    for (HeaderField field : this) {
      n += field.is(name) ? 1 : 0;
    }
    return n;
  }

  @Override
  public Iterator<HeaderField> iterator() {
    return new Fields();
  }

  private final class Fields implements Iterator<HeaderField> {
    private int at = from;

    @Override
    public boolean hasNext() {
      return at < to && !isEmptyLine(at);
    }

    @Override
    public HeaderField next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int start = at;
      int end = lineAfter(start);
      while (end < to && (b[end] == ' ' || b[end] == '\t')) {
        end = lineAfter(end);
      }
      at = end;
      int nameEnd = start;
      while (nameEnd < end && b[nameEnd] > ' ' && b[nameEnd] != ':' && b[nameEnd] != 127) {
        nameEnd++;
      }
      int colon = nameEnd;
      while (colon < end && (b[colon] == ' ' || b[colon] == '\t')) {
        colon++; // RFC 5322 §4.5
      }
      boolean isField = nameEnd > start && colon < end && b[colon] == ':';
      return isField
          ? new HeaderField(b, start, nameEnd, colon + 1, end)
          : new HeaderField(b, start, start, start, end);
    }
  }

  private int lineAfter(int start) {
    int end = ByteSearch.indexOf(b, start, to, lineEnd);
    return end < 0 ? to : end + 1;
  }

  private boolean isEmptyLine(int start) {
    int i = start;
    while (i < to && b[i] == '\r' && lineEnd == '\n') {
      i++;
    }
    return i < to && b[i] == lineEnd;
  }
}
