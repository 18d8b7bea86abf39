package org.everpost.core.mailbox;

import java.nio.ByteBuffer;

/** The key of a row: its kind and big-endian numbers, so that byte order is their order. */
final class RowKey {

  private RowKey() {}

  static byte[] of(int kind, int first) {
    return ByteBuffer.allocate(5).put((byte) kind).putInt(first).array();
  }

  static byte[] of(int kind, int first, int second) {
    return ByteBuffer.allocate(9).put((byte) kind).putInt(first).putInt(second).array();
  }

  static byte[] of(int kind, long first) {
    return ByteBuffer.allocate(9).put((byte) kind).putLong(first).array();
  }
}
