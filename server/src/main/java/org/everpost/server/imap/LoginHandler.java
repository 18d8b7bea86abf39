package org.everpost.server.imap;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.AuthResult;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.LoginStep;
import org.everpost.core.password.SaslExchange;
import org.everpost.core.password.SaslLogin;
import org.everpost.server.net.Connection;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.jspecify.annotations.Nullable;

/** LOGIN and AUTHENTICATE (RFC 9051 §6.2.2 and §6.2.3, RFC 4959). */
final class LoginHandler {
  private final ImapSettings settings;
  private final Capabilities capabilities;
  private final Directory directory;
  private final Mailboxes mailboxes;
  private final Authenticator authenticator;
  private final SaslLogin logins;

  LoginHandler(ImapParts parts, Capabilities capabilities) {
    this.settings = parts.settings();
    this.capabilities = capabilities;
    this.directory = parts.directory();
    this.mailboxes = parts.mailboxes();
    this.authenticator = parts.authenticator();
    this.logins = parts.logins();
  }

  Reply login(ImapCommand.Login command, Dialogue dialogue) {
    Connection connection = dialogue.connection();
    if (!logins.plaintextAllowed(connection)) {
      // RFC 9051 §6.2.3, RFC 5530 §3. The password was not even looked at.
      return Reply.no(ResponseCode.Plain.PRIVACYREQUIRED, "Passwords need TLS: STARTTLS first");
    }
    return finish(
        authenticator.authenticate(command.user(), command.password(), "LOGIN", connection),
        dialogue);
  }

  /** RFC 8437. */
  Reply unauthenticate(Dialogue dialogue) {
    logins.loggedOut(dialogue.connection());
    dialogue.reset();
    dialogue.connection().deadline(settings.login());
    return Reply.ok("Not authenticated any more");
  }

  Reply authenticate(ImapCommand.Authenticate command, Dialogue dialogue) throws IOException {
    Connection connection = dialogue.connection();
    Optional<SaslExchange> started = logins.start(command.mechanism(), connection);
    if (started.isEmpty()) {
      return logins.plaintextAllowed(connection)
          ? Reply.no(ResponseCode.Plain.CANNOT, "Unknown mechanism")
          : Reply.no(ResponseCode.Plain.PRIVACYREQUIRED, "Not without TLS");
    }
    SaslExchange exchange = started.get();
    LoginStep step = exchange.begin(initialResponse(command));
    while (step instanceof LoginStep.Challenge(String base64)) {
      dialogue.out().goOn(base64);
      step = exchange.answer(connection.readLine(SaslExchange.MAX_LINE_CHARACTERS).latin1());
    }
    return switch (step) {
      case LoginStep.Finished(AuthResult result) -> finish(result, dialogue);
      case LoginStep.Cancelled() -> Reply.bad("AUTHENTICATE cancelled");
      case LoginStep.Malformed(), LoginStep.Challenge _ -> Reply.bad("Malformed response");
    };
  }

  /** As SASL exchanges take it: the command's reader has decoded it. */
  private static @Nullable String initialResponse(ImapCommand.Authenticate command) {
    byte[] octets = command.initialResponse();
    if (octets == null) {
      return null;
    }
    return octets.length == 0 ? "=" : Base64.getEncoder().encodeToString(octets);
  }

  private Reply finish(AuthResult result, Dialogue dialogue) {
    return switch (result) {
      case AuthResult.Success(Account account) -> {
        dialogue.state(new State.Authenticated(user(account)));
        dialogue.connection().noDeadline();
        yield Reply.ok(new ResponseCode.Capability(capabilities.of(dialogue)), "Logged in");
      }
      case AuthResult.Failure() ->
          failed(
              Reply.no(ResponseCode.Plain.AUTHENTICATIONFAILED, "Wrong name or password"),
              dialogue);
      case AuthResult.Throttled _, AuthResult.Unavailable _ ->
          failed(Reply.no(ResponseCode.Plain.UNAVAILABLE, "Try again later"), dialogue);
    };
  }

  private State.User user(Account account) {
    return new State.User(
        account,
        mailboxes.open(account.id()),
        () -> directory.account(account.address()).orElse(account).quota());
  }

  private Reply failed(Reply reply, Dialogue dialogue) {
    if (dialogue.failedLogin() < settings.failedLogins()) {
      return reply;
    }
    return reply.then(() -> {
      dialogue.state(new State.Logout());
      dialogue.out().bye(null, "Too many failed logins");
    });
  }
}
