package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.everpost.core.config.RelayConfig;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.Relay.Attempt;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.store.Hints;
import org.everpost.store.memory.MemoryStore;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;

/** A relay, its domain name system, and the peers of a test, all of which use one port. */
final class RelayHouse implements AutoCloseable {

  static final DomainName HOSTNAME = DomainName.of("mx1.example.test");

  /** Short where a test waits for its end, long where nothing is to end. */
  static final RelayLimits LIMITS =
      new RelayLimits(
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          16 << 10,
          Duration.ofMinutes(10),
          8,
          100);

  final FakeResolver dns = new FakeResolver();
  final Map<String, String> stsPolicies = new ConcurrentHashMap<>();
  final List<InetSocketAddress> own = new CopyOnWriteArrayList<>();
  final List<TlsReports.Session> reported = new CopyOnWriteArrayList<>();
  private final List<ScriptedPeer> peers = new ArrayList<>();
  private final SmtpRelay relay;

  /** What must not be done any more. */
  final Map<Permission.Step, Reason> whyNot = new ConcurrentHashMap<>();

  RelayHouse(int port, UnaryOperator<RelaySettings> change) {
    this(port, Authorities.system(), change);
  }

  RelayHouse(int port, Authorities authorities, UnaryOperator<RelaySettings> change) {
    RelaySettings settings =
        new RelaySettings(
            HOSTNAME, port, List.of(), RelayConfig.Tls.OPPORTUNISTIC, Routes.NONE, LIMITS);
    Hints hints = new MemoryStore(Clock.system(), RandomSource.seeded(1)).hints();
    relay =
        new SmtpRelay(
            change.apply(settings),
            new OwnAddresses(HOSTNAME, () -> own),
            dns,
            new StsPolicies(dns, this::policy, hints, Clock.system()),
            authorities,
            reported::add,
            Clock.system(),
            RandomSource.seeded(1));
  }

  private byte[] policy(DomainName domain) throws IOException {
    String policy = stsPolicies.get(domain.ascii());
    if (policy == null) {
      throw new IOException("404");
    }
    return policy.getBytes(StandardCharsets.US_ASCII);
  }

  /** For one peer, which is the only server of {@code there.test}. */
  static RelayHouse with(ScriptedPeer peer) {
    return with(peer, LIMITS);
  }

  static RelayHouse with(ScriptedPeer peer, RelayLimits limits) {
    RelayHouse house = new RelayHouse(peer.port(), s -> withLimits(s, limits));
    house.peers.add(peer);
    house.dns.mx("there.test", 10, "mx.there.test");
    house.dns.address("mx.there.test", peer.address().getAddress().getHostAddress());
    return house;
  }

  static RelaySettings withLimits(RelaySettings s, RelayLimits limits) {
    return new RelaySettings(s.hostname(), s.port(), s.sources(), s.tls(), s.routes(), limits);
  }

  static RelaySettings withRoutes(RelaySettings s, Routes routes) {
    return new RelaySettings(s.hostname(), s.port(), s.sources(), s.tls(), routes, s.limits());
  }

  static RelaySettings withTls(RelaySettings s, RelayConfig.Tls tls) {
    return new RelaySettings(s.hostname(), s.port(), s.sources(), tls, s.routes(), s.limits());
  }

  static RelaySettings withSources(RelaySettings s, String... sources) {
    List<InetAddress> addresses = Arrays.stream(sources).map(InetAddress::ofLiteral).toList();
    return new RelaySettings(s.hostname(), s.port(), addresses, s.tls(), s.routes(), s.limits());
  }

  SmtpRelay relay() {
    return relay;
  }

  Attempt connect(String domain) {
    return relay.connect(
        new Destination.Domain(DomainName.of(domain)), TlsDemand.USUAL, step -> whyNot.get(step));
  }

  /** A session with a server of the domain. */
  RelayConnection session(String domain) {
    Attempt attempt = connect(domain);
    assertThat(attempt).isInstanceOf(Attempt.Connected.class);
    return ((Attempt.Connected) attempt).connection();
  }

  /** Why there is none. */
  Attempt.Failed failure(String domain) {
    Attempt attempt = connect(domain);
    assertThat(attempt).isInstanceOf(Attempt.Failed.class);
    return (Attempt.Failed) attempt;
  }

  /** Sends a small message to {@code there.test} in a session of its own. */
  List<RecipientResult> send(String... recipients) {
    return send(message("Subject: x\r\n\r\nHello\r\n", recipients));
  }

  List<RecipientResult> send(OutgoingMessage message) {
    try (RelayConnection connection = session("there.test")) {
      return connection.send(message);
    }
  }

  /** A message as ISO 8859-1, from {@code me@example.test}. */
  static OutgoingMessage message(String content, String... recipients) {
    return message(content, Body.SEVEN_BIT, recipients);
  }

  static OutgoingMessage message(String content, Body body, String... recipients) {
    byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
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

  static OutgoingMessage withContent(OutgoingMessage m, OutgoingMessage.Content content) {
    return new OutgoingMessage(
        m.from(),
        m.recipients(),
        m.size(),
        m.body(),
        m.smtpUtf8(),
        m.requireTls(),
        m.ret(),
        m.envid(),
        content);
  }

  static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  @Override
  public void close() {
    relay.close();
    peers.forEach(ScriptedPeer::close);
  }
}
