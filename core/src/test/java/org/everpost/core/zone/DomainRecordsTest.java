package org.everpost.core.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.zone.ZoneRecord.Topic;
import org.everpost.core.zone.ZoneRecord.Use;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DomainRecordsTest {

  private final ZoneFixture zone = new ZoneFixture();

  @AfterEach
  void close() {
    zone.close();
  }

  private static List<ZoneRecord> of(List<ZoneRecord> records, Topic topic) {
    return records.stream().filter(record -> record.topic() == topic).toList();
  }

  private static List<String> lines(List<ZoneRecord> records, Topic topic) {
    return of(records, topic).stream().map(ZoneRecord::line).toList();
  }

  @Test
  void allThatADomainNeeds() {
    List<ZoneRecord> records = DomainRecords.of(zone.facts("192.0.2.1", "2001:db8::1"));
    assertThat(lines(records, Topic.MX))
        .containsExactly("example.test. 3600 IN MX 10 mx1.example.test.");
    assertThat(lines(records, Topic.ADDRESS))
        .containsExactly(
            "mx1.example.test. 3600 IN A 192.0.2.1",
            "mx1.example.test. 3600 IN AAAA 2001:db8:0:0:0:0:0:1");
    assertThat(lines(records, Topic.SPF))
        .containsExactly("example.test. 3600 IN TXT \"v=spf1 mx ~all\"");
    assertThat(lines(records, Topic.DMARC).getFirst())
        .startsWith("_dmarc.example.test. 3600 IN TXT \"v=DMARC1; p=none; rua=mailto:");
    assertThat(lines(records, Topic.TLS_RPT).getFirst())
        .startsWith("_smtp._tls.example.test. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:");
    assertThat(lines(records, Topic.SERVICES))
        .containsExactly(
            "_imaps._tcp.example.test. 3600 IN SRV 0 1 993 mx1.example.test.",
            "_submissions._tcp.example.test. 3600 IN SRV 0 1 465 mx1.example.test.");
    assertThat(of(records, Topic.PTR))
        .extracting(ZoneRecord::name, ZoneRecord::use)
        .containsExactly(
            tuple("1.2.0.192.in-addr.arpa", Use.ELSEWHERE),
            tuple("1." + "0.".repeat(23) + "8.b.d.0.1.0.0.2.ip6.arpa", Use.ELSEWHERE));
  }

  /** RFC 6376 §3.6.2.2, RFC 1035 §3.3: an RSA key is longer than a string may be. */
  @Test
  void aLongTextIsCutIntoStrings() {
    List<ZoneRecord> keys = of(DomainRecords.of(zone.facts()), Topic.DKIM);
    assertThat(keys).hasSize(2).allMatch(ZoneRecord::isComplete);
    String rsa = keys.getFirst().line();
    assertThat(rsa)
        .startsWith("ep202701r._domainkey.example.test. 3600 IN TXT \"v=DKIM1; k=rsa; p=");
    String[] strings = rsa.substring(rsa.indexOf('"') + 1, rsa.length() - 1).split("\" \"", -1);
    assertThat(strings).hasSize(2).allMatch(string -> string.length() <= 255);
    assertThat(String.join("", strings)).isEqualTo(zone.key("ep202701r").recordText());
    assertThat(keys.getLast().line()).contains("ep202701e").contains("k=ed25519");
  }

  @Test
  void whoDoesWhatItSaysHasDoneEverything() throws InterruptedException {
    DomainFacts facts = zone.facts("192.0.2.1", "2001:db8::1");
    zone.publish(facts);
    Map<ZoneRecord, Finding> findings =
        ZoneCheck.run(DomainRecords.of(facts), zone.resolver(), zone.clock);
    findings.forEach((record, finding) -> {
      if (record.use() == Use.LATER) {
        assertThat(finding).as(record.name()).isInstanceOf(Finding.Missing.class);
      } else {
        assertThat(finding).as(record.line()).isInstanceOf(Finding.Good.class);
      }
    });
    assertThat(findings).hasSameSizeAs(DomainRecords.of(facts));
  }

  /** Nobody may promise what nobody serves: with such a record mail would fail. */
  @Test
  void whatIsNotServedYetCannotBePasted() {
    List<ZoneRecord> records = DomainRecords.of(zone.facts("192.0.2.1"));
    assertThat(of(records, Topic.MTA_STS)).hasSize(2).noneMatch(ZoneRecord::isComplete);
    assertThat(lines(records, Topic.MTA_STS).getLast())
        .isEqualTo("mta-sts.example.test. 3600 IN A <its address>");
    assertThat(of(records, Topic.AUTOCONFIG)).hasSize(2).noneMatch(ZoneRecord::isComplete);
    assertThat(ZoneFixture.zoneFile(records))
        .doesNotContain("mta-sts")
        .doesNotContain("autoconfig");
  }

  @Test
  void whatOnlyTheOperatorKnowsIsLeftToHim() {
    List<ZoneRecord> records = DomainRecords.of(zone.facts());
    assertThat(lines(records, Topic.ADDRESS))
        .containsExactly("mx1.example.test. 3600 IN A <its address>");
    assertThat(lines(records, Topic.PTR))
        .containsExactly("<reverse name of its address> 3600 IN PTR mx1.example.test.");
    assertThat(ZoneFixture.zoneFile(records)).doesNotContain("<");
  }

  @Test
  void theAddressesOfTheMachineAreAHint() {
    DomainFacts its = zone.facts();
    DomainFacts facts =
        new DomainFacts(
            its.domain(),
            its.hostname(),
            List.of(),
            ZoneFixture.addresses("192.0.2.5", "2001:db8::5"),
            List.of(),
            null,
            its.ports(),
            its.keys(),
            its.now());
    List<ZoneRecord> records = DomainRecords.of(facts);
    assertThat(of(records, Topic.ADDRESS).getFirst().notes().getFirst())
        .endsWith("This machine has 192.0.2.5, 2001:db8:0:0:0:0:0:5.");
    assertThat(ZoneFixture.zoneFile(records)).doesNotContain("192.0.2.5");
  }

  @Test
  void theHostOfAnotherZoneIsNotThisZonesMatter() {
    DomainFacts its = zone.facts("192.0.2.1");
    DomainFacts other =
        new DomainFacts(
            DomainName.of("example.net"),
            its.hostname(),
            its.addresses(),
            its.machine(),
            its.sources(),
            null,
            its.ports(),
            List.of(),
            its.now());
    assertThat(of(DomainRecords.of(other), Topic.ADDRESS))
        .singleElement()
        .returns(Use.ELSEWHERE, ZoneRecord::use);
  }

  @Test
  void aSourceOfItsOwnIsNamed() {
    DomainFacts facts =
        zone.facts(
            ZoneFixture.addresses("192.0.2.1"), ZoneFixture.addresses("192.0.2.9", "2001:db8::9"));
    List<ZoneRecord> records = DomainRecords.of(facts);
    assertThat(lines(records, Topic.SPF).getFirst())
        .contains("\"v=spf1 mx ip4:192.0.2.9 ip6:2001:db8:0:0:0:0:0:9 ~all\"");
    assertThat(of(records, Topic.PTR)).extracting(ZoneRecord::name).hasSize(2);
  }

  /** A record without the smart host's part would call all mail of the domain forged. */
  @Test
  void behindASmartHostTheRecordForSpfIsCompletedByTheOperator() {
    List<ZoneRecord> records = DomainRecords.of(zone.withSmartHost("smtp.example.net"));
    assertThat(of(records, Topic.SPF))
        .singleElement()
        .matches(record -> !record.isComplete() && record.isNeeded())
        .matches(record -> record.notes().getFirst().contains("smtp.example.net"));
    assertThat(of(records, Topic.PTR)).isEmpty();
  }

  @Test
  void withoutKeysItSaysHowToMakeThem() {
    for (SigningKey key : zone.keys.all(ZoneFixture.HERE)) {
      zone.keys.delete(ZoneFixture.HERE, key.selector());
    }
    assertThat(of(DomainRecords.of(zone.facts()), Topic.DKIM))
        .singleElement()
        .matches(record -> record.line().isEmpty() && record.isNeeded())
        .matches(record -> record.notes().getFirst().contains("dkim example.test --make"));
    assertThat(of(DomainRecords.of(zone.withSmartHost("h.test")), Topic.DKIM))
        .singleElement()
        .matches(record -> !record.isNeeded());
  }

  @Test
  void aRetiredKeyStaysForAWeek() {
    zone.keys.activate(zone.key("ep202701r"));
    zone.makeKeys(true);
    zone.keys.activate(zone.key("ep202701r2"));
    assertThat(of(DomainRecords.of(zone.facts()), Topic.DKIM))
        .anyMatch(r -> r.name().startsWith("ep202701r.") && r.notes().toString().contains("Keep"))
        .hasSize(3);
    zone.clock.advance(Duration.ofDays(8));
    assertThat(of(DomainRecords.of(zone.facts()), Topic.DKIM))
        .noneMatch(r -> r.name().startsWith("ep202701r."))
        .hasSize(2);
    zone.clock.advance(Duration.ofDays(365));
    assertThat(of(DomainRecords.of(zone.facts()), Topic.DKIM).toString()).contains("--rotate");
  }

  @Test
  void aNameThatWouldBeTooLongHasNoRecord() {
    DomainFacts its = zone.facts("192.0.2.1");
    DomainName longest = DomainName.of(("a".repeat(49) + ".").repeat(5) + "xyz");
    DomainFacts facts =
        new DomainFacts(
            longest,
            its.hostname(),
            its.addresses(),
            its.machine(),
            its.sources(),
            null,
            its.ports(),
            List.of(),
            its.now());
    assertThat(DomainRecords.of(facts))
        .extracting(ZoneRecord::topic)
        .doesNotContain(Topic.DMARC, Topic.SERVICES)
        .contains(Topic.MX);
  }
}
