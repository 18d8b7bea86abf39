package org.everpost.core.spf;

import java.net.InetAddress;
import java.util.List;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.NameServer;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/** A name server, and a check by its answers. */
final class SpfFixture implements AutoCloseable {

  static final String CLIENT = "192.0.2.1";
  static final String CLIENT6 = "2001:db8::cb01";
  static final DomainName RECEIVER = DomainName.of("mx.receiver.test");

  final DnsStandIn dns = DnsStandIn.start();
  final ManualClock clock = new ManualClock(); // it is January 2027

  /** One that remembers nothing yet. */
  CachingResolver resolver() {
    return new CachingResolver(
        DnsSettings.usual(List.of(new NameServer(dns.address(), true))),
        clock,
        RandomSource.seeded(1),
        _ -> {});
  }

  SpfResult check(String client, String helo, @Nullable String sender) {
    return new Spf(resolver(), RECEIVER, clock)
        .check(
            InetAddress.ofLiteral(client), helo, sender == null ? null : EmailAddress.of(sender));
  }

  /** Of {@code user@example.test}, whose record this is. */
  SpfResult of(String client, String record) {
    dns.remove("example.test").txt("example.test", record);
    return check(client, "host.client.test", "user@example.test");
  }

  SpfResult of(String record) {
    return of(CLIENT, record);
  }

  @Override
  public void close() {
    dns.close();
  }
}
