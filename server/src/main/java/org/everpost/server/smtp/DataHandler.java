package org.everpost.server.smtp;

import java.io.IOException;
import java.util.List;
import org.everpost.wire.smtp.Reply;

/** DATA: the message itself (RFC 5321 §4.1.1.4). */
final class DataHandler {

  private static final Reply START = Reply.plain(354, "End data with <CR><LF>.<CR><LF>");
  private static final Reply BINARY_NEEDS_BDAT =
      Reply.of(503, "5.5.1", "BINARYMIME is sent by BDAT");

  private final SmtpParts parts;
  private final MessageIntake intake;

  DataHandler(SmtpParts parts, MessageIntake intake) {
    this.parts = parts;
    this.intake = intake;
  }

  List<Reply> handle(SmtpSession session, State.Mailing state) throws IOException {
    if (state.transaction().isBinary()) {
      return List.of(BINARY_NEEDS_BDAT); // RFC 3030 §3
    }
    session.say(START);
    session.flush();
    DataBody body = new DataBody(session.connection(), parts.limits().messageSize());
    List<Reply> replies = intake.take(session, state.hello(), state.transaction(), body);
    session.become(new State.Idle(state.hello()));
    return replies;
  }
}
