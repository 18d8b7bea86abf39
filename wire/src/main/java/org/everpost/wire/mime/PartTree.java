package org.everpost.wire.mime;

import java.util.ArrayList;

/**
 * Makes parts out of lines: where headers end, which lines are delimiters (RFC 2046 §5.1) and what
 * they begin and end. It is told each line in pieces, then its end.
 *
 * <p>A delimiter of an outer multipart ends everything within it. Where a line could belong to
 * several (one boundary being the beginning of another, or the same used twice) the longest
 * boundary counts, then the innermost multipart.
 */
final class PartTree {

  private static final byte DASH = '-';

  private final ArrayList<OpenPart> open = new ArrayList<>();
  private final HeaderCollector fields = new HeaderCollector();
  private final ByteBuilder delimiter = new ByteBuilder(128);
  private int partCount;
  private int divided;
  private boolean inHeader;

  private long lineStart;
  private long lineLength;
  private boolean mayBeDelimiter;
  private long lines;
  private int previousLineEnd;
  private boolean previousLineEmpty;

  PartTree() {
    begin(new OpenPart(0, ContentType.TEXT, true));
  }

  /** Some more of the current line, its line end included. */
  void piece(byte[] b, int from, int to) {
    if (from == to) {
      return;
    }
    if (lineLength == 0) {
      mayBeDelimiter = divided > 0 && b[from] == DASH;
      delimiter.truncate(0);
    }
    lineLength += to - from;
    if (inHeader) {
      fields.append(b, from, to);
    }
    if (mayBeDelimiter) {
      int room = MimeLimits.BOUNDARY_OCTETS + 8 - delimiter.length();
      delimiter.append(b, from, from + Math.min(room, to - from));
    }
  }

  /** The current line ends; its last {@code lineEnd} octets are the line end. */
  void endLine(int lineEnd) {
    long next = lineStart + lineLength;
    boolean divides = mayBeDelimiter && delimiterLine(next);
    lines++;
    if (inHeader && !divides) {
      headerLine(next);
    }
    previousLineEnd = lineEnd;
    previousLineEmpty = lineLength == lineEnd;
    lineStart = next;
    lineLength = 0;
  }

  /** The message is complete. */
  MimePart finish() {
    if (lineLength > 0) {
      endLine(0);
    }
    previousLineEnd = 0;
    previousLineEmpty = false;
    closeDownTo(0);
    return pop();
  }

  private OpenPart top() {
    return open.getLast();
  }

  private void begin(OpenPart part) {
    open.add(part);
    partCount++;
    fields.reset();
    inHeader = true;
  }

  private void headerLine(long next) {
    if (fields.lineIsEmpty()) {
      endHeader(next, lines);
    } else if (fields.lineBeginsBody()) {
      endHeader(lineStart, lines - 1);
    } else {
      fields.endLine();
    }
  }

  /** The header on top ends before {@code bodyOffset}; its body may begin with another header. */
  private void endHeader(long bodyOffset, long linesBefore) {
    OpenPart part = top();
    part.bodyOffset = bodyOffset;
    part.linesBefore = linesBefore;
    part.header = PartHeader.parse(fields, part.assumed);
    if (part.message) {
      part.envelope = EnvelopeFields.envelope(fields);
    }
    inHeader = false;
    ContentType type = part.header.type();
    if (type.isMultipart()) {
      openMultipart(part);
    } else if (type.isMessage()
        && ContentTransferEncoding.isIdentity(part.header.encoding())
        && open.size() < MimeLimits.DEPTH
        && partCount < MimeLimits.PARTS) {
      begin(new OpenPart(bodyOffset, ContentType.TEXT, true));
    }
  }

  /** A multipart that cannot be divided is text, as any Content-Type that makes no sense. */
  private void openMultipart(OpenPart part) {
    if (open.size() >= MimeLimits.DEPTH || partCount >= MimeLimits.PARTS) {
      part.header = part.header.as(ContentType.OPAQUE);
    } else if (part.divide()) {
      divided++;
    } else {
      part.header = part.header.as(ContentType.TEXT);
    }
  }

  /** Ends the headers that are not ended yet because the message or the part is cut there. */
  private void endHeaders(long at) {
    while (inHeader) {
      endHeader(at, lines);
    }
  }

  /** Acts on the current line if it is a delimiter; {@code next} is where the following begins. */
  private boolean delimiterLine(long next) {
    mayBeDelimiter = false;
    int index = -1;
    for (int i = open.size() - 1; i >= 0; i--) {
      byte[] boundary = open.get(i).boundary;
      if ((index < 0 || boundary.length > open.get(index).boundary.length) && matches(boundary)) {
        index = i;
      }
    }
    if (index < 0) {
      return false;
    }
    OpenPart multipart = open.get(index);
    boolean last = isClose(multipart.boundary);
    closeDownTo(index);
    if (last) {
      stopDividing(multipart);
    } else {
      begin(new OpenPart(next, multipart.assumedOfParts(), false));
      if (partCount == MimeLimits.PARTS) {
        takeTheRest();
      }
    }
    return true;
  }

  /** The part just begun is the last allowed: everything left is its body. */
  private void takeTheRest() {
    inHeader = false;
    top().linesBefore = lines + 1;
    open.forEach(this::stopDividing);
  }

  private void stopDividing(OpenPart part) {
    if (part.isDivided()) {
      part.stopDividing();
      divided--;
    }
  }

  private boolean matches(byte[] boundary) {
    int end = 2 + boundary.length;
    if (boundary.length == 0 || delimiter.length() < end) {
      return false;
    }
    byte[] line = delimiter.octets();
    return line[1] == DASH
        && java.util.Arrays.equals(line, 2, end, boundary, 0, boundary.length)
        && (isWordEnd(end) || isClose(boundary));
  }

  /** White space before the dashes: the boundary was declared with some at its end. */
  private boolean isClose(byte[] boundary) {
    byte[] line = delimiter.octets();
    int at = 2 + boundary.length;
    while (at < delimiter.length() && (line[at] == ' ' || line[at] == '\t')) {
      at++;
    }
    return delimiter.length() >= at + 2
        && line[at] == DASH
        && line[at + 1] == DASH
        && isWordEnd(at + 2);
  }

  /**
   * Deviates from RFC 2046 §5.1.1, which lets anything follow the boundary: only white space may,
   * so that a boundary is not found in a longer one whose multipart is not, or no longer, open.
   */
  private boolean isWordEnd(int at) {
    return at == delimiter.length() || HeaderText.isSpace(delimiter.octets()[at]);
  }

  /** Ends all parts within {@code open.get(index)}, before the current line. */
  private void closeDownTo(int index) {
    endHeaders(lineStart);
    while (open.size() - 1 > index) {
      MimePart part = pop();
      OpenPart parent = top();
      parent.parts.add(part);
      parent.lastPartEnd = part.bodyOffset() + part.bodySize();
    }
  }

  /** RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter. */
  private MimePart pop() {
    OpenPart part = open.removeLast();
    stopDividing(part);
    long end = lineStart - previousLineEnd;
    long lineCount = lines - part.linesBefore;
    if (end < part.bodyOffset || end < part.lastPartEnd) {
      end = Math.max(part.bodyOffset, part.lastPartEnd);
    } else if (previousLineEnd > 0 && previousLineEmpty && lineCount > 0) {
      lineCount--;
    }
    if (part.header.type().isMultipart() && part.parts.isEmpty()) {
      part.header = part.header.as(ContentType.TEXT);
    }
    return part.close(end, lineCount);
  }
}
