package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.mailbox.Mailboxes;
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
import org.everpost.wire.mime.convert.BodyConversion;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications to a sender elsewhere. */
final class BouncerTest {

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(9);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  private final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, EventSink.NONE);
  private final ReturnAddresses returns = new ReturnAddresses(directory, store, clock, random);
  private final List<Event> events = new ArrayList<>();
  private final Bouncer bouncer =
      new Bouncer(
          DomainName.of("mx.example.test"),
          directory,
          returns,
          mailboxes,
          new Delivery(mailboxes, clock, EventSink.NONE),
          store.blobs(),
          _ -> Language.ENGLISH,
          clock,
          random,
          events::add);

  @AfterEach
  void close() {
    store.close();
  }

  private SpooledMessage message(BlobId blob) {
    return message(OutboundHouse.path("far@away.test"), blob);
  }

  private SpooledMessage message(Path from, BlobId blob) {
    return message(from, blob, FakeRelay.refused().reason());
  }

  private SpooledMessage message(Path from, BlobId blob, Reason why) {
    return message(
        new Envelope(from, Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null), blob, why);
  }

  private SpooledMessage message(Envelope envelope, BlobId blob, Reason why) {
    Instant now = clock.instant();
    SpooledRecipient failed =
        SpooledRecipient.fresh(OutboundHouse.path("b@peer.test"), Set.of(), null, now)
            .ended(State.FAILED, false, now, why);
    return new SpooledMessage(
        new SpoolId(1),
        now,
        "info@example.test",
        envelope,
        "",
        blob,
        0,
        100,
        now.plus(Duration.ofDays(5)),
        false,
        null,
        List.of(failed));
  }

  private String told(SpooledMessage message) throws IOException {
    Notice notice = bouncer.write(message, message.recipients(), false);
    assertThat(notice.deliveries()).isEmpty();
    assertThat(notice.leaving()).hasSize(1);
    Departure departure = notice.leaving().getFirst();
    try (InputStream in = store.blobs().open(departure.blob(), departure.skip(), Long.MAX_VALUE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aFailureIsToldWithTheMessage() throws IOException {
    byte[] text = "Subject: about something\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII);
    BlobId blob = store.blobs().put(new ByteArrayInputStream(text));
    assertThat(told(message(blob)))
        .contains("Final-Recipient: rfc822; b@peer.test", "nobody here")
        .contains("message/rfc822\r\n", "\r\nSubject: about something\r\n\r\nHello\r\n");
  }

  /** RFC 3464 §2.3.5: neither the port nor the address of a host that has a name. */
  @ParameterizedTest
  @CsvSource({
    "mx.peer.test, mx.peer.test",
    "mx.peer.test[192.0.2.1]:25, mx.peer.test",
    "192.0.2.1[192.0.2.1]:25, [192.0.2.1]",
    "2001:db8:0:0:0:0:0:1[2001:db8:0:0:0:0:0:1]:25, [IPv6:2001:db8:0:0:0:0:0:1]",
  })
  void whoRefusedItHasANameOrAnAddress(String peer, String told) throws IOException {
    Reason why = new Reason(EnhancedStatusCode.of("5.1.1"), "550 5.1.1 nobody here", peer);
    SpooledMessage message =
        message(OutboundHouse.path("far@away.test"), BlobId.of(clock.instant(), 1, 2), why);
    assertThat(told(message)).contains("\r\nRemote-MTA: dns; " + told + "\r\n");
  }

  /** It would be tried for ever, and the sender would never know. */
  @Test
  void aFailureIsToldEvenIfTheMessageCannotBeRead() throws IOException {
    assertThat(told(message(BlobId.of(clock.instant(), 1, 2))))
        .contains("Final-Recipient: rfc822; b@peer.test", "nobody here")
        .contains("text/rfc822-headers\r\n");
  }

  /** Where it goes there may be a server that takes ASCII only, and nobody hears if it refuses. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        Subject: x
        Content-Type: multipart/signed; boundary=b

        --b
        Content-Transfer-Encoding: 8bit

        \u00e4
        --b

        x
        --b--
        """,
        """
        Subject: x
        Content-Type: multipart/mixed; boundary="\u00e4"

        --\u00e4

        \u00e4
        --\u00e4--
        """,
        """
        Subject: x
        X-\u00e4: y

        Hello
        """,
      })
  void whatCannotBeWrittenInAsciiIsNotEnclosed(String text) throws IOException {
    byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    BlobId blob = store.blobs().put(new ByteArrayInputStream(octets));
    String told = told(message(blob));
    assertThat(told)
        .contains("Final-Recipient: rfc822; b@peer.test", "nobody here")
        .contains("text/rfc822-headers\r\n", "about your message \"x\"");
    BodyConversion fit =
        BodyConversion.plan(
            () -> new ByteArrayInputStream(told.getBytes(StandardCharsets.UTF_8)),
            BodyConversion.Target.SEVEN_BIT);
    assertThat(fit).isNotInstanceOf(BodyConversion.Impossible.class);
  }

  /** Perhaps somebody else has written it in his name. */
  @Test
  void aStrangerIsNotToldOfWhatWasForwarded() {
    DomainName here = DomainName.of("example.test");
    directory.addDomain(here);
    for (String sender : List.of("far@away.test", "x".repeat(60) + "@away.test")) {
      Path from = returns.forwarded(OutboundHouse.path(sender), here);
      SpooledMessage message = message(from, BlobId.of(clock.instant(), 1, 2));
      events.clear();
      assertThat(bouncer.write(message, message.recipients(), false)).isEqualTo(Notice.NONE);
      assertThat(events)
          .singleElement()
          .isEqualTo(
              new RelayEvent.NobodyTold(
                  message.id().toString(),
                  from.toString(),
                  "<b@peer.test>",
                  FakeRelay.refused().reason().toString()));
    }
  }

  /** To him, and not to the address that stands for him: it would come back to us. */
  @Test
  void aStrangerIsToldIfItIsProvenThatHeIsTheSender() throws IOException {
    DomainName here = DomainName.of("example.test");
    directory.addDomain(here);
    Path stranger = OutboundHouse.path("far@away.test");
    Envelope envelope =
        new Envelope(
            returns.forwarded(stranger, here),
            Body.SEVEN_BIT,
            false,
            TlsDemand.USUAL,
            null,
            "e1",
            EmailAddress.of("far@away.test"));
    SpooledMessage message =
        message(envelope, BlobId.of(clock.instant(), 1, 2), FakeRelay.refused().reason());
    assertThat(told(message))
        .contains("\r\nTo: <far@away.test>\r\n", "Original-Envelope-Id: e1", "nobody here")
        .doesNotContain("SRS0");
    assertThat(events)
        .singleElement()
        .isEqualTo(new RelayEvent.Notified(message.id().toString(), "failed", "far@away.test"));
    for (boolean delay : List.of(true, false)) {
      Departure departure =
          bouncer.write(message, message.recipients(), delay).leaving().getFirst();
      assertThat(departure.envelope().from()).isEqualTo(new Path.Null());
      assertThat(departure.envelope().proven()).isNull();
      assertThat(departure.recipients())
          .singleElement()
          .matches(recipient -> recipient.to().equals(stranger));
    }
  }

  /** No catch-all gets what is for nobody; nobody is told of a delay, and that is no loss. */
  @Test
  void whoeverIsGoneIsNotTold() {
    DomainName here = DomainName.of("example.test");
    directory.addDomain(here);
    SpooledMessage message =
        message(OutboundHouse.path("gone@example.test"), BlobId.of(clock.instant(), 1, 2));
    assertThat(bouncer.write(message, message.recipients(), false)).isEqualTo(Notice.NONE);
    assertThat(events).singleElement().isInstanceOf(RelayEvent.NobodyTold.class);
    SpooledRecipient waiting =
        SpooledRecipient.fresh(OutboundHouse.path("b@peer.test"), Set.of(), null, clock.instant());
    assertThat(bouncer.write(message, List.of(waiting), true)).isEqualTo(Notice.NONE);
    assertThat(events).hasSize(1);
  }
}
