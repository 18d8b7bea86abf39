package org.everpost.wire.mime;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one header that {@link FieldName} wants, gathered line by line. A line is written
 * behind what is kept as its octets come, and taken back at its end if it belongs to no such field.
 */
final class HeaderCollector {

  /** One of each always has its place. */
  private static final int KINDS = FieldName.values().length;

  private final ByteBuilder kept = new ByteBuilder(2048);
  private final FieldName[] names = new FieldName[MimeLimits.FIELDS];
  private final int[] starts = new int[MimeLimits.FIELDS];
  private final int[] ends = new int[MimeLimits.FIELDS];
  private int count;
  private final EnumSet<FieldName> seen = EnumSet.noneOf(FieldName.class);
  private int lineStart;
  private int lines;
  private boolean afterBlank;
  private @Nullable FieldName current;
  private boolean incomplete;
  private int budget = MimeLimits.MESSAGE_HEADER_OCTETS;

  /** Begins the header of the next part. */
  void reset() {
    budget = Math.max(0, budget - kept.length());
    kept.truncate(0);
    count = 0;
    seen.clear();
    lineStart = 0;
    lines = 0;
    afterBlank = true;
    current = null;
    incomplete = false;
  }

  /** Octets of the current line. */
  void append(byte[] b, int from, int to) {
    int room = MimeLimits.FIELD_OCTETS - (kept.length() - lineStart);
    kept.append(b, from, from + Math.min(room, to - from));
  }

  /** Whether the current line holds nothing but its line end. */
  boolean lineIsEmpty() {
    for (int i = lineStart; i < kept.length(); i++) {
      byte c = kept.octets()[i];
      if (c != '\r' && c != '\n') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the current line cannot belong to a header, being neither a field nor the {@code From}
   * line of an mbox file, and stands where one may have ended: at the very beginning, or behind a
   * line of nothing but white space. Elsewhere such a line is taken for a damaged field.
   */
  boolean lineBeginsBody() {
    return afterBlank && nameEnd() < 0 && !(lines > 0 && lineIsFolded()) && !isMboxFromLine();
  }

  private boolean lineIsFolded() {
    byte first = kept.octets()[lineStart];
    return first == ' ' || first == '\t';
  }

  private boolean lineIsBlank() {
    for (int i = lineStart; i < kept.length(); i++) {
      if (!HeaderText.isSpace(kept.octets()[i])) {
        return false;
      }
    }
    return true;
  }

  /** The current line is complete. */
  void endLine() {
    lines++;
    if (lineIsFolded()) {
      afterBlank = lineIsBlank();
    } else {
      afterBlank = false;
      current = beginField();
    }
    FieldName field = current;
    if (field != null && !fits(field)) {
      incomplete |= field.describesContent();
      field = null;
      current = null;
    }
    if (field == null) {
      kept.truncate(lineStart);
    } else {
      lineStart = kept.length();
      ends[count - 1] = lineStart;
    }
  }

  /** Whether what is kept with the current line is within the limits. */
  private boolean fits(FieldName field) {
    int limit = field.isAddressList() ? MimeLimits.ADDRESS_LIST_OCTETS : MimeLimits.HEADER_OCTETS;
    return kept.length() <= Math.min(limit, budget)
        && kept.length() - starts[count - 1] <= MimeLimits.FIELD_OCTETS;
  }

  /** The field that the current line begins; null if it is not wanted. */
  private @Nullable FieldName beginField() {
    byte[] b = kept.octets();
    int nameEnd = nameEnd();
    FieldName name = nameEnd < 0 ? null : FieldName.of(b, lineStart, nameEnd);
    if (name == null || (!seen.add(name) && !(name.addsUp() && count < names.length - KINDS))) {
      return null;
    }
    names[count] = name;
    starts[count] = ByteSearch.indexOf(b, nameEnd, kept.length(), (byte) ':') + 1;
    ends[count] = starts[count];
    count++;
    return name;
  }

  /** Whether a field was beyond the limits that would have told what the part is. */
  boolean isIncomplete() {
    return incomplete;
  }

  /** Where the field name ends that the current line begins with; -1 if it begins with none. */
  private int nameEnd() {
    byte[] b = kept.octets();
    int end = kept.length();
    int i = lineStart;
    while (i < end && b[i] > ' ' && b[i] != ':' && b[i] != 127) {
      i++;
    }
    int nameEnd = i;
    while (i < end && (b[i] == ' ' || b[i] == '\t')) {
      i++; // RFC 5322 §4.5: white space before the colon is obsolete, but was once allowed
    }
    return nameEnd > lineStart && i < end && b[i] == ':' ? nameEnd : -1;
  }

  private boolean isMboxFromLine() {
    byte[] b = kept.octets();
    int i = lineStart < kept.length() && b[lineStart] == '>' ? lineStart + 1 : lineStart;
    return kept.length() - i >= 5
        && b[i] == 'F'
        && b[i + 1] == 'r'
        && b[i + 2] == 'o'
        && b[i + 3] == 'm'
        && b[i + 4] == ' ';
  }

  int count() {
    return count;
  }

  FieldName name(int field) {
    return names[field];
  }

  /** The octets the fields stand in. */
  byte[] octets() {
    return kept.octets();
  }

  /** Where the body of a field begins, behind its colon. */
  int start(int field) {
    return starts[field];
  }

  /** Where it ends, behind its line end. */
  int end(int field) {
    return ends[field];
  }

  /** The first field of that name, -1 if there is none. */
  int find(FieldName wanted) {
    for (int i = 0; i < count; i++) {
      if (names[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The text of the first field of that name, null if there is none. */
  @Nullable String text(FieldName wanted) {
    int i = find(wanted);
    return i < 0 ? null : HeaderText.unfold(octets(), starts[i], ends[i]);
  }
}
