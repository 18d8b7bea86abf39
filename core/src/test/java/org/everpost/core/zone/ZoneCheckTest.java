package org.everpost.core.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.everpost.core.time.Clock;
import org.everpost.core.zone.ZoneRecord.Topic;
import org.everpost.core.zone.ZoneRecord.Use;
import org.everpost.testkit.dns.Fault;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there, what is not, what is wrong, and what nobody can tell. */
class ZoneCheckTest {

  private static final String HERE = ZoneFixture.HERE.ascii();
  private static final String HOST = ZoneFixture.HOST.ascii();

  private final ZoneFixture zone = new ZoneFixture();
  private DomainFacts facts;

  @BeforeEach
  void publish() {
    facts = zone.facts("192.0.2.1", "2001:db8::1");
    zone.publish(facts);
  }

  @AfterEach
  void close() {
    zone.close();
  }

  private void good(Topic topic) {
    assertThat(zone.finding(facts, topic)).isInstanceOf(Finding.Good.class);
  }

  private String wrong(Topic topic) {
    Finding finding = zone.finding(facts, topic);
    assertThat(finding).isInstanceOf(Finding.Wrong.class);
    return ((Finding.Wrong) finding).why();
  }

  private String unknown(Topic topic) {
    Finding finding = zone.finding(facts, topic);
    assertThat(finding).isInstanceOf(Finding.Unknown.class);
    return ((Finding.Unknown) finding).reason();
  }

  private void missing(Topic topic) {
    assertThat(zone.finding(facts, topic)).isEqualTo(new Finding.Missing());
  }

  // ---- all together ----

