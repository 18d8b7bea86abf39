package org.everpost.server.smtp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Resolution;
import org.everpost.core.event.SmtpEvent;
import org.everpost.core.spf.SpfResult;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.jspecify.annotations.Nullable;

/** What of a message leaves, and how. */
final class Departures {

  private final SmtpParts parts;
  private final Transaction tx;
  private final @Nullable Account login;
  private final boolean fromStranger;
  private final MessageStream stream;
  private final LocalMail.Content content;
  private @Nullable EmailAddress proven;

  Departures(
      SmtpSession session,
      Flavour flavour,
      Transaction tx,
      MessageStream stream,
      LocalMail.Content content) {
    this.parts = session.parts();
    this.tx = tx;
    this.login = session.login();
    this.fromStranger = flavour == Flavour.MX;
    this.stream = stream;
    this.content = content;
  }

  /** Whether an address of ours has forwarded it before. */
  boolean isLoop() {
    for (Transaction.Recipient recipient : tx.recipients()) {
      if (recipient.isForwarded() && stream.wasForwarded(alias(recipient))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Finds out whether a sender elsewhere is who the message says, if he may have to be told
   * something (decision 11). Nothing else depends on it.
   */
  void proveSender(SmtpSession session, String helo) {
    if (!fromStranger
        || !(tx.hasRemote() || tx.recipients().stream().anyMatch(Departures::asksForSuccess))
        || !(tx.mail().from() instanceof Path.Address(EmailAddress sender))
        || !(parts.mail().resolve(sender) instanceof Resolution.NotLocal)) {
      return;
    }
    SpfResult result = parts.remote().check(session.connection().peer().getAddress(), helo, sender);
    parts
        .events()
        .accept(
            new SmtpEvent.SenderChecked(
                session.connection().id(),
                session.connection().peerAddress(),
                tx.mail().from().toString(),
                result.verdict().toString(),
                result.reason()));
    proven = result.isPass() ? sender : null;
  }

  private static boolean asksForSuccess(Transaction.Recipient recipient) {
    return recipient.rcpt().notifyOn().contains(Notify.SUCCESS);
  }

  /** Nobody knows who has sent it. */
  private boolean isUnproven() {
    return fromStranger && proven == null;
  }

  /** The address of ours that forwards. */
  private EmailAddress alias(Transaction.Recipient recipient) {
    return recipient.path() instanceof Path.Address(EmailAddress address)
        ? address
        : new EmailAddress("postmaster", parts.mail().defaultDomain().orElseThrow());
  }

  /** Whether anything leaves: the message, or what its sender wants to be told. */
  boolean any() {
    return tx.hasRemote() || tx.recipients().stream().anyMatch(this::isToBeTold);
  }

  /**
   * Whether the sender is told of this recipient at once (RFC 3461 §5.2.3): it has the message, or
   * it is several. One that is forwarded to one other is that one's to tell of (§5.2.7).
   *
   * <p>Deviates from RFC 3461 §5.2.3: what comes from other servers is told of only if it is proven
   * who its sender is: whoever is named would get what somebody else has asked for.
   */
  private boolean isToBeTold(Transaction.Recipient recipient) {
    return !isUnproven()
        && !(tx.mail().from() instanceof Path.Null)
        && asksForSuccess(recipient)
        && (recipient.remote().isEmpty() || recipient.isSeveral());
  }

  /**
   * One for what the sender addressed elsewhere, one for each address that is forwarded, and one to
   * tell him who has it. However often such addresses are named, and by however many names, nobody
   * gets it from them twice: strangers could make a thousand messages of one.
   *
   * @param delivered whether those here who get what is sent to a recipient have it
   */
  List<Departure> all(Instant now, Predicate<Transaction.Recipient> delivered) {
    List<Departure> all = new ArrayList<>();
    Map<Path, SpooledRecipient> direct = new LinkedHashMap<>();
    Set<Path> served = new HashSet<>();
    for (Transaction.Recipient recipient : tx.recipients()) {
      if (recipient.isForwarded()) {
        List<Path> targets = recipient.remote().stream().filter(served::add).toList();
        if (!targets.isEmpty()) {
          all.add(forwarded(recipient, targets, now));
        }
      } else {
        for (Path to : recipient.remote()) {
          SmtpCommand.Rcpt rcpt = recipient.rcpt();
          direct.putIfAbsent(to, SpooledRecipient.fresh(to, rcpt.notifyOn(), rcpt.orcpt(), now));
        }
      }
    }
    if (!direct.isEmpty()) {
      String sender = Objects.requireNonNull(login, "login").address().toString();
      all.addFirst(departure(sender, tx.mail().from(), null, "", List.copyOf(direct.values())));
    }
    List<SpooledRecipient> told =
        tx.recipients().stream()
            .filter(recipient -> isToBeTold(recipient) && delivered.test(recipient))
            .map(recipient -> told(recipient, now))
            .toList();
    if (!told.isEmpty()) {
      all.add(departure("", tx.mail().from(), null, "", told));
    }
    return all;
  }

  /** By the name the sender knows, whatever it leads to (RFC 3461 §5.2.7). */
  private SpooledRecipient told(Transaction.Recipient recipient, Instant now) {
    SmtpCommand.Rcpt rcpt = recipient.rcpt();
    boolean here = recipient.remote().isEmpty();
    return SpooledRecipient.settled(
        new Path.Address(alias(recipient)),
        rcpt.notifyOn(),
        rcpt.orcpt(),
        here ? State.DELIVERED : State.EXPANDED,
        now,
        Reason.ours("2.1.5", here ? "Delivered into the mailbox" : "Passed on to several others"));
  }

  /**
   * What an address of ours passes on says so (RFC 9228), by which a loop is seen; what was asked
   * about notifications goes with it (RFC 3461 §5.2.7), except success where it is told already, or
   * where we would have to pass it on to a stranger whom nobody knows.
   */
  private Departure forwarded(Transaction.Recipient recipient, List<Path> targets, Instant now) {
    SmtpCommand.Rcpt rcpt = recipient.rcpt();
    EmailAddress alias = alias(recipient);
    String orcpt = rcpt.orcpt() == null ? original(alias) : rcpt.orcpt();
    Set<Notify> notifyOn =
        isUnproven() || isToBeTold(recipient) ? withoutSuccess(rcpt.notifyOn()) : rcpt.notifyOn();
    List<SpooledRecipient> recipients = new ArrayList<>();
    for (Path to : targets) {
      recipients.add(SpooledRecipient.fresh(to, notifyOn, orcpt, now));
    }
    return departure(
        login == null ? alias.toString() : login.address().toString(),
        parts.remote().forwardedFrom(tx.mail().from(), alias),
        proven,
        "Delivered-To: " + alias + "\r\n",
        recipients);
  }

  /** Of nothing else is NEVER: to say nothing would ask for failures. */
  private static Set<Notify> withoutSuccess(Set<Notify> asked) {
    if (!asked.contains(Notify.SUCCESS)) {
      return asked;
    }
    Set<Notify> rest = EnumSet.copyOf(asked);
    rest.remove(Notify.SUCCESS);
    return rest.isEmpty() ? Set.of(Notify.NEVER) : rest;
  }

  /** The field does not count beside the parameter (RFC 8689 §4.1). */
  private TlsDemand tls(SmtpCommand.Mail mail) {
    return mail.requireTls()
        ? TlsDemand.REQUIRED
        : stream.waivesTls() ? TlsDemand.WAIVED : TlsDemand.USUAL;
  }

  /** RFC 3461 §4.2, RFC 6533 §3. */
  private static String original(EmailAddress address) {
    return (address.isInternationalised() ? "utf-8;" : "rfc822;") + address;
  }

  private Departure departure(
      String sender,
      Path from,
      @Nullable EmailAddress standingFor,
      String prefix,
      List<SpooledRecipient> recipients) {
    SmtpCommand.Mail mail = tx.mail();
    SmtpCommand.Body body =
        tx.isBinary()
            ? SmtpCommand.Body.BINARY_MIME
            : stream.isEightBit() ? SmtpCommand.Body.EIGHT_BIT_MIME : SmtpCommand.Body.SEVEN_BIT;
    boolean international =
        from.isInternationalised()
            || stream.isHeaderEightBit()
            || recipients.stream().anyMatch(recipient -> recipient.to().isInternationalised());
    return new Departure(
        sender,
        new Envelope(
            from,
            body,
            mail.smtpUtf8() && international,
            tls(mail),
            mail.ret(),
            mail.envid(),
            standingFor),
        prefix,
        content.blob(),
        stream.returnPathOctets(),
        content.size(),
        recipients);
  }
}
