package org.everpost.server.smtp;

import java.io.IOException;
import java.io.InputStream;

/** A message as the client sends it, without what only the transport needs. */
abstract class MessageBody extends InputStream {

  /** How much of a message that is refused already is read away before the connection is cut. */
  static final long MAX_DISCARDED = 100_000_000;

  /**
   * Reads the next octets.
   *
   * @return at least 1, or -1 at the end of the message
   * @throws MessageRefusedException if it cannot be taken; {@link #discard} what is left
   */
  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;

  /**
   * Reads up to where the next command begins.
   *
   * @return false if that is too far away: the connection is of no use any more
   */
  abstract boolean discard() throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
