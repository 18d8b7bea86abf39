package org.everpost.server.smtp;

import java.io.IOException;
import org.everpost.server.net.Connection;
import org.everpost.wire.smtp.DataDecoder;

/** A message sent by DATA (RFC 5321 §4.1.1.4). */
final class DataBody extends MessageBody {

  private static final int DISCARD_OCTETS = 8 << 10;

  private final Connection connection;
  private final long maxSize;
  private final DataDecoder decoder = new DataDecoder();
  private long size;
  private int used;

  DataBody(Connection connection, long maxSize) {
    this.connection = connection;
    this.maxSize = maxSize;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int produced = 0;
    while (produced == 0 && !decoder.ended()) {
      produced = decode(target, offset, length);
      if (decoder.malformed()) {
        throw new MessageRefusedException(Replies.BARE_LINE_END);
      }
    }
    size += produced;
    if (size > maxSize) {
      throw new MessageRefusedException(Replies.TOO_LARGE);
    }
    return produced == 0 ? -1 : produced;
  }

  private int decode(byte[] target, int offset, int length) throws IOException {
    int n = connection.read(target, offset, length);
    used = decoder.decode(target, offset, offset + n, target, offset);
    if (used < n) {
      connection.unread(target, offset + used, n - used);
    }
    return decoder.produced();
  }

  @Override
  boolean discard() throws IOException {
    byte[] sink = decoder.ended() ? new byte[0] : new byte[DISCARD_OCTETS];
    long discarded = 0;
    while (!decoder.ended()) {
      decode(sink, 0, sink.length);
      discarded += used;
      if (discarded > MAX_DISCARDED) {
        return false;
      }
    }
    return true;
  }
}
