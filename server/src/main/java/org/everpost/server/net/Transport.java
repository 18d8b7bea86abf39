package org.everpost.server.net;

import java.io.IOException;

/**
 * A way for octets to and from the peer; they are stacked. One thread reads, one writes.
 *
 * <p>A wait of less than {@link #LONG_NANOS} ends to the millisecond, and reading may go on after
 * it; a longer one ends within a second after its time, and then nothing can be read any more.
 */
interface Transport {

  long LONG_NANOS = 2_000_000_000L;

  /**
   * Waits for octets and takes what is there.
   *
   * @return how many, at least 1; -1 at the end
   * @throws java.net.SocketTimeoutException if none came in time
   */
  int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException;

  /**
   * Waits until there is something to read, or the end, while holding no buffer.
   *
   * @throws java.net.SocketTimeoutException if nothing came in time
   */
  void await(long timeoutNanos) throws IOException;

  /** Whether it is known from {@link #await} that there is the end, and nothing else. */
  default boolean isOver() {
    return false;
  }

  /** Whether reading is work: what comes is deciphered, or unpacked. */
  boolean computes();

  /** Whether reading need not wait for the network; what is there may turn out to be nothing. */
  boolean hasInput() throws IOException;

  void write(byte[] source, int offset, int length) throws IOException;

  /** Sends what was held back. */
  void flush() throws IOException;

  /** Says goodbye to the peer where there is a way to; the thread that writes calls it. */
  void finish() throws IOException;

  /** Gives back what is held beside the socket. Called by the session's thread at its end. */
  void release();
}
