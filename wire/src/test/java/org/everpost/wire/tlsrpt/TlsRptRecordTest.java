package org.everpost.wire.tlsrpt;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.tlsrpt.TlsRptRecord.Destination.Https;
import org.everpost.wire.tlsrpt.TlsRptRecord.Destination.Mailto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsRptRecordTest {

  @Test
  void records() {
    assertThat(TlsRptRecord.of(List.of("x", "v=TLSRPTv1;rua=mailto:reports@example.com")))
        .isEqualTo(new TlsRptRecord(List.of(new Mailto(EmailAddress.of("reports@example.com")))));
    assertThat(
            TlsRptRecord.of(
                List.of(
                    "v=TLSRPTv1 ; rua=https://r.example.com/v1/tlsrpt , MAILTO:a%2Bb@c.test?x=y,"
                        + "ftp://x,https:///,https://a@b/,mailto:nobody,:; x=y;")))
        .isEqualTo(
            new TlsRptRecord(
                List.of(
                    new Https(URI.create("https://r.example.com/v1/tlsrpt")),
                    new Mailto(EmailAddress.of("a+b@c.test")))));
    assertThat(TlsRptRecord.nameOf(DomainName.of("b.test")))
        .isEqualTo(DomainName.of("_smtp._tls.b.test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=TLSRPTv1",
        "v=TLSRPTv1;",
        "v=TLSRPTv2; rua=mailto:a@b",
        "v=TLSRPTv1; rua=",
        "v=TLSRPTv1; rua=mailto:",
        "v=TLSRPTv1; rua=mailto:a%0D%0Ab@c.test",
        "v=TLSRPTv1; rua=mailto:%C3%A4@c.test",
        "v=TLSRPTv1; ruf=mailto:a@b.test",
        "v=TLSRPTv1; rua=mailto:%zz@c.test",
        "v=TLSRPTv1; rua=mailto:\u4e2d\u4e2d%41@c.test",
        "v=TLSRPTv1; rua=http://a.test/"
      })
  void noRecords(String text) {
    assertThat(TlsRptRecord.of(List.of(text))).isNull();
  }

  @Test
  void bounds() {
    String one = "v=TLSRPTv1; rua=mailto:a@b.test";
    assertThat(TlsRptRecord.of(List.of(one, one))).isNull();
    String others =
        IntStream.range(0, 100).mapToObj(i -> ",mailto:" + i + "@b.test").collect(joining());
    TlsRptRecord many = TlsRptRecord.of(List.of(one + others));
    assertThat(many).isNotNull();
    assertThat(many.destinations()).hasSize(TlsRptRecord.MAX_DESTINATIONS);
    TlsRptRecord twice = TlsRptRecord.of(List.of(one + ", mailto:a@B.test"));
    assertThat(twice).isNotNull();
    assertThat(twice.destinations()).as("nobody is told twice").hasSize(1);
    assertThat(TlsRptRecord.of(List.of(one + ",mailto:a@b.test".repeat(1000)))).isNull();
  }
}
