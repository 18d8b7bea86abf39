package org.everpost.wire.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.everpost.wire.spf.Mechanism.A;
import org.everpost.wire.spf.Mechanism.All;
import org.everpost.wire.spf.Mechanism.Ip4;
import org.everpost.wire.spf.Mechanism.Ip6;
import org.everpost.wire.spf.Mechanism.Mx;
import org.everpost.wire.spf.Mechanism.Ptr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7208 §4.5, §4.6, §5, §6 and §12: what is a record, and what is in it. */
class SpfRecordTest {

  static SpfRecord parse(String text) {
    try {
      return SpfRecord.parse(text);
    } catch (SpfSyntaxException e) {
      throw new AssertionError(text + ": " + e.getMessage(), e);
    }
  }

  // ---- §4.5: which TXT record is one ----

  @ParameterizedTest
  @ValueSource(strings = {"v=spf1", "v=spf1 ", "V=SpF1 -all", "v=spf1 nonsense"})
  void beginsWithTheVersion(String text) {
    assertThat(SpfRecord.isSpf(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=spf",
        "v=spf10",
        "v=spf1-all",
        "v=spf1\t-all",
        " v=spf1",
        "spf2.0/pra -all"
      })
  void otherwiseItIsSomethingElse(String text) {
    assertThat(SpfRecord.isSpf(text)).isFalse();
    assertThatThrownBy(() -> SpfRecord.parse(text)).isInstanceOf(SpfSyntaxException.class);
  }

  // ---- §4.6.1, §5: directives ----

  @Test
  void aRecordIsItsDirectivesInTheirOrder() {
    SpfRecord record = parse("v=spf1  +A  ~mX/24//64 ?PTR -all ");
    assertThat(record.directives())
        .containsExactly(
            new Directive(Qualifier.PASS, new A(null, PrefixLengths.ALL)),
            new Directive(Qualifier.SOFTFAIL, new Mx(null, new PrefixLengths(24, 64))),
            new Directive(Qualifier.NEUTRAL, new Ptr(null)),
            new Directive(Qualifier.FAIL, new All()));
    assertThat(record.hasAll()).isTrue();
    assertThat(record.redirect()).isNull();
    assertThat(record.explanation()).isNull();
    assertThat(parse("v=spf1").directives()).isEmpty();
    assertThat(parse("v=spf1 mx").hasAll()).isFalse();
    assertThat(parse("v=spf1 a/32//128 ip6:::1/128")).isEqualTo(parse("v=spf1 a ip6:::1"));
  }

  @Test
  void networksHaveTheLengthOfAHostWhereNoneIsWritten() {
    assertThat(parse("v=spf1 ip4:192.0.2.1 ip4:10.0.0.0/8 ip6:::1 ip6:2001:DB8::/32").directives())
        .extracting(Directive::mechanism)
        .containsExactly(
            new Ip4("192.0.2.1", 32),
            new Ip4("10.0.0.0", 8),
            new Ip6("::1", 128),
            new Ip6("2001:DB8::", 32));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all",
        "-all",
        "~ip4:0.0.0.0/0",
        "ip4:255.255.255.255",
        "ip6:::/0",
        "ip6:::ffff:192.0.2.1/127",
        "ip6:1:2:3:4:5:6:7:8",
        "include:_spf.example.net",
        "include:example.net.",
        "a:example.org",
        "a/0",
        "a//0",
        "a:example.org/31//127",
        "a:foo:bar/baz.example.org",
        "a:foo:bar/baz.example.org/24",
        "a:a.b1/24",
        "a:%{d}",
        "a:%{d}/24//64",
        "a:x.%{d4r.-/}",
        "a:.com",
        "mx:host-1.example-2.x--y",
        "mx:example.xn--p1ai",
        "mx:1.2-3",
        "exists:%{ir}.%{l1r+-}._spf.%{D}",
        "exists:%{p}.%{v}.%{h}.%{o}.%{s}.%{i}.example.org",
        "exists:a%%b%_c%-d.example.org",
        "exists:x%-",
        "exists:!\"#$&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~.example.org",
        "ptr:%{d}",
      })
  void mechanismsAreShownAsTheyAreWritten(String directive) {
    assertThat(parse("v=spf1 " + directive)).hasToString("v=spf1 " + directive);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo:bar                    | its part foo:bar is neither a mechanism nor a modifier",
        "ip4:300.1.1.1              | its part ip4:300.1.1.1 has no IPv4 address",
        "ip4:1.2.3                  | its part ip4:1.2.3 has no IPv4 address",
        "ip4:1.2.3.4.5              | has no IPv4 address",
        "ip4:01.2.3.4               | has no IPv4 address",
        "ip4:1.2.3.4:25             | has no IPv4 address",
        "ip4:mail.example.org       | has no IPv4 address",
        "ip4:::1                    | has no IPv4 address",
        "ip4                        | does not have the colon",
        "ip4:                       | has no IPv4 address",
        "ip4=1.2.3.4 -ip4=1.2.3.4   | its part -ip4=1.2.3.4 does not have the colon",
        "ip4:1.2.3.4/33             | has no length of a prefix",
        "ip4:1.2.3.4/               | has no length of a prefix",
        "ip4:1.2.3.4/08             | has no length of a prefix",
        "ip4:1.2.3.4//32            | has no length of a prefix",
        "ip4:1.2.3.4/255.255.255.0  | has no length of a prefix",
        "ip4:1.2.3.4/99999999999    | has no length of a prefix",
        "ip6:1.2.3.4                | has no IPv6 address",
        "ip6:1::2::3                | has no IPv6 address",
        "ip6:12345::                | has no IPv6 address",
        "ip6:::1%eth0               | has no IPv6 address",
        "ip6:[::1]                  | has no IPv6 address",
        "ip6:::1/129                | has no length of a prefix",
        "ip6                        | does not have the colon",
        "all:example.org            | its part all:example.org has something after its name",
        "all/8                      | something after its name",
        "all.                       | something after its name",
        "-                          | its part - is neither",
        "--all                      | is neither",
        "-x=y                       | is neither",
        "include                    | does not have the colon",
        "include/24                 | does not have the colon",
        "include:                   | is not the name of a domain",
        "include:example.org/24     | is not the name of a domain",
        "exists                     | does not have the colon",
        "exists:                    | is not the name of a domain",
        "ptr/24                     | does not have the colon",
        "ptr:                       | is not the name of a domain",
        "ptr:example.org/24         | is not the name of a domain",
        "a:                         | is not the name of a domain",
        "a:/24                      | is not the name of a domain",
        "a:localhost                | is not the name of a domain",
        "a:localhost.               | is not the name of a domain",
        "a:example.org:8080         | is not the name of a domain",
        "a:example.-org             | is not the name of a domain",
        "a:example.org-             | is not the name of a domain",
        "a:example..                | is not the name of a domain",
        "a:192.0.2.1                | is not the name of a domain",
        "a:example.o_g              | is not the name of a domain",
        "a:%{d}org                  | is not the name of a domain",
        "a/33                       | has no length of a prefix",
        "a//129                     | has no length of a prefix",
        "a/24/64                    | has no length of a prefix",
        "a/24//64/1                 | has no length of a prefix",
        "a///64                     | has no length of a prefix",
        "a/                         | has no length of a prefix",
        "a//                        | has no length of a prefix",
        "a:example.org/024          | has no length of a prefix",
        "mx/33                      | has no length of a prefix",
        "mxx                        | is neither",
        "redirect:example.org       | is neither",
        "redirect=                  | is not the name of a domain",
        "redirect=example.org/24    | is not the name of a domain",
        "redirect=a.org redirect=a.org | its part redirect=a.org is there for the second time",
        "exp=                       | is not the name of a domain",
        "exp=%{c}.example.org       | has a macro that does not exist here",
        "exp=a.org EXP=b.org        | its part EXP=b.org is there for the second time",
        "moo=%a                     | has a % that means nothing",
        "moo.cow/x=y                | is neither",
        "exists:%{x}.example.org    | has a macro that does not exist here",
        "exists:%{}.example.org     | has a macro that does not exist here",
        "exists:%{c}.example.org    | has a macro that does not exist here",
        "exists:%{r}.example.org    | has a macro that does not exist here",
        "exists:%{t}.example.org    | has a macro that does not exist here",
        "exists:%{d0}.example.org   | has a macro that takes no label",
        "exists:%{dr2}.example.org  | has a macro that does not end",
        "exists:%{d.example.org     | has a macro that does not end",
        "exists:%{d:}.example.org   | has a macro that does not end",
        "exists:%{d                 | has a macro that does not end",
        "exists:%(d}.example.org    | has a % that means nothing",
        "exists:100%                | has a % that means nothing",
      })
  void oneErrorMakesItVoid(String terms, String problem) {
    assertThatThrownBy(() -> SpfRecord.parse("v=spf1 mx " + terms + " -all"))
        .isInstanceOf(SpfSyntaxException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\t-all", "a:\u00e4.example", "\u007f", "exp=\u0000.org", "x=\u0080"})
  void allIsVisibleAscii(String terms) {
    assertThatThrownBy(() -> SpfRecord.parse("v=spf1 " + terms))
        .isInstanceOf(SpfSyntaxException.class)
        .hasMessage("it has other characters than visible ASCII");
  }

  @Test
  void ofALongPartTheBeginningIsShown() {
    assertThatThrownBy(() -> SpfRecord.parse("v=spf1 " + "x".repeat(70_000)))
        .hasMessage("its part " + "x".repeat(60) + "... is neither a mechanism nor a modifier");
  }

  // ---- §6: modifiers ----

  @Test
  void modifiersMayStandAnywhere() {
    SpfRecord record = parse("v=spf1 exp=why.%{d} -mx REDIRECT=_spf.example.org a");
    assertThat(record.directives()).extracting(Object::toString).containsExactly("-mx", "a");
    assertThat(record.redirect()).hasToString("_spf.example.org");
    assertThat(record.explanation()).hasToString("why.%{d}");
    assertThat(record).hasToString("v=spf1 -mx a redirect=_spf.example.org exp=why.%{d}");
  }

  @Test
  void modifiersNobodyKnowsArePassedOver() {
    assertThat(
            parse("v=spf1 moo.cow-far_out=man:dog/cat%%%{c} a=x.org a ip4= default=deny x1=%{t}"))
        .isEqualTo(parse("v=spf1 a"));
  }
}
