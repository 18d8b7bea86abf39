package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.EmailId;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notifications as their readers get them. */
final class NoticesTest {

  private static final String TEXT = "Return-Path: <x>\r\nSubject: A question\r\n\r\nThe body\r\n";
  private static final int SKIP = TEXT.indexOf('\n') + 1;
  private static final StoredPassword PASSWORD = new StoredPassword("$6$x", null);

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, EventSink.NONE);
  private final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  private final Bouncer bouncer =
      new Bouncer(
          DomainName.of("mx.example.test"),
          directory,
          new ReturnAddresses(directory, store, clock, random),
          mailboxes,
          new Delivery(mailboxes, clock, EventSink.NONE),
          store.blobs(),
          address -> directory.language(address).orElse(Language.ENGLISH),
          clock,
          random,
          EventSink.NONE);

  @BeforeEach
  void people() {
    directory.addDomain(DomainName.of("example.test"));
    add("alice@example.test", null);
    add("otto@example.test", Language.GERMAN);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void add(String address, @Nullable Language language) {
    directory.addAccount(EmailAddress.of(address), PASSWORD, Quota.UNLIMITED, language);
  }

  private static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  private SpooledMessage message(
      String from, @Nullable Ret ret, boolean requireTls, State state, Reason reason) {
    BlobId blob;
    try {
      blob = store.blobs().put(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Instant now = clock.instant();
    return new SpooledMessage(
        new SpoolId(7),
        now,
        from,
        new Envelope(
            path(from),
            Body.SEVEN_BIT,
            false,
            requireTls ? TlsDemand.REQUIRED : TlsDemand.USUAL,
            ret,
            "e1"),
        "",
        blob,
        SKIP,
        TEXT.length() - SKIP,
        now,
        false,
        null,
        List.of(
            SpooledRecipient.settled(
                path("bob@example.test"),
                Set.of(Notify.SUCCESS),
                "rfc822;b@first.test",
                state,
                now,
                reason)));
  }

  private List<Departure> send(SpooledMessage message) {
    Notice notice = bouncer.write(message, message.recipients(), false);
    notice.deliveries().forEach(Runnable::run);
    return notice.leaving();
  }

  private String inbox(String address) {
    MailAccount mail =
        mailboxes.open(directory.account(EmailAddress.of(address)).orElseThrow().id());
    MessageList messages = mail.load(mail.view().inbox().id()).orElseThrow().loaded();
    List<EmailId> ids = new ArrayList<>();
    for (int i = 0; i < messages.count(); i++) {
      ids.add(messages.email(i));
    }
    @Nullable Email last = mail.emails(ids).getLast();
    return content(Objects.requireNonNull(last).blob());
  }

  private String content(BlobId blob) {
    try (InputStream in = mailboxes.content(blob, 0, Long.MAX_VALUE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoeverIsHereFindsItInTheMailbox() {
    Reason delivered = Reason.ours("2.1.5", "Delivered into the mailbox");
    assertThat(send(message("alice@example.test", null, false, State.DELIVERED, delivered)))
        .isEmpty();
    assertThat(inbox("alice@example.test"))
        .startsWith("Return-Path: <>\r\n")
        .contains(
            "\r\nSubject: Your message was delivered\r\n",
            "\r\nOriginal-Envelope-Id: e1\r\n",
            "\r\nOriginal-Recipient: rfc822; b@first.test\r\n",
            "\r\nFinal-Recipient: rfc822; bob@example.test\r\n",
            "\r\nAction: delivered\r\n",
            "\r\nStatus: 2.1.5\r\n",
            "\r\nSubject: A question\r\n")
        .doesNotContain("The body");
    Reason expanded = Reason.ours("2.1.5", "Passed on to several others");
    assertThat(send(message("alice@example.test", null, false, State.EXPANDED, expanded)))
        .isEmpty();
    assertThat(inbox("alice@example.test"))
        .contains("\r\nAction: expanded\r\n", "\r\nStatus: 2.1.5\r\n");
  }

  @Test
  void inTheLanguageOfItsReader() {
    Reason delivered = Reason.ours("2.1.5", "Delivered into the mailbox");
    send(message("otto@example.test", null, false, State.DELIVERED, delivered));
    assertThat(inbox("otto@example.test"))
        .contains(
            "\r\nSubject: Ihre Nachricht wurde zugestellt\r\n", "\r\nContent-Language: de\r\n");
  }

  @Test
  void whoeverIsElsewhereIsSentIt() {
    Reason delivered = Reason.ours("2.1.5", "Delivered into the mailbox");
    List<Departure> leaving =
        send(message("x@elsewhere.test", null, false, State.DELIVERED, delivered));
    assertThat(leaving).hasSize(1);
    assertThat(leaving.getFirst().envelope().from()).isEqualTo(new Path.Null());
    assertThat(leaving.getFirst().envelope().requireTls()).isFalse();
    assertThat(leaving.getFirst().recipients())
        .singleElement()
        .matches(recipient -> recipient.to().equals(path("x@elsewhere.test")));
    assertThat(content(leaving.getFirst().blob())).contains("\r\nAction: delivered\r\n");
  }

  /** RFC 8689 §5: it goes back encrypted, and without what was to be protected. */
  @Test
  void whatRequiredTlsIsNotReturnedWhole() {
    Reason refused = Reason.ours("5.7.30", "It does not offer REQUIRETLS");
    List<Departure> plain =
        send(message("x@elsewhere.test", Ret.FULL, false, State.FAILED, refused));
    assertThat(content(plain.getFirst().blob())).contains("The body");
    List<Departure> secured =
        send(message("x@elsewhere.test", Ret.FULL, true, State.FAILED, refused));
    assertThat(secured.getFirst().envelope().requireTls()).isTrue();
    assertThat(content(secured.getFirst().blob()))
        .contains("\r\nAction: failed\r\n", "\r\nStatus: 5.7.30\r\n")
        .doesNotContain("The body");
  }
}
