package org.everpost.wire.mtasts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MtaStsTest {

  /** RFC 8461 §3.2. */
  static final String POLICY =
      """
      version: STSv1
      mode: enforce
      mx: mail.example.com
      mx: *.example.net
      mx: backupmx.example.com
      max_age: 604800
      """;

  private static MtaStsPolicy parsed(String text) throws MtaStsSyntaxException {
    return MtaStsPolicy.parse(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=STSv1; id=20160831085700Z;",
        "v=STSv1;id=20160831085700Z",
        "v=STSv1 ;  id=20160831085700Z ; x-a=b",
        "v=STSv1; a=b; id=20160831085700Z; id=2"
      })
  void records(String text) {
    // The second one is no extension: = and id belong to the first.
    assertThat(MtaStsRecord.of(List.of("v=spf1 -all", text)))
        .isEqualTo(new MtaStsRecord("20160831085700Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=STSv1",
        "v=STSv1;",
        "v=STSv2; id=1",
        "V=STSv1; id=1",
        " v=STSv1; id=1",
        "v=STSv1; id=",
        "v=STSv1; id=a-b",
        "v=STSv1; id=123456789012345678901234567890123",
        "v=STSv1; ; id=1",
        "v=STSv1; id=1; junk",
        "v=STSv1x; id=1",
        "v=STSv1; id =1"
      })
  void noRecords(String text) {
    assertThat(MtaStsRecord.of(List.of(text))).isNull();
  }

  @Test
  void severalRecordsAreNone() {
    assertThat(MtaStsRecord.of(List.of("v=STSv1; id=1", "v=STSv1; id=2"))).isNull();
    assertThat(MtaStsRecord.of(List.of())).isNull();
    assertThat(MtaStsRecord.nameOf(DomainName.of("b.test")))
        .isEqualTo(DomainName.of("_mta-sts.b.test"));
    assertThat(MtaStsRecord.policyHost(DomainName.of("b.test")))
        .isEqualTo(DomainName.of("mta-sts.b.test"));
  }

  @Test
  void aPolicy() throws MtaStsSyntaxException {
    for (String text : List.of(POLICY, POLICY.replace("\n", "\r\n"), POLICY.strip())) {
      MtaStsPolicy policy = parsed(text);
      assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
      assertThat(policy.maxAge()).isEqualTo(Duration.ofDays(7));
      assertThat(policy.mx())
          .extracting(Object::toString)
          .containsExactly("mail.example.com", "*.example.net", "backupmx.example.com");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mail.example.com, true",
    "MAIL.example.com, true",
    "a.example.net, true",
    "example.net, false",
    "a.b.example.net, false",
    "aexample.net, false",
    "x.mail.example.com, false",
    "net, false"
  })
  void servers(String host, boolean allowed) throws MtaStsSyntaxException {
    assertThat(parsed(POLICY).allows(DomainName.of(host))).isEqualTo(allowed);
  }

  @Test
  void oddPolicies() throws MtaStsSyntaxException {
    assertThat(parsed("version:STSv1\nmode:none\nmax_age:86400\n").mx()).isEmpty();
    assertThat(parsed(POLICY + "mode: none\nmax_age: 1\nfoo: bar\n")).isEqualTo(parsed(POLICY));
    assertThat(parsed(POLICY.replace("604800", "9999999999")).maxAge())
        .isEqualTo(MtaStsPolicy.LONGEST);
    assertThat(
            parsed(POLICY.replace("mail.example.com", "b\u00fccher.test"))
                .allows(DomainName.of("xn--bcher-kva.test")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: STSv1=>version: STSv2",
        "version: STSv1=>x: y",
        "enforce=>Enforce",
        "mode: enforce=>mode:",
        "604800=>-1",
        "604800=>1d",
        "max_age: 604800=>max: 1",
        "mail.example.com=>*.*.com",
        "mail.example.com=>",
        "mail.example.com=>mail.*.com",
        "mail.example.com=>a b",
        "mode: enforce=>mode enforce",
        "mode: enforce=>: enforce"
      })
  void noPolicies(String change) {
    int arrow = change.indexOf("=>");
    String text = POLICY.replace(change.substring(0, arrow), change.substring(arrow + 2));
    assertThatExceptionOfType(MtaStsSyntaxException.class).isThrownBy(() -> parsed(text));
  }

  @Test
  void policiesAreBounded() {
    assertThatExceptionOfType(MtaStsSyntaxException.class)
        .isThrownBy(() -> parsed(POLICY + "a: b\n".repeat(20_000)));
    assertThatExceptionOfType(MtaStsSyntaxException.class)
        .isThrownBy(() -> parsed(POLICY + "mx: a.b\n".repeat(2_000)));
    assertThatExceptionOfType(MtaStsSyntaxException.class)
        .isThrownBy(() -> parsed("version: STSv1\nmode: testing\nmax_age: 1\n"));
    assertThatExceptionOfType(MtaStsSyntaxException.class).isThrownBy(() -> parsed("<html>"));
  }
}
