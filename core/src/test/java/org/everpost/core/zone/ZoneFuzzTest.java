package org.everpost.core.zone;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.core.dns.SrvRecord;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class ZoneFuzzTest {

  /** RFC 7208 §4.6.4 allows ten terms that look something up, a term ten hosts. */
  private static final int MOST_LOOKUPS = 3 + 10 * 11;

  private static final DomainFacts FACTS =
      new DomainFacts(
          ZoneFixture.HERE,
          ZoneFixture.HOST,
          List.of(),
          List.of(),
          ZoneFixture.addresses("192.0.2.1"),
          null,
          new DomainFacts.Ports(993, 995, 465),
          List.of(),
          Instant.EPOCH);

  static Stream<byte[]> texts() {
    return Stream.of(
            "v=spf1 mx a:b.test/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:c.test ~all",
            "v=spf1 include:example.test include:example.test redirect=example.test",
            "v=spf1 exists:%{i}._spf.%{d2} ptr -mx/0 ?a/ +ip4:1 -",
            "v=DMARC1; p=none; rua=mailto:a@b.test",
            "v=DMARC1;p = Reject ;=;;sp",
            "v=TLSRPTv1; rua=mailto:a@b.test",
            "v=STSv1; id=20261126",
            "v=DKIM1; k=rsa; p=MIIB",
            "v=DKIM1; p=")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The same text wherever one is asked for, and no address matches. */
  private static final class Echo implements Resolver {
    private final String text;
    private int lookups;

    Echo(byte[] text) {
      this.text = new String(text, StandardCharsets.ISO_8859_1);
    }

    private <T> DnsAnswer<T> found(DomainName name, T record) {
      lookups++;
      return new DnsAnswer.Found<>(List.of(record), name, false);
    }

    @Override
    public Resolver within(Duration limit) {
      return this;
    }

    @Override
    public DnsAnswer<MxRecord> mx(DomainName name) {
      lookups++;
      MxRecord record = new MxRecord(10, ZoneFixture.HOST);
      MxRecord[] records = new MxRecord[20];
      Arrays.fill(records, record);
      return new DnsAnswer.Found<>(List.of(records), name, false);
    }

    @Override
    public DnsAnswer<Inet4Address> ipv4(DomainName name) {
      return found(name, (Inet4Address) InetAddress.ofLiteral("203.0.113.9"));
    }

    @Override
    public DnsAnswer<Inet6Address> ipv6(DomainName name) {
      return found(name, (Inet6Address) InetAddress.ofLiteral("2001:db8::9"));
    }

    @Override
    public DnsAnswer<String> txt(DomainName name) {
      return found(name, text);
    }

    @Override
    public DnsAnswer<SrvRecord> srv(DomainName name) {
      return new DnsAnswer.None<>(true, false);
    }

    @Override
    public DnsAnswer<TlsaRecord> tlsa(DomainName name) {
      return new DnsAnswer.None<>(true, false);
    }

    @Override
    public DnsAnswer<DomainName> cname(DomainName alias) {
      return new DnsAnswer.None<>(true, false);
    }

    @Override
    public DnsAnswer<DomainName> ptr(InetAddress address) {
      return new DnsAnswer.None<>(true, false);
    }
  }

  @MethodSource("texts")
  @FuzzTest
  void anyTextIsJudgedWithFewLookups(byte[] text) {
    Echo resolver = new Echo(text);
    assertThat(SpfCheck.run(resolver, FACTS)).isNotNull();
    assertThat(resolver.lookups).isLessThanOrEqualTo(MOST_LOOKUPS);
    assertThat(TextChecks.dmarc(resolver, ZoneFixture.HERE)).isNotNull();
    assertThat(TextChecks.mtaSts(resolver, ZoneFixture.HERE)).isNotNull();
    assertThat(TextChecks.tlsRpt(resolver, ZoneFixture.HERE)).isNotNull();
  }
}
