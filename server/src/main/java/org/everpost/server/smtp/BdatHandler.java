package org.everpost.server.smtp;

import java.io.IOException;
import java.util.List;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;

/** BDAT: a piece of the message (RFC 3030 §2). */
final class BdatHandler {

  private final SmtpParts parts;
  private final MessageIntake intake;

  BdatHandler(SmtpParts parts, MessageIntake intake) {
    this.parts = parts;
    this.intake = intake;
  }

  /**
   * The first piece. Returns when the message is complete or lost: the pieces in between are read
   * as the message is being stored.
   */
  List<Reply> begin(SmtpSession session, State.Mailing state, SmtpCommand.Bdat first)
      throws IOException {
    Transaction tx = state.transaction();
    ChunkBody body = new ChunkBody(session, first, parts.limits().messageSize(), tx.isBinary());
    session.become(new State.Chunking(state.hello(), tx, body));
    List<Reply> replies;
    try {
      replies = intake.take(session, state.hello(), tx, body);
    } catch (TransactionAbandonedException _) {
      return List.of();
    }
    session.become(
        body.isLast() ? new State.Idle(state.hello()) : new State.ChunksFailed(state.hello()));
    return body.isLast() ? replies : List.of(replies.getFirst());
  }

  /** Reads away a piece nobody wants, so that the next command is found. */
  void discard(SmtpSession session, SmtpCommand.Bdat chunk) throws IOException {
    session.expectMessage();
    if (!new ChunkBody(session, chunk, 0, true).discard()) {
      session.end();
    }
    if (chunk.last() && session.state() instanceof State.ChunksFailed failed) {
      session.become(new State.Idle(failed.hello()));
    }
  }
}
