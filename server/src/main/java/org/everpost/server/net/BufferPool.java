package org.everpost.server.net;

import java.util.concurrent.ArrayBlockingQueue;

/** Byte arrays of one size for whoever needs one for a moment. Safe for any number of threads. */
final class BufferPool {

  private final int size;
  private final ArrayBlockingQueue<byte[]> free;

  BufferPool(int size, int kept) {
    this.size = size;
    this.free = new ArrayBlockingQueue<>(kept);
  }

  byte[] take() {
    byte[] buffer = free.poll();
    return buffer != null ? buffer : new byte[size];
  }

  /** How long each of them is. */
  int size() {
    return size;
  }

  /** Takes back what {@link #take} gave; a grown replacement of it is left to the collector. */
  void give(byte[] buffer) {
    if (buffer.length == size) {
      free.offer(buffer);
    }
  }
}
