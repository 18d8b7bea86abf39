package org.everpost.server.tlsrpt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.delivery.DeliveryResult;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.core.mailbox.IncomingMessage;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.tlsrpt.TlsReportMessage;

/**
 * Mails reports (RFC 8460 §5.3): through the queue, which signs them, or into a mailbox of ours.
 * Safe for any number of threads.
 */
public final class ReportMail {

  private final Directory directory;
  private final Mailboxes mailboxes;
  private final Delivery delivery;
  private final Consumer<List<Departure>> queue;
  private final Clock clock;

  /**
   * @param queue takes what leaves
   */
  public ReportMail(
      Directory directory,
      Mailboxes mailboxes,
      Delivery delivery,
      Consumer<List<Departure>> queue,
      Clock clock) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.mailboxes = mailboxes;
    this.delivery = delivery;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Whoever reads it may answer, but nobody is told what became of it (RFC 3461 §4.1). What its
   * domain demands of TLS does not count (RFC 8460 §3); so nothing of that is counted, either.
   */
  void send(TlsReportMessage message) throws IOException {
    String returnPath = "Return-Path: <" + message.from() + ">\r\n";
    byte[] head = returnPath.getBytes(StandardCharsets.US_ASCII);
    IncomingMessage stored =
        mailboxes.receive(
            new SequenceInputStream(
                new ByteArrayInputStream(head), new ByteArrayInputStream(message.render())));
    switch (directory.resolve(message.to())) {
      case Resolution.NotLocal _ -> leave(message, stored, head.length, List.of(message.to()));
      case Resolution.Deliver(List<Account> accounts, List<EmailAddress> remote) -> {
        for (Account account : accounts) {
          DeliveryResult _ = delivery.deliver(stored, account, Quota.UNLIMITED, "");
        }
        if (!remote.isEmpty()) {
          leave(message, stored, head.length, remote);
        }
      }
      case Resolution.NoSuchUser _, Resolution.Disabled _, Resolution.TooManyTargets _ ->
          throw new IOException("there is no such address here");
    }
  }

  private void leave(
      TlsReportMessage message, IncomingMessage stored, int skip, List<EmailAddress> to) {
    Instant now = clock.instant();
    Envelope envelope =
        new Envelope(
            new Path.Address(message.from()), Body.SEVEN_BIT, false, TlsDemand.WAIVED, null, null);
    queue.accept(
        List.of(
            new Departure(
                "",
                envelope,
                "",
                stored.blob(),
                skip,
                stored.size(),
                to.stream()
                    .map(address ->
                        SpooledRecipient.fresh(
                            new Path.Address(address), Set.of(Notify.NEVER), null, now))
                    .toList())));
  }
}
