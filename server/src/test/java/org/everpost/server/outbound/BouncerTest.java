package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dsn.Language;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Notifications to a sender elsewhere, of a message that was forwarded from here. */
final class BouncerTest {

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(9);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  private final Bouncer bouncer =
      new Bouncer(
          DomainName.of("mx.example.test"),
          new Directory(store.ledger(), store.shared(), clock, random, EventSink.NONE),
          mailboxes,
          new Delivery(mailboxes, clock, EventSink.NONE),
          store.blobs(),
          _ -> Language.ENGLISH,
          clock,
          random,
          EventSink.NONE);

  @AfterEach
  void close() {
    store.close();
  }

  private SpooledMessage message(BlobId blob) {
    Instant now = clock.instant();
    SpooledRecipient failed =
        SpooledRecipient.fresh(OutboundHouse.path("b@peer.test"), Set.of(), null, now)
            .ended(State.FAILED, false, now, FakeRelay.refused().reason());
    return new SpooledMessage(
        new SpoolId(1),
        now,
        "info@example.test",
        new Envelope(OutboundHouse.path("far@away.test"), Body.SEVEN_BIT, false, false, null, null),
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
    List<Departure> leaving = bouncer.send(message, message.recipients(), false);
    assertThat(leaving).hasSize(1);
    Departure departure = leaving.getFirst();
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

  /** It would be tried for ever, and the sender would never know. */
  @Test
  void aFailureIsToldEvenIfTheMessageCannotBeRead() throws IOException {
    assertThat(told(message(BlobId.of(clock.instant(), 1, 2))))
        .contains("Final-Recipient: rfc822; b@peer.test", "nobody here")
        .contains("text/rfc822-headers\r\n");
  }
}
