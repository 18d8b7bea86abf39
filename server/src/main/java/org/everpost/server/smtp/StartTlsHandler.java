package org.everpost.server.smtp;

import java.io.IOException;
import java.util.List;
import org.everpost.server.net.Connection;
import org.everpost.server.net.IdleTimeoutException;
import org.everpost.wire.smtp.Reply;

/** STARTTLS: everything from here on is encrypted (RFC 3207). */
final class StartTlsHandler {

  private static final Reply GO_AHEAD = Reply.of(220, "2.0.0", "Ready to start TLS");
  private static final Reply ACTIVE = Reply.of(503, "5.5.1", "TLS is active already");
  private static final Reply UNAVAILABLE = Reply.of(454, "4.7.0", "TLS not available");
  private static final Reply PIPELINED =
      Reply.of(554, "5.5.1", "Nothing may follow STARTTLS before TLS");

  private final AuthHandler auth;

  StartTlsHandler(AuthHandler auth) {
    this.auth = auth;
  }

  List<Reply> handle(SmtpSession session) throws IOException {
    Connection connection = session.connection();
    if (connection.isTls()) {
      return List.of(ACTIVE);
    }
    if (!connection.canStartTls()) {
      return List.of(UNAVAILABLE);
    }
    if (connection.buffered() > 0) {
      session.end(); // somebody in the middle may have put it there (CVE-2011-0411)
      return List.of(PIPELINED);
    }
    session.say(GO_AHEAD);
    session.flush();
    try {
      connection.startTls();
    } catch (IdleTimeoutException _) {
      session.end(); // half encrypted, nothing can be said any more
      return List.of();
    }
    auth.forget(session); // RFC 3207 §4.2: nothing that was known holds any longer
    session.become(new State.Connected());
    return List.of();
  }
}
