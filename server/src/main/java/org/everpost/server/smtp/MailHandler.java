package org.everpost.server.smtp;

import org.everpost.core.directory.Account;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;

/** MAIL: a message begins (RFC 5321 §4.1.1.2). */
final class MailHandler {

  private static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Sender OK");
  private static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "Authentication required");
  private static final Reply TOO_MANY =
      Reply.of(421, "4.7.0", "Enough messages for one connection, come again");
  private static final Reply NEEDS_TLS =
      Reply.of(530, "5.7.10", "REQUIRETLS needs TLS on this connection");
  private static final Reply NOT_YOURS =
      Reply.of(553, "5.7.1", "The sender address is not one of yours");

  private final SmtpParts parts;
  private final Flavour flavour;

  MailHandler(SmtpParts parts, Flavour flavour) {
    this.parts = parts;
    this.flavour = flavour;
  }

  Reply handle(SmtpSession session, State.Idle state, SmtpCommand.Mail mail) {
    Account login = session.login();
    if (flavour == Flavour.SUBMISSION) {
      if (login == null) {
        return LOGIN_FIRST; // RFC 6409 §4.3
      }
      if (!mayUse(login, mail.from())) {
        return NOT_YOURS; // RFC 6409 §6.1
      }
    }
    if (mail.requireTls() && !session.connection().isTls()) {
      return NEEDS_TLS; // RFC 8689 §2
    }
    if (mail.size() > parts.limits().messageSize()) {
      return Replies.TOO_LARGE; // RFC 1870 §6.1
    }
    if (!session.isTrusted() && session.messages() >= parts.limits().messages()) {
      session.end();
      return TOO_MANY; // RFC 9422 §4
    }
    session.become(new State.Mailing(state.hello(), new Transaction(mail)));
    return SENDER_OK;
  }

  /** The null path is everybody's: a receipt a mail program sends has it (RFC 8098 §3). */
  private boolean mayUse(Account login, Path from) {
    return switch (from) {
      case Path.Null _ -> true;
      case Path.Address address -> parts.mail().mayUse(login, address.address());
      case Path.AtLiteral _, Path.Postmaster _ -> false;
    };
  }
}
