package org.everpost.server.smtp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Resolution;
import org.everpost.server.guard.Envelope;
import org.everpost.server.guard.Misdeed;
import org.everpost.server.guard.Ruling;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.jspecify.annotations.Nullable;

/** RCPT: who is to get the message (RFC 5321 §4.1.1.3). */
final class RcptHandler {

  private static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Recipient OK");
  private static final Reply TOO_MANY = Reply.of(452, "4.5.3", "Too many recipients");
  private static final Reply NEEDS_UTF8 = Reply.of(553, "5.6.7", "This address needs SMTPUTF8");
  private static final Reply NO_SUCH_USER = Reply.of(550, "5.1.1", "No such user here");
  private static final Reply DISABLED = Reply.of(550, "5.2.1", "Mailbox disabled");
  private static final Reply NO_RELAY = Reply.of(550, "5.7.1", "Relaying denied");
  private static final Reply TOO_MANY_TARGETS =
      Reply.of(550, "5.2.4", "This address leads to too many others");
  private static final Reply OUR_LITERAL =
      Reply.of(
          550, "5.1.1", "Here addresses have the name of a domain, only postmaster does without");
  private static final Reply UNROUTABLE =
      Reply.of(
          550, "5.4.4", "Mail for this address goes on to others, none of whom can be reached");
  private static final Reply NO_RETURN =
      Reply.of(550, "5.1.1", "This address is not one of ours, or has expired");
  private static final Reply NOTIFICATIONS_ONLY =
      Reply.of(550, "5.7.1", "This address takes notifications with the null sender only");

  private final SmtpParts parts;
  private final Flavour flavour;

  RcptHandler(SmtpParts parts, Flavour flavour) {
    this.parts = parts;
    this.flavour = flavour;
  }

  Reply handle(SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt) {
    Reply refusal = add(session, tx, rcpt);
    if (refusal == null) {
      return RECIPIENT_OK;
    }
    tx.refused();
    if (flavour == Flavour.MX && (refusal.equals(NO_SUCH_USER) || refusal.equals(NO_RELAY))) {
      session.misbehaved(Misdeed.UNKNOWN_RECIPIENT);
    }
    return refusal;
  }

  private @Nullable Reply add(SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt) {
    session.connection().rests(); // the directory may have to be read
    Path to = rcpt.to();
    if (tx.recipients().size() >= parts.limits().recipients()) {
      return TOO_MANY; // RFC 5321 §4.5.3.1.10
    }
    if (to.isInternationalised() && !tx.mail().smtpUtf8()) {
      return NEEDS_UTF8; // RFC 6531 §3.5
    }
    return switch (to) {
      case Path.Address(EmailAddress address) -> addAddress(session, tx, rcpt, address);
      case Path.Postmaster _ -> addPostmaster(session, tx, rcpt);
      case Path.AtLiteral(String local, AddressLiteral literal) -> {
        if (!parts.remote().isOurs(literal)) {
          yield addRemote(session, tx, rcpt);
        }
        yield local.equalsIgnoreCase("postmaster") ? addPostmaster(session, tx, rcpt) : OUR_LITERAL;
      }
      case Path.Null _ -> NO_RELAY;
    };
  }

  private @Nullable Reply addPostmaster(
      SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt) {
    Optional<DomainName> domain = parts.mail().defaultDomain();
    return domain.isEmpty()
        ? NO_RELAY
        : addFor(session, tx, rcpt, new EmailAddress("postmaster", domain.get()));
  }

  private @Nullable Reply addAddress(
      SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt, EmailAddress address) {
    return switch (parts.remote().returned(address)) {
      case Reversed.NotRewritten _ -> addFor(session, tx, rcpt, address);
      case Reversed.Invalid _ -> NO_RETURN;
      case Reversed.Original(EmailAddress sender) -> addReturned(session, tx, rcpt, sender);
    };
  }

