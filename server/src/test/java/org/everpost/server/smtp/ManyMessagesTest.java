package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.server.net.Service;
import org.everpost.store.BlobId;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many large messages at once: more than the heap of this test could hold. */
@Tag("slow")
class ManyMessagesTest {

  private static final int SESSIONS = 1_000;
  private static final int PIECES = 32;
  private static final String PIECE = ("x".repeat(78) + "\r\n").repeat(1_000);

  @Test
  void nothingIsHeldInMemory() {
    Discarding mail = new Discarding();
    List<SmtpClient> clients = new ArrayList<>();
    try (SmtpHouse house = new SmtpHouse(SmtpLimits.DEFAULT, mail)) {
      for (int i = 0; i < SESSIONS; i++) {
        SmtpClient client = house.connect(Service.SMTP);
        client.ask("EHLO c", "250-").mail("a@b.test", "alice@example.test").ask("DATA", "354");
        clients.add(client);
      }
      for (int piece = 0; piece < PIECES; piece++) {
        clients.forEach(client -> client.send(PIECE));
      }
      assertThat(Runtime.getRuntime().maxMemory())
          .isLessThan((long) SESSIONS * PIECES * PIECE.length());
      clients.forEach(client -> client.send(".\r\n").expect("250 2.0.0"));
    } finally {
      clients.forEach(SmtpClient::close);
    }
    assertThat(mail.octets.get()).isGreaterThan((long) SESSIONS * PIECES * PIECE.length());
  }

  /** Reads every message and keeps none. */
  private static final class Discarding implements LocalMail {

    private final Account alice =
        new Account(
            new AccountId("a"), EmailAddress.of("alice@example.test"), Quota.UNLIMITED, false);
    private final AtomicLong octets = new AtomicLong();

    @Override
    public Resolution resolve(EmailAddress recipient) {
      return new Resolution.Deliver(List.of(alice), List.of());
    }

    @Override
    public Optional<DomainName> defaultDomain() {
      return Optional.empty();
    }

    @Override
    public boolean mayUse(Account account, EmailAddress address) {
      return true;
    }

    @Override
    public boolean hasRoom(Account account, long size) {
      return true;
    }

    @Override
    public boolean isReady(Account account) {
      return true;
    }

    @Override
    public Content receive(InputStream content) throws IOException {
      byte[] buffer = new byte[64 << 10];
      long size = 0;
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        size += n;
      }
      octets.addAndGet(size);
      return new Discarded(size);
    }
  }

  private record Discarded(long size) implements LocalMail.Content {

    @Override
    public BlobId blob() {
      return new BlobId(0, 0);
    }

    @Override
    public boolean deliver(Account account, Quota quota, String connection) {
      return true;
    }
  }
}
