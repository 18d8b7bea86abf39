package org.everpost.server.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.everpost.core.directory.Account;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.AuthResult;
import org.everpost.core.password.Authenticator;
import org.everpost.wire.imap.CommandContext;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.jspecify.annotations.Nullable;

/** LOGIN and AUTHENTICATE (RFC 9051 §6.2.2 and §6.2.3). */
final class LoginHandler {
  private final ImapSettings settings;
  private final Mailboxes mailboxes;
  private final Authenticator authenticator;

  LoginHandler(ImapSettings settings, Mailboxes mailboxes, Authenticator authenticator) {
    this.settings = settings;
    this.mailboxes = mailboxes;
    this.authenticator = authenticator;
  }

  Reply login(ImapCommand.Login command, Dialogue dialogue) {
    if (!Capabilities.passwordsAllowed(dialogue)) {
      return privacyRequired();
    }
    return finish(command.user(), command.password(), "LOGIN", dialogue);
  }

  Reply authenticate(ImapCommand.Authenticate command, Dialogue dialogue) throws IOException {
    if (!command.mechanism().equals("PLAIN")) {
      return Reply.no(ResponseCode.Plain.CANNOT, "Unknown mechanism");
    }
    if (!Capabilities.passwordsAllowed(dialogue)) {
      return privacyRequired();
    }
    byte[] response = command.initialResponse();
    if (response == null) {
      dialogue.out().goOn("");
      String line = dialogue.connection().readLine(CommandContext.MAX_LINE_BEFORE_LOGIN).latin1();
      if (line.equals("*")) {
        return Reply.bad("AUTHENTICATE cancelled");
      }
      response = decode(line);
    }
    String[] fields =
        response == null
            ? new String[0]
            : new String(response, StandardCharsets.UTF_8).split("\0", -1);
    if (fields.length != 3) {
      return Reply.bad("Malformed response");
    }
    // RFC 4616 §2: acting for somebody else is not offered.
    if (!fields[0].isEmpty() && !fields[0].equals(fields[1])) {
      return Reply.no(ResponseCode.Plain.AUTHORIZATIONFAILED, "Not allowed");
    }
    return finish(fields[1], fields[2], "PLAIN", dialogue);
  }

  private static byte @Nullable [] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Reply privacyRequired() {
    return Reply.no(ResponseCode.Plain.PRIVACYREQUIRED, "Passwords need TLS: STARTTLS first");
  }

  private Reply finish(String name, String password, String mechanism, Dialogue dialogue) {
    return switch (authenticator.authenticate(name, password, mechanism, dialogue.connection())) {
      case AuthResult.Success(Account account) -> {
        State.User user = new State.User(account, mailboxes.open(account.id()));
        dialogue.state(new State.Authenticated(user));
        dialogue.connection().noDeadline();
        yield Reply.ok(
            new ResponseCode.Capability(Capabilities.of(dialogue, settings)), "Logged in");
      }
      case AuthResult.Failure() ->
          failed(
              Reply.no(ResponseCode.Plain.AUTHENTICATIONFAILED, "Wrong name or password"),
              dialogue);
      case AuthResult.Throttled _, AuthResult.Unavailable _ ->
          failed(Reply.no(ResponseCode.Plain.UNAVAILABLE, "Try again later"), dialogue);
    };
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
