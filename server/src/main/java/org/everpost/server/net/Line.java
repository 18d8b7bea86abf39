package org.everpost.server.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One line as it came, without its end. */
public final class Line {

  private final byte[] bytes;
  private final boolean bareLf;

  Line(byte[] source, int from, int to, boolean bareLf) {
    this.bytes = Arrays.copyOfRange(source, from, to);
    this.bareLf = bareLf;
  }

  /** The octets; the caller's to keep. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  /** Whether it ended in a bare LF instead of CRLF. */
  public boolean bareLf() {
    return bareLf;
  }

  /** As UTF-8, what is malformed replaced. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** One character an octet. */
  public String latin1() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return latin1();
  }
}
