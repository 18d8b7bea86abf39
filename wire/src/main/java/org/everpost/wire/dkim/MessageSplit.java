package org.everpost.wire.dkim;

import java.io.ByteArrayOutputStream;

/** Keeps the header of a message that passes by, and tells where its body begins. */
final class MessageSplit {

  /** A longer header is neither signed nor verified. */
  static final int MAX_HEADER = 512 * 1024;

  private final ByteArrayOutputStream header = new ByteArrayOutputStream(4096);
  private boolean inBody;
  private boolean lineEmpty = true;
  private boolean tooLong;

  /** Takes the next piece; returns where in it the body begins or goes on, or {@code to}. */
  int feed(byte[] b, int from, int to) {
    int i = from;
    while (!inBody && i < to) {
      byte c = b[i++];
      if (c == '\n') {
        inBody = lineEmpty;
        lineEmpty = true;
      } else if (c != '\r') {
        lineEmpty = false;
      }
    }
    if (header.size() + i - from > MAX_HEADER) {
      tooLong = true;
    } else {
      header.write(b, from, i - from);
    }
    return i;
  }

  boolean inBody() {
    return inBody;
  }

  boolean tooLong() {
    return tooLong;
  }

  byte[] header() {
    return header.toByteArray();
  }
}
