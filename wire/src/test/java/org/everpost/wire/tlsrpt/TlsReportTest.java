package org.everpost.wire.tlsrpt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimeScanner;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.junit.jupiter.api.Test;

class TlsReportTest {

  private static final DomainName DOMAIN = DomainName.of("company-y.example");

  private static TlsReport report(PolicyResult... policies) {
    return new TlsReport(
        "Company-X",
        "sts-reporting@company-x.example",
        "5065427c-23d3@company-x",
        Instant.parse("2016-04-01T00:00:00Z"),
        Instant.parse("2016-04-01T23:59:59Z"),
        List.of(policies));
  }

  /** RFC 8460 appendix B, as far as it is ours to say. */
  @Test
  void json() {
    PolicyResult sts =
        new PolicyResult(
            PolicyType.STS,
            DOMAIN,
            List.of("version: STSv1", "mode: testing"),
            List.of("*.mail.company-y.example"),
            5326,
            303,
            List.of(
                new Failure(
                    ResultType.CERTIFICATE_EXPIRED,
                    "2001:db8:abcd:12::1",
                    "mx1.mail.company-y.example",
                    null,
                    100,
                    null),
                new Failure(
                    ResultType.STS_POLICY_FETCH_ERROR, null, null, null, 203, "a \"\\\n\u00e4")));
    PolicyResult none =
        new PolicyResult(PolicyType.NO_POLICY_FOUND, DOMAIN, List.of(), List.of(), 1, 0, List.of());
    String expected =
        """
        {"organization-name":"Company-X",
        "date-range":{"start-datetime":"2016-04-01T00:00:00Z",
        "end-datetime":"2016-04-01T23:59:59Z"},
        "contact-info":"sts-reporting@company-x.example",
        "report-id":"5065427c-23d3@company-x",
        "policies":[{"policy":{"policy-type":"sts",
        "policy-string":["version: STSv1","mode: testing"],
        "policy-domain":"company-y.example",
        "mx-host":["*.mail.company-y.example"]},
        "summary":{"total-successful-session-count":5326,
        "total-failure-session-count":303},
        "failure-details":[{"result-type":"certificate-expired",
        "sending-mta-ip":"2001:db8:abcd:12::1",
        "receiving-mx-hostname":"mx1.mail.company-y.example",
        "failed-session-count":100},
        {"result-type":"sts-policy-fetch-error",
        "failed-session-count":203,
        "failure-reason-code":"a \\"\\\\\\u000a\\u00e4"}]},
        {"policy":{"policy-type":"no-policy-found",
        "policy-domain":"company-y.example"},
        "summary":{"total-successful-session-count":1,
        "total-failure-session-count":0}}]}
        """
            .replace("\n", "");
    assertThat(report(sts, none).json()).isEqualTo(expected);
    assertThat(report().json()).endsWith("\"policies\":[]}");
  }

  @Test
  void theMessage() throws IOException {
    TlsReport report = report();
    TlsReportMessage message =
        new TlsReportMessage(
            report,
            DOMAIN,
            EmailAddress.of("tlsrpt@company-x.example"),
            EmailAddress.of("reports@company-y.example"),
            Instant.parse("2016-04-02T01:00:00Z"),
            "abcdefghij0123456789");
    byte[] octets = message.render();
    assertThat(message.fileName())
        .isEqualTo("company-x.example!company-y.example!1459468800!1459555199.json.gz");
    HeaderFields header = HeaderFields.of(octets);
    assertThat(header.first("TLS-Report-Domain")).hasToString("TLS-Report-Domain: " + DOMAIN);
    assertThat(header.first("TLS-Required")).hasToString("TLS-Required: No");
    assertThat(header.first("To")).hasToString("To: <reports@company-y.example>");
    MimeScanner scanner = new MimeScanner();
    scanner.feed(octets, 0, octets.length);
    MimePart root = scanner.finish();
    assertThat(root.parts()).hasSize(2);
    MimePart part = root.parts().getLast();
    assertThat(part.type() + "/" + part.subtype()).isEqualTo("application/tlsrpt+gzip");
    ByteArrayInputStream body =
        new ByteArrayInputStream(octets, (int) part.bodyOffset(), (int) part.bodySize());
    try (GZIPInputStream json = new GZIPInputStream(ContentDecoder.decode(body, "base64"))) {
      assertThat(new String(json.readAllBytes(), UTF_8)).isEqualTo(report.json());
    }
    assertThat(new String(octets, UTF_8).lines()).allMatch(l -> l.length() <= 100);
  }
}
