package org.everpost.server.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.delivery.DeliveryResult;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.mailbox.IncomingMessage;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.LastAttempt;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobMissingException;
import org.everpost.store.Blobs;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Action;
import org.everpost.wire.dsn.DeliveryStatus;
import org.everpost.wire.dsn.Enclosure;
import org.everpost.wire.dsn.Language;
import org.everpost.wire.dsn.Notification;
import org.everpost.wire.dsn.RecipientStatus;
import org.everpost.wire.dsn.TypedValue;
import org.everpost.wire.mime.convert.BodyConversion;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/**
 * Writes delivery status notifications (RFC 3464), to senders of ours into their mailboxes, to
 * those elsewhere whose addresses we can trust into the queue. Never to nobody: a message with the
 * null reverse-path is never notified of (RFC 5321 §6.1). Nor to a stranger whose message an
 * address of ours has forwarded, unless SPF has shown that it is his: that is in the log (decision
 * 11).
 */
public final class Bouncer implements Notices {

  /** A larger message is not enclosed, its header is. */
  private static final long ENCLOSED_OCTETS = 50_000;

  private static final int HEADER_OCTETS = 64 << 10;
  private static final String RETURN_PATH = "Return-Path: <>\r\n";

  private final DomainName hostname;
  private final Directory directory;
  private final ReturnAddresses returns;
  private final Mailboxes mailboxes;
  private final Delivery delivery;
  private final Blobs blobs;
  private final Function<EmailAddress, Language> languages;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;

  /**
   * @param languages what the owner of an address reads
   */
  public Bouncer(
      DomainName hostname,
      Directory directory,
      ReturnAddresses returns,
      Mailboxes mailboxes,
      Delivery delivery,
      Blobs blobs,
      Function<EmailAddress, Language> languages,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.hostname = Objects.requireNonNull(hostname, "hostname");
    this.directory = directory;
    this.returns = returns;
    this.mailboxes = mailboxes;
    this.delivery = delivery;
    this.blobs = blobs;
    this.languages = languages;
    this.clock = clock;
    this.random = random;
    this.events = events;
  }

  @Override
  public Notice write(SpooledMessage message, List<SpooledRecipient> about, boolean delay) {
    EmailAddress sender = sender(message.envelope());
    if (sender == null) {
      return nobody(message, about);
    }
    return switch (directory.resolve(sender)) {
      case Resolution.Deliver(List<Account> accounts, List<EmailAddress> remote) ->
          write(message, about, delay, sender, accounts, remote);
      case Resolution.NotLocal _ ->
          write(message, about, delay, sender, List.of(), List.of(sender));
      case Resolution.NoSuchUser _, Resolution.Disabled _, Resolution.TooManyTargets _ ->
          nobody(message, about); // whoever sent it is gone
    };
  }

  /** Who is to be told; null: nobody knows him, or is to. */
  private @Nullable EmailAddress sender(Envelope envelope) {
    if (envelope.proven() != null) {
      return envelope.proven();
    }
    return envelope.from() instanceof Path.Address(EmailAddress from)
            && !returns.isReturnAddress(from)
        ? from
        : null;
  }

  /** No failure goes unnoticed. */
  private Notice nobody(SpooledMessage message, List<SpooledRecipient> about) {
    for (SpooledRecipient recipient : about) {
      LastAttempt last = recipient.last();
      if (recipient.state() == State.FAILED) {
        events.accept(
            new RelayEvent.NobodyTold(
                message.id().toString(),
                message.envelope().from().toString(),
                recipient.to().toString(),
                last == null ? "" : last.reason().toString()));
      }
    }
    return Notice.NONE;
  }

  private Notice write(
      SpooledMessage message,
      List<SpooledRecipient> about,
      boolean delay,
      EmailAddress sender,
      List<Account> accounts,
      List<EmailAddress> remote) {
    Written written = written(message, about, delay, sender, !remote.isEmpty());
    events.accept(
        new RelayEvent.Notified(
            message.id().toString(),
            written.notification().status().worst().keyword(),
            sender.toString()));
    return new Notice(
        accounts.stream().map(account -> delivery(written.stored(), account)).toList(),
        remote.isEmpty() ? List.of() : List.of(departure(written, message.envelope(), remote)));
  }

  /** A notification, and its text in the store. */
  private record Written(Notification notification, IncomingMessage stored) {}

  /**
   * With as much of the message as can be read and, if it leaves, gets through to every server: the
   * sender has to do without what was enclosed, but not without the news.
   */
  private Written written(
      SpooledMessage message,
      List<SpooledRecipient> about,
      boolean delay,
      EmailAddress sender,
      boolean leaves) {
    try {
      byte[] header = header(message);
      for (Ret ret : new @Nullable Ret[] {message.envelope().ret(), Ret.HDRS}) {
        Notification notification = notification(message, about, delay, sender, header, ret);
        Written written = new Written(notification, store(notification, content(message)));
        if (!leaves || getsThrough(written)) {
          return written;
        }
      }
    } catch (BlobDamagedException | BlobMissingException e) {
      // It cannot be read.
    }
    Notification bare = notification(message, about, delay, sender, null, null);
    return new Written(bare, store(bare, InputStream.nullInputStream()));
  }

  /**
   * Whether a server that takes no 8-bit text can be given it (RFC 6152 §3). Nobody would be told
   * that it cannot: it has no sender.
   */
  private boolean getsThrough(Written written) {
    if (written.notification().smtpUtf8() || written.notification().body() == Body.SEVEN_BIT) {
      return true;
    }
    BodyConversion.Source text =
        () -> blobs.open(written.stored().blob(), RETURN_PATH.length(), Long.MAX_VALUE);
    try {
      return !(BodyConversion.plan(text, BodyConversion.Target.SEVEN_BIT)
          instanceof BodyConversion.Impossible);
    } catch (IOException e) {
      throw new StoreUnavailableException("what was just stored cannot be read", e);
    }
  }

