package org.everpost.wire.smtp;

import java.nio.charset.StandardCharsets;

/**
 * Looks for the field {@code TLS-Required: No} in the header of a message that passes by in pieces
 * (RFC 8689 §3). One for each message.
 */
public final class TlsRequiredField {

  private static final byte[] NAME = "tls-required".getBytes(StandardCharsets.US_ASCII);

  /** A longer value is another one. */
  private static final int MAX_VALUE = 40;

  /** How much of {@link #NAME} the line began with; -1: it begins with something else. */
  private int matched;

  private boolean inValue;
  private boolean lineEmpty = true;
  private boolean inHeader = true;
  private boolean found;
  private boolean no;
  private final StringBuilder value = new StringBuilder();

  /** Takes the next piece; does nothing once the header is over. */
  public void feed(byte[] octets, int from, int to) {
    int i = from;
    while (inHeader && i < to) {
      if (matched < 0) {
        i = LineEnds.nextLineEnd(octets, i, to);
        if (i == to) {
          return;
        }
      }
      next(octets[i++]);
    }
  }

  /** Whether the sender waives TLS. With two such fields nobody knows, so he does not. */
  public boolean isNo() {
    return no;
  }

  private void next(byte b) {
    if (b == '\n') {
      endOfLine();
    } else if (b != '\r') {
      boolean folded = lineEmpty && (b == ' ' || b == '\t');
      if (lineEmpty && inValue && !folded) {
        endOfField();
      }
      lineEmpty = false;
      if (inValue) {
        if (value.length() <= MAX_VALUE) {
          value.append((char) (b & 0xff));
        }
      } else if (matched >= 0) {
        match(b);
      }
    }
  }

  private void match(byte b) {
    if (matched < NAME.length) {
      matched = (b | 0x20) == NAME[matched] ? matched + 1 : -1;
    } else if (b == ':') {
      inValue = true;
    } else if (b != ' ' && b != '\t') {
      matched = -1;
    }
  }

  private void endOfLine() {
    if (lineEmpty) {
      endOfField();
      inHeader = false;
    }
    lineEmpty = true;
    if (!inValue) {
      matched = 0;
    }
  }

  private void endOfField() {
    if (inValue) {
      no = !found && value.toString().strip().equalsIgnoreCase("no");
      found = true;
      inValue = false;
      matched = 0;
      value.setLength(0);
    }
  }
}
