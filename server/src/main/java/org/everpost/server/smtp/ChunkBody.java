package org.everpost.server.smtp;

import java.io.IOException;
import org.everpost.server.net.Connection;
import org.everpost.wire.smtp.LineEnds;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;

/**
 * A message sent by BDAT, piece after piece (RFC 3030 §2). Reading beyond the end of a piece
 * acknowledges it and goes on with the session up to the next piece.
 */
final class ChunkBody extends MessageBody {

  private static final int DISCARD_OCTETS = 8 << 10;

  private final SmtpSession session;
  private final Connection connection;
  private final long maxSize;
  private final boolean binary;
  private final LineEnds lineEnds = new LineEnds();

  private long left;
  private long chunkSize;
  private boolean last;
  private boolean waiting;
  private long announced;

  ChunkBody(SmtpSession session, SmtpCommand.Bdat first, long maxSize, boolean binary) {
    this.session = session;
    this.connection = session.connection();
    this.maxSize = maxSize;
    this.binary = binary;
    next(first);
  }

  /** The session read a BDAT. */
  void next(SmtpCommand.Bdat chunk) {
    left = chunk.size();
    chunkSize = chunk.size();
    last = chunk.last();
    waiting = false;
    announced = announced > Long.MAX_VALUE - left ? Long.MAX_VALUE : announced + left;
  }

  /** Whether the piece that was announced is the last. */
  boolean isLast() {
    return last;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (left == 0) {
      if (last) {
        return end();
      }
      awaitNext();
    }
    if (announced > maxSize) {
      throw new MessageRefusedException(Replies.TOO_LARGE);
    }
    session.flushBeforeWaiting();
    int n = connection.read(target, offset, (int) Math.min(length, left));
    left -= n;
    if (!binary) {
      lineEnds.check(target, offset, offset + n);
      if (lineEnds.bare(false)) {
        throw new MessageRefusedException(Replies.BARE_LINE_END);
      }
    }
    return n;
  }

  private int end() throws MessageRefusedException {
    if (!binary && lineEnds.bare(true)) {
      throw new MessageRefusedException(Replies.BARE_LINE_END);
    }
    return -1;
  }

  /** Acknowledges a piece and lets the session run until there is another. */
  private void awaitNext() throws IOException {
    waiting = true;
    session.say(Reply.of(250, "2.0.0", chunkSize + " octets received"));
    while (waiting) {
      session.step();
      if (!session.isReading(this)) {
        throw new TransactionAbandonedException();
      }
    }
    session.expectMessage();
  }

  @Override
  boolean discard() throws IOException {
    if (left > MAX_DISCARDED) {
      return false;
    }
    byte[] sink = new byte[(int) Math.min(left, DISCARD_OCTETS)];
    while (left > 0) {
      session.flushBeforeWaiting();
      left -= connection.read(sink, 0, (int) Math.min(left, sink.length));
    }
    return true;
  }
}
