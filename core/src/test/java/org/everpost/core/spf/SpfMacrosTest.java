package org.everpost.core.spf;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.spf.SpfResult.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7208 §7: what macros stand for, and which names come of it. */
class SpfMacrosTest {

  private final SpfFixture spf = new SpfFixture();

  @AfterEach
  void close() {
    spf.close();
  }

  /** The name that was asked for, of a term {@code exists}. */
  private String asked(String client, String sender, String name) {
    spf.dns.remove("example.test").txt("example.test", "v=spf1 exists:" + name + " -all");
    SpfResult result = spf.check(client, "helo.client.test", sender);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.FAIL);
    return spf.dns.queries().stream()
        .filter(query -> query.type().equals("A"))
        .map(query -> query.name().replaceFirst("\\.$", ""))
        .reduce("", (_, last) -> last);
  }

  @ParameterizedTest
  @CsvSource({
    "%{l}.%{o}.x.test, user.name.example.test.x.test",
    "%{lr}.x.test, name.user.x.test",
    "%{d}.x.test, example.test.x.test",
    "%{d1}.x.test, test.x.test",
    "%{ir}.%{v}.x.test, 1.2.0.192.in-addr.x.test",
    "%{h}.x.test, helo.client.test.x.test",
    "%{H}.x.test, helo.client.test.x.test",
    "%{p}.x.test, unknown.x.test",
    "x.%{d}.test., x.example.test.test",
  })
  void macrosMakeNames(String name, String asked) {
    assertThat(asked(SpfFixture.CLIENT, "user.name@example.test", name)).isEqualTo(asked);
  }

  @Test
  void anIpv6AddressIsItsDigits() {
    assertThat(asked(SpfFixture.CLIENT6, "u@example.test", "%{ir}.%{v}.x.test"))
        .isEqualTo("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.x.test");
  }

  /** §7.3: the domain itself, then one below it, then any. */
  @Test
  void theNameOfTheClientIsTheNearest() {
    spf.dns
        .ptr(SpfFixture.CLIENT, "any.test")
        .ptr(SpfFixture.CLIENT, "liar.example.test")
        .a("any.test", SpfFixture.CLIENT)
        .a("liar.example.test", "192.0.2.9");
    assertThat(asked(SpfFixture.CLIENT, "u@example.test", "%{p}.x.test"))
        .isEqualTo("any.test.x.test");
    spf.dns.ptr(SpfFixture.CLIENT, "mail.example.test").a("mail.example.test", SpfFixture.CLIENT);
    assertThat(asked(SpfFixture.CLIENT, "u@example.test", "%{p}.x.test"))
        .isEqualTo("mail.example.test.x.test");
  }

  @Test
  void theSenderOfANotificationIsThePostmaster() {
    spf.dns
        .txt("helo.client.test", "v=spf1 exists:%{l}.%{o}.x.test -all")
        .a("postmaster.helo.client.test.x.test", "127.0.0.2");
    assertThat(spf.check(SpfFixture.CLIENT, "helo.client.test", null).verdict())
        .isEqualTo(Verdict.PASS);
  }

  /** §7.3: more than 253 octets. */
  @Test
  void ofALongNameTheLeftIsCutOff() {
    String rest = ("a".repeat(61) + ".").repeat(3) + "b".repeat(58) + ".x.test";
    assertThat(asked(SpfFixture.CLIENT, "u@example.test", "c.u.t.%{l}." + rest))
        .isEqualTo("u." + rest)
        .hasSizeLessThan(254);
  }

  /** No match, but no error either; nothing is asked (RFC 8616 §4 of the last). */
  @ParameterizedTest
  @CsvSource({
    "u@example.test, a..%{d}",
    "'\"a b\"@example.test', %{l}.x.test",
    "'\"a..b\"@example.test', %{l}.x.test",
    "j\u00f6rg@example.test, %{l}.x.test",
  })
  void whatIsNoNameMatchesNothing(String sender, String name) {
    assertThat(asked(SpfFixture.CLIENT, sender, name)).isEmpty();
  }

  @Test
  void anExplanationKnowsMore() {
    spf.dns.txt("why.test", "%{c} %{r} %{t} %{s} %{i} %{h}");
    assertThat(spf.of(SpfFixture.CLIENT6, "v=spf1 -all exp=why.test").explanation())
        .isEqualTo(
            "2001:db8:0:0:0:0:0:cb01 mx.receiver.test "
                + spf.clock.epochSecond()
                + " user@example.test"
                + " 2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1"
                + " host.client.test");
  }
}