  private @Nullable Reply addFor(
      SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt, EmailAddress address) {
    return switch (parts.mail().resolve(address)) {
      case Resolution.NotLocal _ -> addRemote(session, tx, rcpt);
      case Resolution.NoSuchUser _ -> NO_SUCH_USER;
      case Resolution.Disabled _ -> DISABLED;
      case Resolution.TooManyTargets _ -> TOO_MANY_TARGETS;
      case Resolution.Deliver deliver -> {
        List<Path> remote = deliver.remote().stream().<Path>map(Path.Address::new).toList();
        Reply refusal = leadsNowhere(deliver) ? UNROUTABLE : null;
        if (refusal == null) {
          refusal =
              remote.isEmpty()
                  ? noRoom(deliver.accounts(), tx.mail().size())
                  : parts.guard().refusal(session, tx, remote.size());
        }
        if (refusal == null && flavour == Flavour.MX) {
          refusal = unwelcome(session, tx, address);
        }
        if (refusal == null) {
          tx.add(new Transaction.Recipient(rcpt, deliver.accounts(), remote));
        }
        yield refusal;
      }
    };
  }

  /** Comes last: only who has got so far costs a question to a name server. */
  private static @Nullable Reply unwelcome(SmtpSession session, Transaction tx, EmailAddress to) {
    EmailAddress from = tx.mail().from() instanceof Path.Address(EmailAddress it) ? it : null;
    String helo = session.helo();
    return switch (session.connection().visit().judge(new Envelope(helo, from, to))) {
      case Ruling.Welcome _ -> null;
      case Ruling.Greylisted(Duration rest) ->
          Reply.of(
              451,
              "4.7.1",
              "We do not know you yet: try again in " + (rest.toSeconds() + 1) + " seconds");
      case Ruling.Blocked(String reason) ->
          Reply.of(550, "5.7.1", "Mail from your address is refused: " + reason);
    };
  }

  /** Whether all who would get it are elsewhere, and none of them can be reached. */
  private boolean leadsNowhere(Resolution.Deliver deliver) {
    return deliver.accounts().isEmpty()
        && deliver.remote().stream()
            .allMatch(target -> parts.remote().refusal(new Path.Address(target)) != null);
  }

  /**
   * A notification about a message that was forwarded from here goes on to its sender; nothing else
   * does, or whoever has seen such an address could reach him through us.
   */
  private @Nullable Reply addReturned(
      SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt, EmailAddress sender) {
    if (!(tx.mail().from() instanceof Path.Null)) {
      return NOTIFICATIONS_ONLY;
    }
    if (sender.isInternationalised() && !tx.mail().smtpUtf8()) {
      return NEEDS_UTF8;
    }
    if (!(parts.mail().resolve(sender) instanceof Resolution.NotLocal)) {
      return addFor(session, tx, rcpt, sender); // its domain has become ours meanwhile
    }
    Path path = new Path.Address(sender);
    Reply refusal = parts.guard().refusal(session, tx, 1);
    if (refusal == null) {
      refusal = parts.remote().refusal(path);
    }
    if (refusal == null && flavour == Flavour.MX) {
      refusal = unwelcome(session, tx, sender);
    }
    if (refusal == null) {
      tx.add(new Transaction.Recipient(rcpt, List.of(), List.of(path)));
    }
    return refusal;
  }

  /** Mail for others leaves for our users alone: this is no open relay (RFC 5321 §7.9). */
  private @Nullable Reply addRemote(SmtpSession session, Transaction tx, SmtpCommand.Rcpt rcpt) {
    if (flavour != Flavour.SUBMISSION || !session.isLoggedIn()) {
      return NO_RELAY;
    }
    Reply refusal = parts.guard().refusal(session, tx, 1);
    if (refusal == null) {
      refusal = parts.remote().refusal(rcpt.to());
    }
    if (refusal == null) {
      tx.add(new Transaction.Recipient(rcpt, List.of(), List.of(rcpt.to())));
    }
    return refusal;
  }

  /** Refused if nobody has room: for ever where the message would not even fit an empty mailbox. */
  private @Nullable Reply noRoom(List<Account> accounts, long declared) {
    long size = Math.max(declared, 0);
    boolean everFits = false;
    for (Account account : accounts) {
      if (parts.mail().hasRoom(account, size)) {
        return null;
      }
      everFits |= account.quota().allows(size, 1);
    }
    return Replies.mailboxFull(everFits);
  }
}
