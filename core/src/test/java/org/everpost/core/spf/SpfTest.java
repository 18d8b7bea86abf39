package org.everpost.core.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.everpost.core.spf.SpfResult.Verdict;
import org.everpost.testkit.dns.Fault;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7208 §2 to §6: who may send, and which part of a record says so. */
class SpfTest {

  private final SpfFixture spf = new SpfFixture();

  @AfterEach
  void close() {
    spf.close();
  }

  private void verdict(String client, String record, Verdict expected, String reason) {
    SpfResult result = spf.of(client, record);
    assertThat(result.verdict()).as(record + " " + result).isEqualTo(expected);
    assertThat(result.reason()).contains(reason);
    assertThat(result.domain()).isEqualTo("example.test");
  }

  // ---- §2.3, §2.4, §4.3: whose record is asked ----

  @Test
  void theNullSenderIsWhoSaidHelo() {
    spf.dns
        .txt("host.client.test", "v=spf1 a -all")
        .a("host.client.test", SpfFixture.CLIENT)
        .txt("example.test", "v=spf1 -all");
    assertThat(spf.check(SpfFixture.CLIENT, "HOST.client.test.", null))
        .returns(Verdict.PASS, SpfResult::verdict)
        .returns("host.client.test", SpfResult::domain)
        .returns("a of host.client.test", SpfResult::reason)
        .matches(SpfResult::isPass)
        .hasToString("pass: a of host.client.test");
    assertThat(spf.check(SpfFixture.CLIENT, "host.client.test", "user@example.test"))
        .returns(Verdict.FAIL, SpfResult::verdict)
        .returns("example.test", SpfResult::domain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[192.0.2.1]", "", ".", "a..b", "x y", "host", "-.test"})
  void whatIsNoNameHasNoRecord(String helo) {
    assertThat(spf.check(SpfFixture.CLIENT, helo, null).verdict()).isEqualTo(Verdict.NONE);
    assertThat(spf.dns.queries()).isEmpty();
  }

  @Test
  void aNameWithOneLabelHasNone() {
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@localhost"))
        .returns(Verdict.NONE, SpfResult::verdict)
        .returns("localhost is not the name of a domain for mail", SpfResult::reason);
  }

  // ---- §4.4, §4.5: the record ----

  @Test
  void withoutARecordNothingIsSaid() {
    spf.dns.zone("absent.test", Duration.ofMinutes(1));
    spf.dns.txt("example.test", "something else").txt("example.test", "v=spf10 -all");
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@example.test").toString())
        .isEqualTo("none: example.test has no SPF record");
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@not.absent.test").toString())
        .isEqualTo("none: not.absent.test does not exist");
  }

  @Test
  void ofSeveralRecordsNoneCounts() {
    spf.dns.txt("example.test", "v=spf1 +all").txt("example.test", "V=SPF1");
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@example.test"))
        .returns(Verdict.PERMERROR, SpfResult::verdict)
        .returns("example.test has several SPF records", SpfResult::reason);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"SERVFAIL", "REFUSED"})
  void whatCannotBeAskedIsATemporaryError(Fault fault) {
    spf.dns.fault("example.test", fault);
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@example.test"))
        .returns(Verdict.TEMPERROR, SpfResult::verdict)
        .matches(result -> result.reason().contains(fault.name()));
  }

  /** The whole record is read before any of it counts (§4.6). */
  @Test
  void anErrorAnywhereIsAPermanentOne() {
    verdict(
        SpfFixture.CLIENT,
        "v=spf1 ip4:192.0.2.1 foo:bar -all",
        Verdict.PERMERROR,
        "the SPF record of example.test cannot be read: its part foo:bar is neither");
    verdict(SpfFixture.CLIENT, "v=spf1 +all \u00e4", Verdict.PERMERROR, "visible ASCII");
  }

  // ---- §4.6.2, §4.7, §5.1, §5.6: what needs no further question ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "192.0.2.1        | v=spf1 +all                          | PASS     | all of example.test",
        "192.0.2.1        | v=spf1 -all                          | FAIL     | -all of example.test",
        "192.0.2.1        | v=spf1 ~all                          | SOFTFAIL | ~all of example.test",
        "192.0.2.1        | v=spf1 ?all                          | NEUTRAL  | ?all of example.test",
        "192.0.2.1        | v=spf1                               | NEUTRAL  | nothing in the SPF record",
        "192.0.2.1        | v=spf1 -ip4:192.0.2.1 +all           | FAIL     | -ip4:192.0.2.1 of",
        "192.0.2.1        | v=spf1 ip4:192.0.2.0/31 -all         | PASS     | ip4:192.0.2.0/31",
        "192.0.2.1        | v=spf1 ip4:192.0.2.2/31 -all         | FAIL     | -all",
        "192.0.2.1        | v=spf1 ip4:0.0.0.0/0 -all            | PASS     | ip4:0.0.0.0/0",
        "192.0.2.1        | v=spf1 ip4:192.0.3.1/23 -all         | PASS     | ip4:192.0.3.1/23",
        "192.0.2.1        | v=spf1 ip6:::/0 -all                 | FAIL     | -all",
        "192.0.2.1        | v=spf1 ip6:::ffff:192.0.2.1 -all     | FAIL     | -all",
        "::ffff:192.0.2.1 | v=spf1 ip4:192.0.2.1 -all            | PASS     | ip4:192.0.2.1",
        "2001:db8::cb01   | v=spf1 ip4:0.0.0.0/0 -all            | FAIL     | -all",
        "2001:db8::cb01   | v=spf1 ip6:2001:DB8::/33 -all        | PASS     | ip6:2001:DB8::/33",
        "2001:db8::cb01   | v=spf1 ip6:2001:db8:8000::/33 -all   | FAIL     | -all",
        "2001:db8::cb01   | v=spf1 ip6:2001:db8::203.1 -all      | PERMERROR | IPv6",
        "2001:db8::cb01   | v=spf1 ip6:::1.1.1.1/0 -all          | PASS     | ip6:::1.1.1.1/0",
        "2001:db8::cb01   | v=spf1 ip6:2001:db8::cb00/128 -all   | FAIL     | -all",
      })
  void theFirstThatMatchesDecides(String client, String record, Verdict verdict, String reason) {
    verdict(client, record, verdict, reason);
  }

  /** Java makes IPv4 addresses of them, unless they have a scope. */
  @Test
  void aMappedAddressIsAnIpv4Address() throws UnknownHostException {
    byte[] octets = new byte[16];
    octets[10] = -1;
    octets[11] = -1;
    octets[12] = (byte) 192;
    octets[14] = 2;
    octets[15] = 1;
    InetAddress mapped = Inet6Address.getByAddress(null, octets, 3);
    spf.dns.txt("example.test", "v=spf1 ip4:192.0.2.1 -all");
    assertThat(
            new Spf(spf.resolver(), SpfFixture.RECEIVER, spf.clock)
                .check(mapped, "h", EmailAddress.of("user@example.test"))
                .verdict())
        .isEqualTo(Verdict.PASS);
  }

  // ---- §5.3 to §5.5, §5.7: what needs one ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1      | v=spf1 a:host.test -all            | PASS | a:host.test of example.test",
        "192.0.2.1      | v=spf1 a:HOST.Test. -all           | PASS | a:HOST.Test.",
        "192.0.2.1      | v=spf1 a:near.test -all            | FAIL | -all",
        "192.0.2.1      | v=spf1 a:near.test/25//0 -all      | PASS | a:near.test/25",
        "192.0.2.1      | v=spf1 a:near.test/26//0 -all      | FAIL | -all",
        "192.0.2.1      | v=spf1 a:alias.test -all           | PASS | a:alias.test",
        "192.0.2.1      | v=spf1 a:none.test a:host.test     | PASS | a:host.test",
        "192.0.2.1      | v=spf1 a:none.test/0 -all          | FAIL | -all",
        "192.0.2.1      | v=spf1 a:a..bad.test a:host.test   | PASS | a:host.test",
        "192.0.2.1      | v=spf1 a:-.test a:host.test        | PASS | a:host.test",
        "192.0.2.1      | v=spf1 -a:host.test +all           | FAIL | -a:host.test",
        "192.0.2.1      | v=spf1 a:down.test -all            | TEMPERROR | down.test: SERVFAIL",
        "192.0.2.1      | v=spf1 a -all                      | FAIL | -all",
        "2001:db8::cb01 | v=spf1 a:host.test -all            | PASS | a:host.test",
        "2001:db8::cb01 | v=spf1 a:near.test/0 -all          | FAIL | -all",
        "2001:db8::cb01 | v=spf1 a:near.test//113 -all       | PASS | a:near.test//113",
        "2001:db8::cb01 | v=spf1 a:near.test//114 -all       | FAIL | -all",
        "2001:db8::cb01 | v=spf1 a:down.test -all            | TEMPERROR | down.test: SERVFAIL",
        "192.0.2.1      | v=spf1 mx:mail.test -all           | PASS | mx:mail.test",
        "192.0.2.1      | v=spf1 mx:near.test -all           | FAIL | -all",
        "192.0.2.1      | v=spf1 mx:null.test -all           | FAIL | -all",
        "192.0.2.1      | v=spf1 mx:host.test -all           | FAIL | -all",
        "192.0.2.1      | v=spf1 mx:far.test/24 -all         | PASS | mx:far.test/24",
        "192.0.2.1      | v=spf1 mx:far.test -all            | FAIL | -all",
        "192.0.2.1      | v=spf1 mx:down.test -all           | TEMPERROR | down.test: SERVFAIL",
        "192.0.2.1      | v=spf1 mx:half.test -all           | TEMPERROR | down.test: SERVFAIL",
        "2001:db8::cb01 | v=spf1 mx:mail.test -all           | PASS | mx:mail.test",
        "192.0.2.1      | v=spf1 exists:host.test -all       | PASS | exists:host.test",
        "2001:db8::cb01 | v=spf1 exists:four.test -all       | PASS | exists:four.test",
        "192.0.2.1      | v=spf1 exists:six.test -all        | FAIL | -all",
        "192.0.2.1      | v=spf1 exists:%{ir}.list.test -all | PASS | exists:%{ir}.list.test",
        "192.0.2.2      | v=spf1 exists:%{ir}.list.test -all | FAIL | -all",
        "192.0.2.1      | v=spf1 exists:down.test -all       | TEMPERROR | down.test: SERVFAIL",
      })
  void namesLeadToAddresses(String client, String record, Verdict verdict, String reason) {
    spf.dns
        .a("host.test", "198.51.100.9", "192.0.2.1")
        .aaaa("host.test", "2001:db8::cb01")
        .a("near.test", "192.0.2.100")
        .aaaa("near.test", "2001:db8::8001")
        .cname("alias.test", "host.test")
        .mx("mail.test", 10, "absent.test")
        .mx("mail.test", 20, "host.test")
        .mx("null.test", 0, ".")
        .mx("far.test", 0, "near.test")
        .mx("half.test", 0, "down.test")
        .a("four.test", "127.0.0.2")
        .aaaa("six.test", "::2")
        .a("1.2.0.192.list.test", "127.0.0.2")
        .fault("down.test", Fault.SERVFAIL);
    verdict(client, record, verdict, reason);
  }

  @Test
  void theDomainItselfIsMeantWhereNoneIsNamed() {
    String record = "v=spf1 mx -all";
    spf.dns
        .txt("example.test", record)
        .mx("example.test", 0, "host.test")
        .a("host.test", SpfFixture.CLIENT);
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@example.test").toString())
        .isEqualTo("pass: mx of example.test");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1      | v=spf1 ptr -all                | PASS | ptr of example.test",
        "192.0.2.1      | v=spf1 ptr:example.test -all   | PASS | ptr:example.test",
        "192.0.2.1      | v=spf1 ptr:mail.example.test -all | PASS | ptr:mail.example.test",
        "192.0.2.1      | v=spf1 ptr:ample.test -all     | FAIL | -all",
        "192.0.2.1      | v=spf1 ptr:liar.test -all      | FAIL | -all",
        "192.0.2.1      | v=spf1 ptr:down.test -all      | FAIL | -all",
        "2001:db8::cb01 | v=spf1 ptr -all                | PASS | ptr of example.test",
        "192.0.2.7      | v=spf1 ptr -all                | FAIL | -all",
        "192.0.2.8      | v=spf1 ptr -all                | FAIL | -all",
      })
  void aNameOfTheClientLeadsBackToIt(String client, String record, Verdict verdict, String reason) {
    spf.dns
        .ptr("192.0.2.1", "liar.test")
        .ptr("192.0.2.1", "down.test")
        .ptr("192.0.2.1", "mail.example.test")
        .ptr("2001:db8::cb01", "mail.example.test")
        .a("liar.test", "192.0.2.2")
        .a("mail.example.test", "192.0.2.1")
        .aaaa("mail.example.test", "2001:db8::cb01")
        .fault("8.2.0.192.in-addr.arpa", Fault.SERVFAIL)
        .fault("down.test", Fault.SERVFAIL);
    verdict(client, record, verdict, reason);
  }

  // ---- §5.2, §6.1: what others say ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=spf1 include:pass.test -all   | PASS | include:pass.test of example.test, by ip4:192.0.2.1 of",
        "v=spf1 -include:pass.test +all  | FAIL | -include:pass.test",
        "v=spf1 include:fail.test ~all   | SOFTFAIL | ~all",
        "v=spf1 include:soft.test ~all   | SOFTFAIL | ~all",
        "v=spf1 include:neutral.test ~all | SOFTFAIL | ~all",
        "v=spf1 include:empty.test ~all  | SOFTFAIL | ~all",
        "v=spf1 include:none.test ~all   | PERMERROR | include:none.test of example.test: none.test has no",
        "v=spf1 include:%{h}/x.%{h} ~all | PERMERROR | that is no name",
        "v=spf1 include:bad.test +all    | PERMERROR | the SPF record of bad.test cannot be read",
        "v=spf1 include:down.test +all   | TEMPERROR | SERVFAIL",
        "v=spf1 include:through.test ~all | PASS | by include:pass.test of through.test, by ip4",
        "v=spf1 redirect=pass.test       | PASS | ip4:192.0.2.1 of pass.test",
        "v=spf1 redirect=fail.test       | FAIL | -ip4:192.0.2.1 of fail.test",
        "v=spf1 redirect=soft.test       | SOFTFAIL | soft.test",
        "v=spf1 redirect=empty.test      | NEUTRAL | nothing in the SPF record of empty.test",
        "v=spf1 redirect=none.test       | PERMERROR | redirect=none.test of example.test: none.test has",
        "v=spf1 redirect=down.test       | TEMPERROR | SERVFAIL",
        "v=spf1 redirect=bad.test        | PERMERROR | bad.test",
        "v=spf1 redirect=pass.test -all  | FAIL | -all of example.test",
        "v=spf1 redirect=pass.test ip4:10.0.0.1 ?all | NEUTRAL | ?all of example.test",
        "v=spf1 redirect=pass.test -ip4:192.0.2.1 | FAIL | -ip4:192.0.2.1 of example.test",
        "v=spf1 include:self.test ?all   | NEUTRAL | ?all",
      })
  void recordsOfOthersCount(String record, Verdict verdict, String reason) {
    spf.dns
        .txt("pass.test", "v=spf1 ip4:192.0.2.1 -all")
        .txt("fail.test", "v=spf1 -ip4:192.0.2.1 +all")
        .txt("soft.test", "v=spf1 ~all")
        .txt("neutral.test", "v=spf1 ?all")
        .txt("empty.test", "v=spf1")
        .txt("bad.test", "v=spf1 ip4:1 +all")
        .txt("through.test", "v=spf1 include:pass.test -all")
        .txt("none.test", "hello")
        .txt("self.test", "v=spf1 a:host.%{d} -all") // its own name, not that of the sender
        .a("host.example.test", SpfFixture.CLIENT)
        .fault("down.test", Fault.SERVFAIL);
    verdict(SpfFixture.CLIENT, record, verdict, reason);
  }

  // ---- §6.2: what those are told who were refused ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=spf1 -all exp=why.test                    | 192.0.2.1 is not ours, user@example.test",
        "v=spf1 -all exp=%{d2}.exp.test              | Ask the postmaster of example.test.",
        "v=spf1 redirect=other.test exp=why.test     | Theirs: other.test",
        "v=spf1 include:other.test -all              | ",
        "v=spf1 ~all exp=why.test                    | ",
        "v=spf1 +all exp=why.test                    | ",
        "v=spf1 -all exp=two.test                    | ",
        "v=spf1 -all exp=none.test                   | ",
        "v=spf1 -all exp=down.test                   | ",
        "v=spf1 -all exp=bad.test                    | ",
        "v=spf1 -all exp=foreign.test                | ",
        "v=spf1 -all exp=long.test                   | ",
        "v=spf1 -all exp=blank.test                  | ",
        "v=spf1 -all exp=%{h}/x.%{h}                 | ",
      })
  void whoIsRefusedMayBeToldWhy(String record, String explanation) {
    spf.dns
        .txt("why.test", "%{c} is not ours, %{s}")
        .txt("example.test.exp.test", "Ask the postmaster of %{o}.")
        .txt("other.test", "v=spf1 -all exp=theirs.%{d}")
        .txt("theirs.other.test", "Theirs: %{d}")
        .txt("two.test", "one")
        .txt("two.test", "two")
        .txt("bad.test", "100%")
        .txt("foreign.test", "\u00e4")
        .txt("long.test", "x".repeat(401))
        .txt("blank.test", " ")
        .fault("down.test", Fault.SERVFAIL);
    assertThat(spf.of(record).explanation()).isEqualTo(explanation);
  }
}
