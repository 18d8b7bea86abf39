package org.everpost.wire.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply (RFC 5321 §4.2).
 *
 * @param enhanced absent in greetings and in the answers to EHLO, HELO and LHLO (RFC 2034 §4)
 * @param lines the text, at least one line, without line ends
 */
public record Reply(int code, @Nullable EnhancedStatusCode enhanced, List<String> lines) {

  /** RFC 5321 §4.5.3.1.5: with code and CR LF at most 512 octets. */
  private static final int MAX_LINE = 490;

  public Reply {
    if (code < 200 || code > 599) {
      throw new IllegalArgumentException("a reply code is 200 to 599");
    }
    if (enhanced != null && enhanced.severity() != code / 100) {
      throw new IllegalArgumentException("classes of " + code + " and " + enhanced + " differ");
    }
    lines = List.copyOf(lines);
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a reply has a line");
    }
    for (String line : lines) {
      if (line.length() > MAX_LINE || !isPrintable(line)) {
        throw new IllegalArgumentException("not a reply line: " + line);
      }
    }
  }

  /** A reply of one line. */
  public static Reply of(int code, String enhanced, String text) {
    return new Reply(code, EnhancedStatusCode.of(enhanced), List.of(text));
  }

  /** A reply of one line without an enhanced status code. */
  public static Reply plain(int code, String text) {
    return new Reply(code, null, List.of(text));
  }

  /** Whether the command did what it should: 2yz or 3yz (RFC 5321 §4.2.1). */
  public boolean isPositive() {
    return code < 400;
  }

  /** The octets to send; the enhanced code stands on every line (RFC 2034 §4). */
  public byte[] render() {
    String prefix = enhanced == null ? "" : enhanced + " ";
    StringBuilder text = new StringBuilder(lines.size() * 48);
    int last = lines.size() - 1;
    for (int i = 0; i <= last; i++) {
      text.append(code).append(i == last ? ' ' : '-').append(prefix);
      text.append(lines.get(i)).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Without the line end; lines are joined by a slash: for the log. */
  @Override
  public String toString() {
    String text = String.join(" / ", lines);
    return enhanced == null ? code + " " + text : code + " " + enhanced + " " + text;
  }

  private static boolean isPrintable(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }
}
