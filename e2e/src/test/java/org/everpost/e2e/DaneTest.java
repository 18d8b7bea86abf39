package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.everpost.core.config.RelayConfig.Tls;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.NameServer;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.Destination;
import org.everpost.server.relay.OwnAddresses;
import org.everpost.server.relay.Relay.Attempt;
import org.everpost.server.relay.RelayLimits;
import org.everpost.server.relay.RelaySettings;
import org.everpost.server.relay.Routes;
import org.everpost.server.relay.SmtpRelay;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.store.memory.MemoryStore;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TLSA records are worth when a real name server validates them (RFC 7672). */
@Tag("slow")
class DaneTest {

  private static final char[] PASSWORD = "password".toCharArray();
  private static final String WRONG = "0102030405060708".repeat(4);

  @TempDir static Path files;

  private static ScriptedPeer peer;
  private static SignedZones zones;
  private static SmtpRelay relay;

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=x");
    openssl("pkcs12 -export -inkey k.pem -in c.pem -out p.p12 -passout pass:password");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(files.resolve("p.p12"))) {
      store.load(in, PASSWORD);
    }
    byte[] certificate = store.getCertificate(store.aliases().nextElement()).getEncoded();
    peer = new ScriptedPeer("127.0.0.1", 0, "peer.example.test", context(store));
    String right =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
    zones =
        new SignedZones()
            .signed("good.test", host("3 0 1 " + right))
            .signed("wrong.test", host("3 0 1 " + WRONG))
            .signed("unusable.test", host("1 0 1 " + WRONG))
            .unsigned("open.test", host("3 0 1 " + WRONG))
            .tampered(
                "bogus.test", host("3 0 1 " + right), right.substring(40), WRONG.substring(40))
            .signed("right-alias.test", alias("mx.open.test", right))
            .signed("wrong-alias.test", alias("mx.open.test", WRONG))
            .signed("plain-alias.test", "@ IN MX 10 a\na IN CNAME mx.open.test.\n")
            .signed("inward-alias.test", alias("mx.good.test", WRONG))
            .start();
    Clock clock = Clock.system();
    RandomSource random = RandomSource.secure();
    CachingResolver resolver =
        new CachingResolver(
            DnsSettings.usual(List.of(new NameServer(zones.recursive(), true))),
            clock,
            random,
            EventSink.NONE);
    DomainName hostname = DomainName.of("mx1.example.test");
    relay =
        new SmtpRelay(
            new RelaySettings(
                hostname,
                peer.port(),
                List.of(),
                Tls.OPPORTUNISTIC,
                Routes.NONE,
                RelayLimits.DEFAULT),
            new OwnAddresses(hostname, List::of),
            resolver,
            new StsPolicies(
                resolver,
                domain -> {
                  throw new IOException("there is no web server of " + domain);
                },
                new MemoryStore(clock, random).hints(),
                clock),
            Authorities.system(),
            TlsReports.NONE,
            clock,
            random);
    Patience.await(
        () -> "no answer from " + zones.recursive(),
        () -> resolver.mx(DomainName.of("good.test")) instanceof DnsAnswer.Found);
  }

  private static void openssl(String arguments) {
    Tool.of(List.of(("openssl " + arguments).split(" ", -1))).in(files).run().good();
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static String host(String tlsa) {
    return "@ IN MX 10 mx\nmx IN A 127.0.0.1\n_%d._tcp.mx IN TLSA %s\n"
        .formatted(peer.port(), tlsa);
  }

  /** A server known by an alias, which has a record of its own. */
  private static String alias(String target, String digest) {
    return "@ IN MX 10 a\na IN CNAME %s.\n_%d._tcp.a IN TLSA 3 0 1 %s\n"
        .formatted(target, peer.port(), digest);
  }

  @AfterAll
  static void stop() {
    relay.close();
    zones.close();
    peer.close();
  }

  private static Attempt connect(String domain) {
    return relay.connect(new Destination.Domain(DomainName.of(domain)), TlsDemand.USUAL, _ -> null);
  }

  private static void assertConnects(String domain) {
    Attempt attempt = connect(domain);
    assertThat(attempt).as(domain).isInstanceOf(Attempt.Connected.class);
    ((Attempt.Connected) attempt).connection().close();
  }

  private static void assertWaits(String domain, String status, String words) {
    Attempt attempt = connect(domain);
    assertThat(attempt).as(domain).isInstanceOf(Attempt.Failed.class);
    Attempt.Failed failed = (Attempt.Failed) attempt;
    assertThat(failed.permanent()).isFalse();
    assertThat(failed.reason().status()).hasToString(status);
    assertThat(failed.reason().text()).contains(words);
  }

  @Test
  void recordsCountWhereTheyAreSigned() {
    assertConnects("good.test");
    assertWaits("wrong.test", "4.7.5", "no TLSA record");
    assertConnects("unusable.test");
    assertConnects("open.test");
  }

  @Test
  void nothingGoesWhereTheyAreForged() {
    assertWaits("bogus.test", "4.4.3", "dnssec bogus");
  }

  @Test
  void thoseOfAnAliasCountWhereItIsSigned() {
    assertConnects("right-alias.test");
    assertWaits("wrong-alias.test", "4.7.5", "no TLSA record");
    assertConnects("plain-alias.test");
    assertConnects("inward-alias.test"); // those of the server itself come first
  }
}
