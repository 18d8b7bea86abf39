package org.everpost.wire.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryStatusParserTest {

  /** RFC 3464 appendix E.2, shortened. */
  static final String MANY =
      """
      Original-Envelope-Id: 1234
      Reporting-MTA: dns; cs.utk.edu

      Original-Recipient: rfc822;arathib@vnet.ibm.com
      Final-Recipient: rfc822;arathib@vnet.ibm.com
      Action: failed
      Status: 5.0.0 (permanent failure)
      Diagnostic-Code: smtp;
       550 'arathib@vnet.IBM.COM' is not a
       registered gateway user
      Remote-MTA: dns; vnet.ibm.com

      Original-Recipient: rfc822;wsnell@sdcc13.ucsd.edu
      Final-Recipient: rfc822;wsnell@sdcc13.ucsd.edu
      Action: delayed
      Status: 4.0.0 (hpnjld@njserv: no mailbox)
      Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400
      """;

  static @Nullable DeliveryStatus parsed(String text) {
    return DeliveryStatusParser.parse(text.getBytes(UTF_8));
  }

  @Test
  void anExample() {
    for (String text : List.of(MANY, MANY.replace("\n", "\r\n"))) {
      assertThat(parsed(text))
          .isEqualTo(
              new DeliveryStatus(
                  "1234",
                  new TypedValue("dns", "cs.utk.edu"),
                  null,
                  List.of(
                      new RecipientStatus(
                          new TypedValue("rfc822", "arathib@vnet.ibm.com"),
                          new TypedValue("rfc822", "arathib@vnet.ibm.com"),
                          Action.FAILED,
                          EnhancedStatusCode.of("5.0.0"),
                          new TypedValue("dns", "vnet.ibm.com"),
                          new TypedValue(
                              "smtp",
                              "550 'arathib@vnet.IBM.COM' is not a registered gateway user"),
                          null,
                          null),
                      new RecipientStatus(
                          new TypedValue("rfc822", "wsnell@sdcc13.ucsd.edu"),
                          new TypedValue("rfc822", "wsnell@sdcc13.ucsd.edu"),
                          Action.DELAYED,
                          EnhancedStatusCode.of("4.0.0"),
                          null,
                          null,
                          null,
                          null))));
    }
  }

  /** Some servers forget the empty line, or the name of the reporting server. */
  @Test
  void oddities() {
    DeliveryStatus one =
        parsed("\n\nFINAL-RECIPIENT : RFC822;a@b\nAction: Failed\nStatus: 5.1.1\nFoo\n:\n\n\n");
    assertThat(one).isNotNull();
    assertThat(one.reportingMta()).isNull();
    assertThat(one.recipients().getFirst().recipient().value()).isEqualTo("a@b");
    DeliveryStatus together =
        parsed("Reporting-MTA: dns;x\nFinal-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1.1");
    assertThat(together).isNotNull();
    assertThat(together.reportingMta()).isEqualTo(TypedValue.host("x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "Reporting-MTA: dns; a",
        "Final-Recipient: a@b\nAction: failed\nStatus: 5.1.1",
        "Final-Recipient: rfc822;\nAction: failed\nStatus: 5.1.1",
        "Final-Recipient: rfc822;a@b\nAction: lost\nStatus: 5.1.1",
        "Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1",
        "Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 3.1.1",
        "Final-Recipient: rfc822;a@b\nAction: failed",
        "Final-Recipient: rfc822;a@b\n\nAction: failed\nStatus: 5.1.1"
      })
  void nothingToFind(String text) {
    assertThat(parsed(text)).isNull();
  }

  @Test
  void manyRecipientsAreCut() {
    String one = "Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1.1\n\n";
    DeliveryStatus status = parsed(one.repeat(3000));
    assertThat(status).isNotNull();
    assertThat(status.recipients()).hasSize(DeliveryStatusParser.MAX_RECIPIENTS);
  }

  /** What was read can be written, and is then read as the same. */
  static void check(byte[] body) {
    DeliveryStatus status = DeliveryStatusParser.parse(body);
    if (status == null) {
      return;
    }
    DeliveryStatus whole =
        new DeliveryStatus(
            status.envelopeId(), TypedValue.host("mx.test"), null, status.recipients());
    DeliveryStatus again = parsed(StatusRenderer.render(whole));
    assertThat(again).isNotNull();
    assertThat(again.recipients()).hasSameSizeAs(status.recipients());
    for (int i = 0; i < again.recipients().size(); i++) {
      RecipientStatus before = status.recipients().get(i);
      RecipientStatus after = again.recipients().get(i);
      assertThat(after.action()).isEqualTo(before.action());
      assertThat(after.status()).isEqualTo(before.status());
      assertThat(after.recipient().type()).isEqualTo(before.recipient().type());
      if (before.recipient().value().length() < 200) {
        assertThat(after.recipient()).isEqualTo(before.recipient());
        assertThat(after.original()).isEqualTo(before.original());
      }
    }
  }
}
