package org.everpost.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** The octets of the socket itself. */
final class SocketTransport implements Transport {

  private static final int NONE = -2;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** The octet {@link #await} had to take to learn that there is one; or -1: the end. */
  private int first = NONE;

  private int timeoutMillis;

  SocketTransport(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    if (first == NONE) {
      timeout(timeoutNanos);
      return in.read(target, offset, length);
    }
    if (first < 0) {
      return -1;
    }
    target[offset] = (byte) first;
    first = NONE;
    int more = Math.min(in.available(), length - 1);
    int n = more > 0 ? in.read(target, offset + 1, more) : 0;
    return 1 + Math.max(n, 0);
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (first == NONE) {
      timeout(timeoutNanos);
      first = in.read();
    }
  }

  private void timeout(long nanos) throws IOException {
    int millis = (int) Math.clamp((nanos + 999_999) / 1_000_000, 1L, Integer.MAX_VALUE);
    if (millis != timeoutMillis) {
      socket.setSoTimeout(millis);
      timeoutMillis = millis;
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    out.write(source, offset, length);
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {}

  @Override
  public void release() {}
}
