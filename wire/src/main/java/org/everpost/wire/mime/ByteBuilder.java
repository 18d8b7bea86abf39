package org.everpost.wire.mime;

import java.util.Arrays;

/** Octets that grow. */
final class ByteBuilder {

  private byte[] octets;
  private int length;

  ByteBuilder(int capacity) {
    octets = new byte[capacity];
  }

  void append(byte[] b, int from, int to) {
    int n = to - from;
    if (n > octets.length - length) {
      octets = Arrays.copyOf(octets, Math.max(length + n, octets.length * 2));
    }
    System.arraycopy(b, from, octets, length, n);
    length += n;
  }

  void append(int octet) {
    if (length == octets.length) {
      octets = Arrays.copyOf(octets, octets.length * 2);
    }
    octets[length++] = (byte) octet;
  }

  /** The octets up to {@link #length()}; the array changes with the next append. */
  byte[] octets() {
    return octets;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** Forgets what stands from {@code length} on. */
  void truncate(int length) {
    this.length = length;
  }

  byte[] copy() {
    return Arrays.copyOf(octets, length);
  }
}
