package org.everpost.wire.smtp;

/**
 * Counts the Received fields of a message that passes by in pieces (RFC 5321 §6.3: many of them
 * mean a loop). One for each message.
 */
public final class ReceivedCounter {

  private static final byte[] NAME = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};

  /** How much of {@link #NAME} the line began with; -1: it begins with something else. */
  private int matched;

  private boolean lineEmpty = true;
  private boolean inHeader = true;
  private int count;
  private int bits;

  /** Takes the next piece; does nothing once the header is over. */
  public void feed(byte[] octets, int from, int to) {
    int i = from;
    while (inHeader && i < to) {
      if (matched < 0) {
        int start = i;
        i = LineEnds.nextLineEnd(octets, i, to);
        for (int k = start; k < i; k++) {
          bits |= octets[k];
        }
        if (i == to) {
          return;
        }
      }
      next(octets[i++]);
    }
  }

  public int count() {
    return count;
  }

  /** Whether the header has octets beyond ASCII (RFC 6532). */
  public boolean isEightBit() {
    return bits < 0;
  }

  private void next(byte b) {
    bits |= b;
    if (b == '\n') {
      inHeader = !lineEmpty;
      lineEmpty = true;
      matched = 0;
    } else if (b != '\r') {
      lineEmpty = false;
      if (matched < 0) {
        return;
      }
      if (matched < NAME.length) {
        matched = (b | 0x20) == NAME[matched] ? matched + 1 : -1;
      } else if (b != ' ' && b != '\t') {
        count += b == ':' ? 1 : 0;
        matched = -1;
      }
    }
  }
}
