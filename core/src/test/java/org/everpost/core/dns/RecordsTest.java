package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;
import static org.everpost.core.dns.DnsFixture.none;

import java.net.InetAddress;
import java.util.List;
import org.everpost.testkit.dns.DnsStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;

/** Each type of record comes as it is. */
class RecordsTest {

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn dns = f.dns;
  private final CachingResolver resolver = f.resolver();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void mx() {
    dns.mx("example.test", 20, "MX2.Example.Test").mx("example.test", 10, "mx1.example.test");
    assertThat(found(resolver.mx(name("example.test"))))
        .isEqualTo(
            new DnsAnswer.Found<>(
                List.of(
                    new MxRecord(20, name("mx2.example.test")),
                    new MxRecord(10, name("mx1.example.test"))),
                name("example.test"),
                false));
  }

  @Test
  void nullMx() {
    dns.mx("silent.test", 0, ".");
    assertThat(found(resolver.mx(name("silent.test"))).records())
        .containsExactly(new MxRecord(0, null));
  }

  @Test
  void addresses() {
    dns.a("host.test", "192.0.2.1", "192.0.2.2").aaaa("host.test", "2001:db8::1");
    assertThat(found(resolver.ipv4(name("host.test"))).records())
        .extracting(InetAddress::getHostAddress)
        .containsExactly("192.0.2.1", "192.0.2.2");
    assertThat(found(resolver.ipv6(name("host.test"))).records())
        .extracting(InetAddress::getHostAddress)
        .containsExactly("2001:db8:0:0:0:0:0:1");
  }

  @Test
  void anIpv4AddressIsNoIpv6Address() {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    dns.add(new AAAARecord(Name.fromConstantString("odd.test."), DClass.IN, 300, mapped));
    assertThat(failed(resolver.ipv6(name("odd.test")))).isEqualTo("no record that can be used");
    dns.add(new AAAARecord(Name.fromConstantString("half.test."), DClass.IN, 300, mapped));
    dns.aaaa("half.test", "2001:db8::1");
    assertThat(found(resolver.ipv6(name("half.test"))).records()).hasSize(1);
  }

  @Test
  void txtIsJoinedAndKeepsItsOctets() {
    dns.txt("long.test", "v=" + "x".repeat(600)).txt("long.test", "a \"quoted\" \\ one");
    dns.add(
        new TXTRecord(
            Name.fromConstantString("eight.test."), DClass.IN, 300, "gr\\195\\188n\\000"));
    assertThat(found(resolver.txt(name("long.test"))).records())
        .containsExactly("v=" + "x".repeat(600), "a \"quoted\" \\ one");
    assertThat(found(resolver.txt(name("eight.test"))).records())
        .containsExactly("gr\u00c3\u00bcn\0");
  }

  @Test
  void srv() {
    dns.zone(
        "example.test",
        """
        _imaps._tcp IN SRV 0 1 993 mail
        _imaps._tcp IN SRV 10 0 9993 Other.Test.
        _pop3s._tcp IN SRV 0 0 0 .
        """);
    assertThat(found(resolver.srv(name("_imaps._tcp.example.test"))).records())
        .containsExactlyInAnyOrder(
            new SrvRecord(0, 1, 993, name("mail.example.test")),
            new SrvRecord(10, 0, 9_993, name("other.test")));
    assertThat(found(resolver.srv(name("_pop3s._tcp.example.test"))).records())
        .containsExactly(new SrvRecord(0, 0, 0, null));
  }

  @Test
  void tlsa() {
    byte[] digest = new byte[32];
    digest[0] = 7;
    dns.tlsa("_25._tcp.mx.test", 3, 1, 1, digest);
    assertThat(found(resolver.tlsa(name("_25._tcp.mx.test"))).records())
        .containsExactly(new TlsaRecord(3, 1, 1, digest));
  }

  @Test
  void ptr() {
    dns.ptr("192.0.2.9", "nine.test").ptr("2001:db8::9", "nine.test");
    for (String address : List.of("192.0.2.9", "2001:db8::9")) {
      assertThat(found(resolver.ptr(InetAddress.ofLiteral(address))).records())
          .containsExactly(name("nine.test"));
    }
    assertThat(none(resolver.ptr(InetAddress.ofLiteral("192.0.2.10"))).nameExists()).isFalse();
  }

  @Test
  void cname() {
    dns.cname("a.test", "b.test").cname("b.test", "c.test").a("c.test", "192.0.2.1");
    assertThat(resolver.cname(name("a.test")))
        .isEqualTo(new DnsAnswer.Found<>(List.of(name("b.test")), name("a.test"), false));
    assertThat(none(resolver.cname(name("c.test"))).nameExists()).isTrue();
  }

  @Test
  void namesNobodyCanUseAreLeftOut() {
    dns.mx("mixed.test", 10, "a b.test").mx("mixed.test", 20, "good.test");
    dns.mx("odd.test", 10, "a b.test").ptr("192.0.2.8", "-bad-.test");
    assertThat(found(resolver.mx(name("mixed.test"))).records())
        .containsExactly(new MxRecord(20, name("good.test")));
    assertThat(failed(resolver.mx(name("odd.test")))).isEqualTo("no record that can be used");
    assertThat(failed(resolver.ptr(InetAddress.ofLiteral("192.0.2.8")))).isNotEmpty();
  }

  @Test
  void noMoreRecordsThanAreAllowed() {
    for (int i = 0; i < 200; i++) {
      dns.mx("many.test", i, "mx" + i + ".many.test");
    }
    assertThat(found(resolver.mx(name("many.test"))).records()).hasSize(20);
    assertThat(dns.queries()).extracting(DnsStandIn.Query::tcp).containsExactly(false, true);
  }

  @Test
  void whatIsNotThere() {
    dns.a("host.test", "192.0.2.1");
    assertThat(none(resolver.mx(name("host.test"))).nameExists()).isTrue();
    assertThat(none(resolver.mx(name("absent.test"))).nameExists()).isFalse();
  }

  @Test
  void theLongestNameThereIs() {
    String longest = "a.".repeat(126) + "b";
    assertThat(none(resolver.mx(name(longest))).nameExists()).isFalse();
  }
}
