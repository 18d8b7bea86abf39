package org.everpost.wire.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another server answered (RFC 5321 §4.2). It may be stranger than a {@link Reply} of ours,
 * but its text is safe to show: printable ASCII only.
 *
 * @param code 200 to 599; of the last line
 * @param enhanced null if there was none, or one of another class than the code
 * @param lines the text without codes, at least one line, possibly empty
 * @param complete whether {@code lines} holds all that was sent
 */
public record PeerReply(
    int code, @Nullable EnhancedStatusCode enhanced, List<String> lines, boolean complete) {

  public PeerReply {
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
      if (line.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw new IllegalArgumentException("a reply line is printable ASCII");
      }
    }
  }

  /** The command did what it should: 2yz (RFC 5321 §4.2.1). */
  public boolean isCompleted() {
    return code < 300;
  }

  /** The peer waits for more: 3yz. */
  public boolean isIntermediate() {
    return code >= 300 && code < 400;
  }

  /** Not now: 4yz. */
  public boolean isTransientFailure() {
    return code >= 400 && code < 500;
  }

  /** Never: 5yz. */
  public boolean isPermanentFailure() {
    return code >= 500;
  }

  /** The enhanced code, or the one that says no more than the class does (RFC 3463 §3.1). */
  public EnhancedStatusCode status() {
    if (enhanced != null) {
      return enhanced;
    }
    return new EnhancedStatusCode(code < 400 ? 2 : code / 100, 0, 0);
  }

  /** Lines are joined by a slash: for the log and for notifications. */
  @Override
  public String toString() {
    String text = String.join(" / ", lines);
    return (enhanced == null ? code + " " + text : code + " " + enhanced + " " + text).strip();
  }
}
