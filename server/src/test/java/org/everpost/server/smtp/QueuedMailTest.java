package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.core.dns.SrvRecord;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.server.relay.Routes;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;

/** What is refused before it gets into the queue. */
final class QueuedMailTest {

  private static final DomainName NOWHERE = DomainName.of("nowhere.test");

  @Test
  void aDomainThatDoesNotExistIsRefusedUnlessARouteDecides() {
    Routes byDomain = new Routes(Map.of(NOWHERE, new SmartHost("127.0.0.1", 25, null)), null);
    Routes smartHost = new Routes(Map.of(), new SmartHost("127.0.0.1", 25, null));
    assertThat(QueuedMail.refusal(NOWHERE, new Nothing(), Routes.NONE))
        .hasToString("550 5.1.2 The domain of this address does not exist");
    assertThat(QueuedMail.refusal(NOWHERE, new Nothing(), byDomain)).isNull();
    assertThat(QueuedMail.refusal(NOWHERE, new Nothing(), smartHost)).isNull();
  }

  /** No name exists. */
  private static final class Nothing implements Resolver {

    @Override
    public DnsAnswer<MxRecord> mx(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<Inet4Address> ipv4(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<Inet6Address> ipv6(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<String> txt(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<SrvRecord> srv(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<TlsaRecord> tlsa(DomainName name) {
      return new DnsAnswer.None<>(false, false);
    }

    @Override
    public DnsAnswer<DomainName> ptr(InetAddress address) {
      return new DnsAnswer.None<>(false, false);
    }
  }
}