  @Test
  void withNothingInDnsAllIsMissing() throws InterruptedException {
    zone.dns.remove(HOST);
    Map<ZoneRecord, Finding> findings =
        ZoneCheck.run(
            DomainRecords.of(
                new DomainFacts(
                    DomainName.of("new.test"),
                    DomainName.of("mx.new.test"),
                    facts.addresses(),
                    List.of(),
                    List.of(),
                    null,
                    facts.ports(),
                    List.of(),
                    facts.now())),
            zone.resolver(),
            Clock.system());
    findings.forEach((record, finding) -> {
      if (record.topic() == Topic.PTR) {
        assertThat(finding).as(record.line()).isInstanceOf(Finding.Wrong.class); // of another
      } else {
        assertThat(finding).as(record.line()).isEqualTo(new Finding.Missing());
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"SERVFAIL", "REFUSED", "SILENT"})
  void aServerThatFailsMakesNothingMissing(Fault fault) throws InterruptedException {
    zone.dns.fault(".", fault);
    Map<ZoneRecord, Finding> findings =
        ZoneCheck.run(DomainRecords.of(facts), zone.resolver(), Clock.system());
    assertThat(findings.values())
        .hasSizeGreaterThan(10)
        .allMatch(finding -> finding instanceof Finding.Unknown(String why) && !why.isEmpty());
  }

  /** The answer never comes, but the end does. */
  @Test
  void whatTakesTooLongIsUnknown() throws InterruptedException {
    ZoneRecord endless =
        new ZoneRecord(
            Topic.MX,
            HERE,
            "MX",
            "",
            Use.NEEDED,
            List.of(),
            _ -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Finding.Missing();
            });
    Clock hasty =
        new Clock() {
          @Override
          public Instant instant() {
            return zone.clock.instant();
          }

          @Override
          public long nanoTime() {
            zone.clock.advance(Duration.ofSeconds(31));
            return zone.clock.nanoTime();
          }

          @Override
          public void sleep(Duration duration) {
            zone.clock.sleep(duration);
          }
        };
    assertThat(ZoneCheck.run(List.of(endless), zone.resolver(), hasty))
        .containsValue(new Finding.Unknown("no answer within 30 s"));
  }

  // ---- where servers are ----

  @Test
  void otherServersForTheDomainAreWelcome() {
    zone.dns.mx(HERE, 5, "filter.example.net");
    good(Topic.MX);
    zone.dns.remove(HERE).mx(HERE, 5, "filter.example.net");
    assertThat(wrong(Topic.MX)).isEqualTo("does not name this server");
    zone.dns.remove(HERE).mx(HERE, 0, ".");
    assertThat(zone.finding(facts, Topic.MX))
        .isEqualTo(new Finding.Wrong("0 .", "does not name this server"));
  }

  @Test
  void theServersNameIsNoAlias() {
    zone.dns.remove(HOST).cname(HOST, "real.example.test").a("real.example.test", "192.0.2.1");
    assertThat(wrong(Topic.ADDRESS)).isEqualTo("the name is an alias of real.example.test");
    zone.dns.remove(HOST);
    missing(Topic.ADDRESS);
  }

  /** Otherwise mail goes to another machine, or nowhere. */
  @Test
  void anotherAddressThanTheServersIsWrong() {
    zone.dns.remove(HOST).a(HOST, "192.0.2.1");
    assertThat(zone.findings(facts, Topic.ADDRESS))
        .containsExactly(
            new Finding.Good("192.0.2.1"),
            new Finding.Wrong("192.0.2.1", "does not name 2001:db8:0:0:0:0:0:1"));
    facts = zone.facts();
    good(Topic.ADDRESS);
  }

  @Test
  void theNameOfAnAddressLeadsBack() {
    good(Topic.PTR);
    zone.dns.remove("1.2.0.192.in-addr.arpa");
    missing(Topic.PTR);
    zone.dns.ptr("192.0.2.1", "other.example.test");
    assertThat(wrong(Topic.PTR)).isEqualTo("the name does not lead back to the address");
    zone.dns.a("other.example.test", "192.0.2.1");
    good(Topic.PTR);
  }

  @Test
  void whereTheAddressesAreNotConfiguredThoseOfTheNameAreLookedAt() {
    facts = zone.facts();
    good(Topic.PTR);
    zone.dns.remove("1.2.0.192.in-addr.arpa");
    missing(Topic.PTR);
    zone.dns.remove(HOST);
    assertThat(unknown(Topic.PTR)).isEqualTo("the addresses of mx1.example.test are not known");
  }

  @Test
  void aServiceAtAnotherPortIsWrong() {
    facts =
        new DomainFacts(
            ZoneFixture.HERE,
            ZoneFixture.HOST,
            List.of(),
            List.of(),
            List.of(),
            null,
            new DomainFacts.Ports(9_993, 995, 465),
            List.of(),
            facts.now());
    assertThat(zone.findings(facts, Topic.SERVICES))
        .containsExactly(
            new Finding.Wrong("0 1 993 mx1.example.test", "does not name this server"),
            new Finding.Missing(),
            new Finding.Good("0 1 465 mx1.example.test"));
  }

  // ---- what is said in TXT records ----

  @Test
  void anotherKeyIsWrong() {
    String name = zone.key("ep202701r").recordName().ascii();
    zone.dns.remove(name).txt(name, zone.key("ep202701e").recordText());
    assertThat(wrong(Topic.DKIM)).isEqualTo("is another key");
    zone.dns.remove(name).txt(name, "v=DKIM1; k=rsa; p=");
    assertThat(wrong(Topic.DKIM)).isEqualTo("says that the key was revoked");
    zone.dns.remove(name).txt(name, "hello");
    assertThat(wrong(Topic.DKIM)).startsWith("cannot be read");
    String text = zone.key("ep202701r").recordText();
    zone.dns.remove(name).txt(name, text).txt(name, text + ";");
    assertThat(wrong(Topic.DKIM)).isEqualTo("there are 2 such records, so none counts");
    zone.dns.remove(name).txt(name, text.replace("; ", " ;\t"));
    good(Topic.DKIM);
  }

  @Test
  void dmarcMayComeFromTheDomainAbove() {
    facts =
        new DomainFacts(
            DomainName.of("a.b.example.test"),
            ZoneFixture.HOST,
            List.of(),
            List.of(),
            List.of(),
            null,
            facts.ports(),
            List.of(),
            facts.now());
    Finding found = zone.finding(facts, Topic.DMARC);
    assertThat(found).isInstanceOf(Finding.Good.class);
    assertThat(((Finding.Good) found).found()).startsWith("that of example.test: v=DMARC1");
    zone.dns.remove("_dmarc.example.test");
    missing(Topic.DMARC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=DMARC1; p=reject                                  | ",
        "v=DMARC1;p=Quarantine;rua=mailto:a@example.test     | ",
        "v=DMARC1; rua=mailto:a@example.test                 | ",
        "v=DMARC1; p=never                                   | the policy (p=) is not one",
        "v=DMARC1; sp=none                                   | there is no policy (p=)",
      })
  void aPolicyIsOneOfThree(String text, String problem) {
    zone.dns.remove("_dmarc." + HERE).txt("_dmarc." + HERE, text);
    if (problem == null) {
      good(Topic.DMARC);
    } else {
      assertThat(wrong(Topic.DMARC)).isEqualTo(problem);
    }
  }

  @Test
  void whatIsNotOfTheKindDoesNotCount() {
    zone.dns.remove("_dmarc." + HERE).txt("_dmarc." + HERE, "v=DMARC10; p=none");
    missing(Topic.DMARC);
    zone.dns
        .remove("_smtp._tls." + HERE)
        .txt("_smtp._tls." + HERE, "v=TLSRPTv1; rua=carrier pigeon");
    assertThat(wrong(Topic.TLS_RPT)).isEqualTo("cannot be read");
    zone.dns.txt("_mta-sts." + HERE, "v=STSv1; id=1");
    good(Topic.MTA_STS);
    zone.dns.txt("autoconfig." + HERE, "x");
    missing(Topic.AUTOCONFIG);
    zone.dns.a("autoconfig." + HERE, "192.0.2.80");
    good(Topic.AUTOCONFIG);
  }

  @Test
  void aLongTextIsShownInPart() {
    zone.dns
        .remove("_dmarc." + HERE)
        .txt("_dmarc." + HERE, "v=DMARC1; p=x" + "\u0007y".repeat(900));
    Finding finding = zone.finding(facts, Topic.DMARC);
    assertThat(((Finding.Wrong) finding).found())
        .hasSize(601)
        .endsWith("…")
        .doesNotContain("\u0007");
  }

  // ---- SPF ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=spf1 mx ~all                                              | ",
        "v=spf1 MX:example.test ?all                                 | ",
        "v=spf1 a:mx1.example.test -all                              | ",
        "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all              | ",
        "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all                   | ",
        "v=spf1 a:near.test/24//64 -all                              | ",
        "v=spf1 include:partner.test -all                            | ",
        "v=spf1 -ip4:192.0.2.200 redirect=partner.test               | ",
        "v=spf1 ptr:mx1.example.test -all                            | ",
        "v=spf1 exists:%{d}.list.test -all                           | ",
        "v=spf1 moo=cow mx exp=why.example.test -all                 | ",
        "v=spf1 exists:%{i}.list.test mx -all                        | ",
        "v=spf1 -all                                                 | does not let 192.0.2.1",
        "v=spf1                                                      | does not let 192.0.2.1",
        "v=spf1 a ~all                                               | does not let 192.0.2.1",
        "v=spf1 -mx ~all                                             | does not let 192.0.2.1",
        "v=spf1 ip4:192.0.2.1 -all                                   | does not let 2001:db8",
        "v=spf1 a=mx1.example.test ~all                              | does not let 192.0.2.1",
        "v=spf1 exists:%{i}.list.test -all                           | (-all of example.test)",
        "v=spf1 exists:%{d}.any.test ptr:other.test ?all                | (?all of example.test)",
        "v=spf1 mx foo:bar ~all              | cannot be read: its part foo:bar is neither",
        "v=spf1 mx ip4:300.1.1.1 ~all        | cannot be read: its part ip4:300.1.1.1 has no",
        "v=spf1 mx redirect=a.test redirect=b.test | for the second time",
        "v=spf1 include:none.test -all       | counts nothing: include:none.test of example.test",
        "v=spf1 include:%{d}.x -all          | counts nothing: include:%{d}.x of example.test",
        "v=spf1 include:bad.test -all        | counts nothing: the SPF record of bad.test",
        "v=spf1 a:a.none.test mx:b.none.test exists:c.none.test mx -all | more than two names",
        "v=spf1 mx +all                                              | lets everybody send",
        "v=spf1 include:loop.test -all                               | more than ten lookups",
      })
  void spfLetsTheServerSend(String text, String problem) {
    zone.dns
        .a("near.test", "192.0.2.77")
        .aaaa("near.test", "2001:db8::77")
        .txt("partner.test", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all")
        .txt("loop.test", "v=spf1 include:loop.test -all")
        .txt("bad.test", "v=spf1 all.")
        .a("example.test.list.test", "127.0.0.2")
        .remove(HERE)
        .mx(HERE, 10, HOST)
        .txt(HERE, "some-verification=1")
        .txt(HERE, text);
    if (problem == null) {
      good(Topic.SPF);
    } else {
      assertThat(wrong(Topic.SPF)).contains(problem);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=spf1 include:down.test -all     | SERVFAIL",
        "v=spf1 a:down.test -all           | SERVFAIL",
        "v=spf1 mx:down.test -all          | SERVFAIL",
        "v=spf1 exists:down.test -all      | SERVFAIL",
      })
  void whatDependsOnOthersMayNotBeKnown(String text, String reason) {
    zone.dns.fault("down.test", Fault.SERVFAIL).remove(HERE).txt(HERE, text);
    assertThat(unknown(Topic.SPF)).contains(reason);
  }

  @Test
  void spfIsThereOnce() {
    zone.dns.txt(HERE, "v=spf1 -all");
    assertThat(wrong(Topic.SPF)).contains("2 such records");
    zone.dns.remove(HERE).txt(HERE, "v=spf10 mx");
    missing(Topic.SPF);
  }

  @Test
  void theConfiguredSourcesAreThoseThatSend() {
    facts = zone.facts(ZoneFixture.addresses("192.0.2.1"), ZoneFixture.addresses("198.51.100.9"));
    assertThat(wrong(Topic.SPF)).contains("198.51.100.9");
    zone.dns.remove(HERE).txt(HERE, "v=spf1 ip4:198.51.100.0/25 -all");
    good(Topic.SPF);
  }

  @Test
  void fromWhereASmartHostSendsItsOperatorKnows() {
    facts = zone.withSmartHost("smtp.example.net");
    zone.dns.remove(HERE).txt(HERE, "v=spf1 include:spf.example.net -all");
    good(Topic.SPF);
  }
}
