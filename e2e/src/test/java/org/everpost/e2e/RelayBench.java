package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.everpost.core.config.RelayConfig;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.NameServer;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.Destination;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.OwnAddresses;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay.Attempt;
import org.everpost.server.relay.RelayConnection;
import org.everpost.server.relay.RelayLimits;
import org.everpost.server.relay.RelaySettings;
import org.everpost.server.relay.Routes;
import org.everpost.server.relay.SmtpRelay;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.store.memory.MemoryStore;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.jspecify.annotations.Nullable;

/**
 * The relay alone, with its resolver and a name server, for {@code there.test}, whose one server is
 * {@code mx.there.test} on 127.0.0.1.
 */
final class RelayBench implements AutoCloseable {

  static final String HOST = "mx.there.test";

  private final DnsStandIn dns = DnsStandIn.start();
  private final SmtpRelay relay;
  private volatile @Nullable String policy;

  RelayBench(int port, RelayConfig.Tls tls, Authorities authorities) {
    dns.mx("there.test", 10, HOST).a(HOST, "127.0.0.1").secure(".");
    DomainName hostname = DomainName.of("mx1.example.test");
    Clock clock = Clock.system();
    RandomSource random = RandomSource.seeded(1);
    CachingResolver resolver =
        new CachingResolver(
            DnsSettings.usual(List.of(new NameServer(dns.address(), true))),
            clock,
            random,
            EventSink.NONE);
    relay =
        new SmtpRelay(
            new RelaySettings(
                hostname,
                port,
                List.of(InetAddress.ofLiteral("127.0.0.1")),
                tls,
                Routes.NONE,
                RelayLimits.DEFAULT),
            new OwnAddresses(hostname, List::of),
            resolver,
            new StsPolicies(resolver, this::policy, new MemoryStore(clock, random).hints(), clock),
            authorities,
            TlsReports.NONE,
            clock,
            random);
  }

  /** What web servers of domains have; null: nothing. */
  void policy(String text) {
    policy = text;
  }

  private byte[] policy(DomainName domain) throws IOException {
    String text = policy;
    if (text == null) {
      throw new IOException("there is no web server of " + domain);
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  DnsStandIn dns() {
    return dns;
  }

  Attempt connect() {
    return relay.connect(
        new Destination.Domain(DomainName.of("there.test")), TlsDemand.USUAL, _ -> null);
  }

  RelayConnection session() {
    Attempt attempt = connect();
    assertThat(attempt).isInstanceOf(Attempt.Connected.class);
    return ((Attempt.Connected) attempt).connection();
  }

  /** Whether it got so far as to a session; what came of it. */
  RecipientResult send(String subject, String recipient) {
    return switch (connect()) {
      case Attempt.Connected connected -> {
        try (RelayConnection connection = connected.connection()) {
          yield connection.send(message(subject, recipient)).getFirst();
        }
      }
      case Attempt.Unwelcome unwelcome -> new RecipientResult.Deferred(unwelcome.reason());
      case Attempt.Failed failed ->
          failed.permanent()
              ? new RecipientResult.Refused(failed.reason())
              : new RecipientResult.Deferred(failed.reason());
    };
  }

  static OutgoingMessage message(String subject, String... recipients) {
    return message(subject, ".dots\r\n..\r\n", Body.SEVEN_BIT, recipients);
  }

  static OutgoingMessage message(String subject, String text, Body body, String... recipients) {
    String content =
        "From: me@example.test\r\nSubject: %s\r\nMIME-Version: 1.0\r\n".formatted(subject)
            + "Content-Type: text/plain; charset=utf-8\r\n"
            + (body == Body.SEVEN_BIT ? "\r\n" : "Content-Transfer-Encoding: 8bit\r\n\r\n")
            + text;
    byte[] octets = content.getBytes(StandardCharsets.UTF_8);
    return new OutgoingMessage(
        path("me@example.test"),
        Arrays.stream(recipients).map(r -> new Recipient(path(r), Set.of(), null)).toList(),
        octets.length,
        body,
        false,
        false,
        null,
        null,
        () -> new ByteArrayInputStream(octets));
  }

  private static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  @Override
  public void close() {
    relay.close();
    dns.close();
  }
}
