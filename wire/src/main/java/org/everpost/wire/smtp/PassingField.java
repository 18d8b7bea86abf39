package org.everpost.wire.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Collects what the fields of one name say in the header of a message that passes by in pieces. One
 * for each message.
 */
public final class PassingField {

  /** A value of more octets counts as empty. */
  private static final int MAX_VALUE = 512;

  private final byte[] name;
  private final int maxFields;

  /** How much of the name the line began with; -1: it begins with something else. */
  private int matched;

  private boolean inValue;
  private boolean lineEmpty = true;
  private boolean inHeader = true;
  private int count;
  private final ByteArrayOutputStream value = new ByteArrayOutputStream(0);
  private final List<String> values = new ArrayList<>(0);

  /**
   * @param maxFields of more than so many the values are not kept
   */
  public PassingField(String name, int maxFields) {
    this.name = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    this.maxFields = maxFields;
  }

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

  /** Says that nothing follows: the header may have ended without an empty line. */
  public void end() {
    if (inHeader) {
      endOfField();
      inHeader = false;
    }
  }

  /** How many there were so far. */
  public int count() {
    return count;
  }

  /** What they say, unfolded, without space around it. */
  public List<String> values() {
    return List.copyOf(values);
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
        boolean leads = value.size() == 0 && (b == ' ' || b == '\t');
        if (!leads && value.size() <= MAX_VALUE) {
          value.write(b);
        }
      } else if (matched >= 0) {
        match(b);
      }
    }
  }

  private void match(byte b) {
    if (matched < name.length) {
      matched = lower(b) == name[matched] ? matched + 1 : -1;
    } else if (b == ':') {
      inValue = true;
    } else if (b != ' ' && b != '\t') {
      matched = -1;
    }
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
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
      if (++count <= maxFields) {
        boolean fits = value.size() <= MAX_VALUE;
        values.add(fits ? value.toString(StandardCharsets.UTF_8).strip() : "");
      }
      inValue = false;
      matched = 0;
      value.reset();
    }
  }
}
