package org.everpost.server.smtp;

import java.io.IOException;
import java.util.List;
import org.everpost.core.password.SaslLogin;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;

/** Gives each command to what handles it. Without state, one for all sessions of a flavour. */
final class SmtpHandlers {

  private static final Reply BYE = Reply.of(221, "2.0.0", "Bye");
  private static final Reply CANNOT_VERIFY =
      Reply.of(252, "2.1.5", "Cannot verify, but will take a message and try"); // RFC 5321 §3.5.3
  private static final Reply HELP =
      new Reply(
          214,
          EnhancedStatusCode.of("2.0.0"),
          List.of(
              "EHLO HELO LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH",
              "See RFC 5321"));

  private final AuthHandler auth;
  private final HelloHandler hello;
  private final MailHandler mail;
  private final RcptHandler rcpt;
  private final DataHandler data;
  private final BdatHandler bdat;
  private final StartTlsHandler startTls;

  SmtpHandlers(SmtpParts parts, Flavour flavour, SaslLogin logins) {
    auth = new AuthHandler(logins);
    MessageIntake intake = new MessageIntake(parts, flavour);
    hello = new HelloHandler(parts, flavour, auth);
    mail = new MailHandler(parts, flavour);
    rcpt = new RcptHandler(parts, flavour);
    data = new DataHandler(parts, intake);
    bdat = new BdatHandler(parts, intake);
    startTls = new StartTlsHandler(auth);
  }

  /**
   * Handles a command that may come in this state.
   *
   * @return what to answer; nothing where that was done already or comes later
   */
  List<Reply> handle(SmtpSession session, State state, SmtpCommand command) throws IOException {
    return switch (command) {
      case SmtpCommand.Mail m when state instanceof State.Idle idle ->
          List.of(mail.handle(session, idle, m));
      case SmtpCommand.Rcpt r when state instanceof State.Mailing mailing ->
          List.of(rcpt.handle(session, mailing.transaction(), r));
      case SmtpCommand.Data _ when state instanceof State.Mailing mailing ->
          data.handle(session, mailing);
      case SmtpCommand.Bdat b when state instanceof State.Mailing mailing ->
          bdat.begin(session, mailing, b);
      case SmtpCommand.Bdat b when state instanceof State.Chunking chunking -> {
        chunking.body().next(b);
        yield List.of();
      }
      case SmtpCommand.Ehlo h -> List.of(hello.handle(session, h.verb(), h.domain()));
      case SmtpCommand.Helo h -> List.of(hello.handle(session, h.verb(), h.domain()));
      case SmtpCommand.Lhlo h -> List.of(hello.handle(session, h.verb(), h.domain()));
      case SmtpCommand.Rset _ -> {
        session.reset();
        yield List.of(Replies.OK);
      }
      case SmtpCommand.Noop _ -> List.of(Replies.OK);
      case SmtpCommand.Help _ -> List.of(HELP);
      case SmtpCommand.Vrfy _ -> List.of(CANNOT_VERIFY);
      case SmtpCommand.Expn _ -> List.of(Replies.NOT_IMPLEMENTED);
      case SmtpCommand.Quit _ -> {
        session.end();
        yield List.of(BYE);
      }
      case SmtpCommand.StartTls _ -> startTls.handle(session);
      case SmtpCommand.Auth a -> List.of(auth.handle(session, a));
      case SmtpCommand.Mail _, SmtpCommand.Rcpt _, SmtpCommand.Data _, SmtpCommand.Bdat _ ->
          throw new IllegalStateException(command.verb() + " in " + state);
    };
  }

  /** Reads away the octets of a BDAT that was refused. */
  void discardChunk(SmtpSession session, SmtpCommand.Bdat chunk) throws IOException {
    bdat.discard(session, chunk);
  }
}
