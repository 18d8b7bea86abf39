package org.everpost.server.smtp;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.everpost.core.password.AuthResult;
import org.everpost.core.password.LoginStep;
import org.everpost.core.password.SaslExchange;
import org.everpost.core.password.SaslLogin;
import org.everpost.server.net.Connection;
import org.everpost.server.net.Line;
import org.everpost.wire.sasl.SaslMechanism;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;

/** AUTH: who the user is (RFC 4954). */
final class AuthHandler {

  private static final Reply SUCCEEDED = Reply.of(235, "2.7.0", "Authentication succeeded");
  private static final Reply ALREADY = Reply.of(503, "5.5.1", "Already authenticated");
  private static final Reply UNKNOWN = Reply.of(504, "5.5.4", "Mechanism not supported");
  private static final Reply NEEDS_TLS =
      Reply.of(538, "5.7.11", "Encryption required for this mechanism");
  private static final Reply FAILED = Reply.of(535, "5.7.8", "Authentication credentials invalid");
  private static final Reply LATER =
      Reply.of(454, "4.7.0", "Authentication not possible now, try again later");
  private static final Reply CANCELLED = Reply.of(501, "5.7.0", "Authentication cancelled");
  private static final Reply MALFORMED = Reply.of(501, "5.5.2", "Not a line of Base64");

  private final SaslLogin logins;

  AuthHandler(SaslLogin logins) {
    this.logins = logins;
  }

  /** What EHLO offers on this connection, separated by spaces. */
  String mechanisms(Connection connection) {
    return logins.mechanisms(connection).stream()
        .map(SaslMechanism::registeredName)
        .collect(Collectors.joining(" "));
  }

  Reply handle(SmtpSession session, SmtpCommand.Auth auth) throws IOException {
    if (session.isLoggedIn()) {
      return ALREADY; // RFC 4954 §4
    }
    Connection connection = session.connection();
    Optional<SaslExchange> started = logins.start(auth.mechanism(), connection);
    if (started.isEmpty()) {
      boolean plaintext =
          SaslMechanism.of(auth.mechanism()).map(SaslMechanism::isPlaintext).orElse(false);
      return plaintext ? NEEDS_TLS : UNKNOWN;
    }
    SaslExchange exchange = started.get();
    LoginStep step = exchange.begin(auth.initialResponse());
    while (step instanceof LoginStep.Challenge(String base64)) {
      session.challenge(base64);
      Line line = connection.readLine(Flavour.SUBMISSION.maxLine());
      step = line.bareLf() ? new LoginStep.Malformed() : exchange.answer(line.latin1());
    }
    return switch (step) {
      case LoginStep.Finished(AuthResult result) -> reply(session, result);
      case LoginStep.Cancelled _ -> CANCELLED;
      case LoginStep.Malformed _ -> MALFORMED;
      case LoginStep.Challenge _ -> throw new IllegalStateException("still asking");
    };
  }

  /** The session goes on as if nobody had logged in. */
  void forget(SmtpSession session) {
    logins.loggedOut(session.connection());
    session.login(null);
  }

  private static Reply reply(SmtpSession session, AuthResult result) {
    return switch (result) {
      case AuthResult.Success success -> {
        session.login(success.account());
        yield SUCCEEDED;
      }
      case AuthResult.Failure _ -> FAILED;
      case AuthResult.Throttled _, AuthResult.Unavailable _ -> LATER;
    };
  }
}
