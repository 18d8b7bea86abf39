package org.everpost.server.smtp;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.Directory;
import org.everpost.core.sending.Excess;
import org.everpost.core.sending.SendingMeter;
import org.everpost.wire.smtp.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Keeps our users within what they may send elsewhere. Whoever is connected from 127.0.0.1 or ::1
 * is neither counted nor limited, as by no limit of accounts. Safe for any number of threads.
 *
 * <p>The refusal is temporary also where the limit is one of a day: a mail server that sends
 * through us keeps the message and tries again, where 550 would make it give up what can go
 * tomorrow; a person sees the text in either case.
 */
public final class SendingGuard {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Directory directory;
  private final SendingMeter meter;
  private final BiConsumer<Account, String> hold;

  /**
   * @param hold keeps back what the queue still has of an account, for a reason; does not wait
   */
  public SendingGuard(Directory directory, SendingMeter meter, BiConsumer<Account, String> hold) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.meter = Objects.requireNonNull(meter, "meter");
    this.hold = Objects.requireNonNull(hold, "hold");
  }

  /**
   * Why a message cannot have so many more recipients elsewhere; said at RCPT, so that the client
   * may send it to those it has already (RFC 5321 §4.5.3.1.10).
   *
   * @return null: it can
   */
  @Nullable Reply refusal(SmtpSession session, Transaction tx, int more) {
    Optional<AccountDetails> sender = limited(session);
    if (sender.isEmpty()) {
      return null;
    }
    Excess excess = meter.excess(sender.get(), tx.remoteRecipients() + more);
    return excess == null ? null : refused(tx, sender.get(), excess);
  }

  /**
   * Counts a message before anybody gets it: others of the same sender may have come in between.
   *
   * @return null: it is counted
   */
  @Nullable Reply admit(SmtpSession session, Transaction tx) {
    Optional<AccountDetails> sender = tx.hasRemote() ? limited(session) : Optional.empty();
    if (sender.isEmpty()) {
      return null;
    }
    Excess excess = meter.count(sender.get(), tx.remoteRecipients());
    return excess == null ? null : refused(tx, sender.get(), excess);
  }

  /** What was admitted was not accepted. */
  void takeBack(SmtpSession session, Transaction tx) {
    if (tx.hasRemote()) {
      limited(session).ifPresent(sender -> meter.takeBack(sender, tx.remoteRecipients()));
    }
  }

  private Optional<AccountDetails> limited(SmtpSession session) {
    Account login = session.login();
    return login == null || session.connection().isLoopback()
        ? Optional.empty()
        : directory
            .details(login.address())
            .filter(details -> details.account().id().equals(login.id()));
  }

  private Reply refused(Transaction tx, AccountDetails sender, Excess excess) {
    String limit = excess.most() + " " + excess.measure().words();
    if (tx.isFirstExcess() && meter.refused(sender)) {
      hold.accept(
          sender.account(), "The account tried to send far more than " + limit + ", its limit");
    }
    return Reply.of(
        452,
        "4.7.1",
        "Your limit of " + limit + " is reached, go on at " + TIME.format(excess.until()));
  }
}
