package org.everpost.wire.smtp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the reply of a peer together, line by line (RFC 5321 §4.2.1). After a reply is whole it is
 * ready for the next.
 */
public final class ReplyParser {

  /** Lines that are counted at all; a reply with more is none. */
  static final int MAX_LINES = 500;

  static final int KEPT_LINES = 100;
  static final int KEPT_OCTETS = 8192;

  /** RFC 5321 §4.5.3.1.5 allows 512 with code and line end; what is longer is cut. */
  static final int KEPT_OCTETS_OF_LINE = 1000;

  private final List<String> lines = new ArrayList<>();
  private @Nullable EnhancedStatusCode enhanced;
  private int code;
  private int seen;
  private int octets;
  private boolean complete = true;

  /**
   * Takes the next line.
   *
   * @param line without its line end; of any length, though whoever reads it should have a limit
   * @return the reply, or null if more lines follow
   * @throws PeerReplyException if this is no reply; the parser is of no further use
   */
  public @Nullable PeerReply accept(byte[] line) throws PeerReplyException {
    int number = code(line);
    if (number < 0) {
      throw new PeerReplyException("not a reply: " + safe(line, 0, Math.min(line.length, 80)));
    }
    // §4.2.1 wants the same code on every line. Lines of different classes mean two things at once.
    if (seen > 0 && number / 100 != code / 100) {
      throw new PeerReplyException("a reply with the codes " + code + " and " + number);
    }
    if (++seen > MAX_LINES) {
      throw new PeerReplyException("a reply of more than " + MAX_LINES + " lines");
    }
    code = number;
    keep(line);
    return line.length > 3 && line[3] == '-' ? null : finish();
  }

  /** Whether a reply has begun that is not whole yet. */
  public boolean inReply() {
    return seen > 0;
  }

  /** Three digits of a class there is, and then a space, a hyphen or nothing; -1 if not. */
  private static int code(byte[] line) {
    if (line.length < 3 || (line.length > 3 && line[3] != ' ' && line[3] != '-')) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < 3; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return -1;
      }
      number = number * 10 + (line[i] - '0');
    }
    return number >= 200 && number <= 599 ? number : -1;
  }

  private void keep(byte[] line) {
    int start = 4;
    int end = enhancedEnd(line, start);
    if (end > 0) {
      EnhancedStatusCode found = EnhancedStatusCode.of(safe(line, start, end));
      enhanced = enhanced == null ? found : enhanced;
      start = Math.min(line.length, end + 1);
    }
    int length = Math.clamp(line.length - start, 0, KEPT_OCTETS_OF_LINE);
    if (lines.size() == KEPT_LINES || octets + length > KEPT_OCTETS) {
      complete = false;
      return;
    }
    complete &= start + length >= line.length;
    octets += length;
    lines.add(safe(line, start, start + length));
  }

  /**
   * The end of an enhanced status code at {@code start} that is of the reply's class (RFC 2034 §4);
   * -1 if there is none.
   */
  private int enhancedEnd(byte[] line, int start) {
    if (start >= line.length || line[start] - '0' != code / 100 || code / 100 == 3) {
      return -1;
    }
    int i = start + 1;
    for (int number = 0; number < 2; number++) {
      if (i == line.length || line[i] != '.') {
        return -1;
      }
      int digits = ++i;
      while (i < line.length && i - digits < 3 && line[i] >= '0' && line[i] <= '9') {
        i++;
      }
      if (i == digits) {
        return -1;
      }
    }
    return i == line.length || line[i] == ' ' ? i : -1;
  }

  private PeerReply finish() {
    PeerReply reply =
        new PeerReply(code, enhanced, lines.isEmpty() ? List.of("") : lines, complete);
    lines.clear();
    enhanced = null;
    seen = 0;
    octets = 0;
    complete = true;
    return reply;
  }

  /** What is no printable ASCII could forge lines in a log or a notification. */
  private static String safe(byte[] line, int from, int to) {
    StringBuilder text = new StringBuilder(Math.max(0, to - from));
    for (int i = from; i < to; i++) {
      byte b = line[i];
      text.append(b >= ' ' && b <= '~' ? (char) b : b == '\t' ? ' ' : '?');
    }
    return text.toString();
  }
}
