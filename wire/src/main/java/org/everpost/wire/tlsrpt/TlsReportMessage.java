package org.everpost.wire.tlsrpt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.InternetDate;

/**
 * The message that brings a report (RFC 8460 §5.3). It has to be signed with DKIM. It is to arrive
 * also where TLS is broken (RFC 8460 §3), which is said to all on the way (RFC 8689 §3).
 *
 * @param domain the report is about
 * @param token letters and digits, different for every message
 */
public record TlsReportMessage(
    TlsReport report,
    DomainName domain,
    EmailAddress from,
    EmailAddress to,
    Instant date,
    String token) {

  private static final int LINE_LENGTH = 76;

  public TlsReportMessage {
    if (!token.matches("[A-Za-z0-9]{16,60}")) {
      throw new IllegalArgumentException("the token has 16 to 60 letters and digits");
    }
  }

  /** What the report is called (§5.1). */
  public String fileName() {
    return from.domain()
        + "!"
        + domain
        + "!"
        + report.start().getEpochSecond()
        + "!"
        + report.end().getEpochSecond()
        + ".json.gz";
  }

  /** The whole message, in ASCII. */
  public byte[] render() {
    String submitter = from.domain().ascii();
    String message =
        """
        From: TLS Report <%s>
        To: <%s>
        Subject: Report Domain: %s
         Submitter: %s
         Report-ID: <%s@%s>
        TLS-Report-Domain: %s
        TLS-Report-Submitter: %s
        Date: %s
        Message-ID: <%s@%s>
        Auto-Submitted: auto-generated
        TLS-Required: No
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type="tlsrpt";
         boundary="%s"

        --%s
        Content-Type: text/plain; charset=us-ascii

        This is a report about TLS in SMTP to %s.
        It is meant for programs and was sent because DNS asks for it.
        --%s
        Content-Type: application/tlsrpt+gzip
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment;
         filename="%s"

        """
            .formatted(
                from,
                to,
                domain,
                submitter,
                token,
                submitter,
                domain,
                submitter,
                InternetDate.format(date),
                token,
                submitter,
                token,
                token,
                domain,
                token,
                fileName())
            .replace("\n", "\r\n");
    byte[] lineEnd = {'\r', '\n'};
    String body = Base64.getMimeEncoder(LINE_LENGTH, lineEnd).encodeToString(gzip(report.json()));
    return (message + body + "\r\n--" + token + "--\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The report as it is posted, too (§5.4). */
  public static byte[] gzip(String json) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(octets)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has none
    }
    return octets.toByteArray();
  }
}
