package org.everpost.wire.mime;

/**
 * Finds the structure of a message in one pass over its octets, in whatever portions they come.
 *
 * <p>Not safe for several threads.
 */
public final class MimeScanner {

  /** Takes the next octets. */
  public void feed(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  /** The root part, after the last octet was fed. */
  public MimePart finish() {
    throw new UnsupportedOperationException();
  }
}