  private Runnable delivery(IncomingMessage notification, Account account) {
    return () -> {
      DeliveryResult _ = delivery.deliver(notification, account, Quota.UNLIMITED, "");
    };
  }

  /**
   * @param header the message's; null: nothing of it is enclosed
   * @param ret what of it is wanted
   */
  private Notification notification(
      SpooledMessage message,
      List<SpooledRecipient> about,
      boolean delay,
      EmailAddress sender,
      byte @Nullable [] header,
      @Nullable Ret ret) {
    List<RecipientStatus> recipients = new ArrayList<>();
    for (SpooledRecipient recipient : about) {
      recipients.add(status(message, recipient, delay));
    }
    Envelope envelope = message.envelope();
    DeliveryStatus status =
        new DeliveryStatus(
            envelope.envid(), TypedValue.host(hostname.ascii()), message.accepted(), recipients);
    Enclosure enclosure =
        header == null
            ? Enclosure.HEADER
            : Enclosure.choose(
                envelope.requireTls() ? Ret.HDRS : ret, // RFC 8689 §5
                status.worst(),
                message.size(),
                ENCLOSED_OCTETS,
                envelope.body());
    return new Notification(
        languages.apply(sender),
        new EmailAddress("mailer-daemon", directory.defaultDomain().orElse(hostname)),
        new Path.Address(sender),
        clock.instant(),
        token(),
        status,
        new Notification.Original(
            header == null ? new byte[0] : header,
            envelope.body(),
            envelope.smtpUtf8(),
            enclosure));
  }

  private String token() {
    return String.format("%016x%016x", random.nextLong(), random.nextLong());
  }

  private static RecipientStatus status(
      SpooledMessage message, SpooledRecipient recipient, boolean delay) {
    LastAttempt last = recipient.last();
    Reason reason =
        last == null ? Reason.ours("4.4.7", "It could not be tried yet") : last.reason();
    String peer = reason.peer();
    return new RecipientStatus(
        recipient.orcpt() == null ? null : TypedValue.parse(recipient.orcpt()),
        TypedValue.of(recipient.to()),
        action(recipient, delay),
        status(reason, recipient, delay),
        peer == null ? null : remote(peer),
        peer == null
            ? new TypedValue("x-everpost", reason.text())
            : TypedValue.reply(reason.text()),
        last == null ? null : last.at(),
        delay ? message.expires() : null);
  }

  /**
   * RFC 3464 §2.3.5: the name alone, or the address of who has none. The log has both, as in {@code
   * mx.example.org[192.0.2.1]:25}.
   */
  private static TypedValue remote(String peer) {
    int bracket = peer.indexOf('[');
    String name = bracket < 0 ? peer : peer.substring(0, bracket);
    try {
      String literal = name.indexOf(':') < 0 ? name : "IPv6:" + name;
      return TypedValue.host(new AddressLiteral(literal).toString());
    } catch (IllegalArgumentException e) {
      return TypedValue.host(name);
    }
  }

  private static Action action(SpooledRecipient recipient, boolean delay) {
    return delay
        ? Action.DELAYED
        : switch (recipient.state()) {
          case RELAYED -> Action.RELAYED;
          case DELIVERED -> Action.DELIVERED;
          case EXPANDED -> Action.EXPANDED;
          case WAITING, FAILED, DELETED -> Action.FAILED;
        };
  }

  /** RFC 3463 §2: the class says whether it was taken; a delay is one of class 4. */
  private static EnhancedStatusCode status(
      Reason reason, SpooledRecipient recipient, boolean delay) {
    EnhancedStatusCode said = reason.status();
    boolean taken =
        switch (recipient.state()) {
          case RELAYED, DELIVERED, EXPANDED -> true;
          case WAITING, FAILED, DELETED -> false;
        };
    int severity = delay ? 4 : taken ? 2 : said.severity() == 2 ? 5 : said.severity();
    return new EnhancedStatusCode(severity, said.subject(), said.detail());
  }

  private byte[] header(SpooledMessage message) {
    try (InputStream content = content(message)) {
      return content.readNBytes(HEADER_OCTETS);
    } catch (IOException e) {
      throw new StoreUnavailableException("a message in the queue cannot be read", e);
    }
  }

  private InputStream content(SpooledMessage message) {
    return new SequenceInputStream(
        octets(message.prefix()), blobs.open(message.blob(), message.skip(), Long.MAX_VALUE));
  }

  private static InputStream octets(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private IncomingMessage store(Notification notification, InputStream original) {
    try (InputStream rendered = notification.render(original)) {
      return mailboxes.receive(new SequenceInputStream(octets(RETURN_PATH), rendered));
    } catch (IOException e) {
      throw new StoreUnavailableException("a notification cannot be written", e);
    }
  }

  private Departure departure(Written written, Envelope original, List<EmailAddress> to) {
    Instant now = clock.instant();
    Envelope envelope =
        new Envelope(
            new Path.Null(),
            written.notification().body(),
            written.notification().smtpUtf8(),
            original.requireTls() ? TlsDemand.REQUIRED : TlsDemand.USUAL,
            null,
            null);
    return new Departure(
        "",
        envelope,
        "",
        written.stored().blob(),
        RETURN_PATH.length(),
        written.stored().size(),
        to.stream()
            .map(a -> SpooledRecipient.fresh(new Path.Address(a), Set.of(), null, now))
            .toList());
  }
}
