package org.everpost.wire.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Notification.Original;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimeScanner;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NotificationTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant ARRIVAL = Instant.parse("2026-11-23T09:00:00Z");
  private static final String TOKEN = "abcdefghij0123456789";
  private static final String MESSAGE =
      """
      From: Bob <bob@example.test>
      Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from the sea
      Message-ID: <1@example.test>

      Hello
      """
          .replace("\n", "\r\n");

  private static RecipientStatus recipient(
      String address, Action action, String status, @Nullable String reply) {
    return new RecipientStatus(
        null,
        TypedValue.of(new Path.Address(EmailAddress.of(address))),
        action,
        EnhancedStatusCode.of(status),
        reply == null ? null : TypedValue.host("mx.other.test"),
        reply == null ? null : TypedValue.reply(reply),
        NOW,
        action == Action.DELAYED ? Instant.parse("2026-12-01T22:00:00Z") : null);
  }

  private static Notification notification(
      Language language, Enclosure enclosure, RecipientStatus... recipients) {
    return notification(
        language,
        "bob@example.test",
        new Original(header(), Body.SEVEN_BIT, false, enclosure),
        recipients);
  }

  private static Notification notification(
      Language language, String to, Original original, RecipientStatus... recipients) {
    return new Notification(
        language,
        EmailAddress.of("mailer-daemon@example.test"),
        new Path.Address(EmailAddress.of(to)),
        NOW,
        TOKEN,
        new DeliveryStatus(
            "env+1 x", TypedValue.host("mail.example.test"), ARRIVAL, List.of(recipients)),
        original);
  }

  private static byte[] header() {
    return MESSAGE.substring(0, MESSAGE.indexOf("Hello")).getBytes(ISO_8859_1);
  }

  private static byte[] rendered(Notification notification) throws IOException {
    try (InputStream in =
        notification.render(new ByteArrayInputStream(MESSAGE.getBytes(ISO_8859_1)))) {
      return in.readAllBytes();
    }
  }

  private static MimePart scanned(byte[] message) {
    MimeScanner scanner = new MimeScanner();
    scanner.feed(message, 0, message.length);
    return scanner.finish();
  }

  private static String content(byte[] message, MimePart part) throws IOException {
    ByteArrayInputStream body =
        new ByteArrayInputStream(message, (int) part.bodyOffset(), (int) part.bodySize());
    return new String(ContentDecoder.decode(body, part.encoding()).readAllBytes(), UTF_8);
  }

  private static String human(Notification notification) throws IOException {
    byte[] message = rendered(notification);
    return content(message, scanned(message).parts().getFirst()).replace("\r\n", "\n");
  }

  private static String unwrapped(Notification notification) throws IOException {
    return human(notification).replaceAll("\\s+", " ");
  }

  @Test
  void aFailure() throws IOException {
    RecipientStatus failed =
        recipient("alice@other.test", Action.FAILED, "5.1.1", "550 5.1.1 No such user");
    byte[] message = rendered(notification(Language.ENGLISH, Enclosure.WHOLE, failed));
    String expected =
        """
        From: Mail Delivery <mailer-daemon@example.test>
        To: <bob@example.test>
        Subject: Your message could not be delivered
        Date: Sat, 28 Nov 2026 10:00:00 +0000
        Message-ID: <abcdefghij0123456789@example.test>
        In-Reply-To: <1@example.test>
        References: <1@example.test>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="abcdefghij0123456789"

        --abcdefghij0123456789
        Content-Type: text/plain; charset=utf-8
        Content-Language: en
        Content-Transfer-Encoding: quoted-printable

        This is an automatic message of the mail server mail.example.test.
        It is about your message "Gr=C3=BC=C3=9Fe from the sea".

        It could NOT be delivered to:

          <alice@other.test>
            There is no such address at that server.
            Check how the address is written, or ask the recipient for the right
            one.
            The server mx.other.test said:
              550 5.1.1 No such user

        Your message is attached.

        --abcdefghij0123456789
        Content-Type: message/delivery-status
        Content-Transfer-Encoding: 7bit

        Original-Envelope-Id: env+1 x
        Reporting-MTA: dns; mail.example.test
        Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000

        Final-Recipient: rfc822; alice@other.test
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.other.test
        Diagnostic-Code: smtp; 550 5.1.1 No such user
        Last-Attempt-Date: Sat, 28 Nov 2026 10:00:00 +0000

        --abcdefghij0123456789
        Content-Type: message/rfc822
        Content-Transfer-Encoding: 7bit

        THE MESSAGE
        --abcdefghij0123456789--
        """;
    assertThat(new String(message, UTF_8).replace("\r\n", "\n"))
        .isEqualTo(expected.replace("THE MESSAGE", MESSAGE.replace("\r\n", "\n")));
  }

  @Test
  void onlyTheHeader() throws IOException {
    byte[] message =
        rendered(
            notification(
                Language.GERMAN,
                Enclosure.HEADER,
                recipient("a@b.test", Action.FAILED, "5.2.2", null)));
    MimePart root = scanned(message);
    assertThat(root.parts())
        .extracting(p -> p.type() + "/" + p.subtype())
        .containsExactly("text/plain", "message/delivery-status", "text/rfc822-headers");
    assertThat(content(message, root.parts().get(2)) + "\r\n")
        .isEqualTo(new String(header(), UTF_8));
    assertThat(content(message, root.parts().getFirst()))
        .contains("Das Postfach des Empfängers ist voll.")
        .contains("Der Kopf Ihrer Nachricht ist angehängt");
  }

  @Test
  void aDelay() throws IOException {
    RecipientStatus delayed = recipient("alice@other.test", Action.DELAYED, "4.4.1", null);
    assertThat(unwrapped(notification(Language.ENGLISH, Enclosure.HEADER, delayed)))
        .contains("we go on trying. You need not do anything.")
        .contains("cannot be reached. We go on trying for another 4 days.");
    assertThat(unwrapped(notification(Language.GERMAN, Enclosure.HEADER, delayed)))
        .contains("ist nicht zu erreichen. Wir versuchen es noch 4 Tage lang.");
    byte[] message = rendered(notification(Language.GERMAN, Enclosure.HEADER, delayed));
    assertThat(new String(message, UTF_8))
        .contains("\r\nAction: delayed\r\n")
        .contains("\r\nWill-Retry-Until: Tue, 1 Dec 2026 22:00:00 +0000\r\n");
    HeaderField subject = HeaderFields.of(message).first("Subject");
    assertThat(subject).isNotNull();
    assertThat(EncodedWord.decode(subject.value())).isEqualTo("Ihre Nachricht verspätet sich");
  }

  @Test
  void triedAsLongAsMayBe() throws IOException {
    RecipientStatus expired = recipient("a@b.test", Action.FAILED, "4.4.1", null);
    assertThat(unwrapped(notification(Language.ENGLISH, Enclosure.HEADER, expired)))
        .contains("We have tried for 5 days and have given up.");
    assertThat(unwrapped(notification(Language.GERMAN, Enclosure.HEADER, expired)))
        .contains("Wir haben es 5 Tage lang versucht und geben auf.");
  }

  @Test
  void severalActions() throws IOException {
    Notification mixed =
        notification(
            Language.ENGLISH,
            Enclosure.HEADER,
            recipient("d@b.test", Action.DELIVERED, "2.1.5", null),
            recipient("r@b.test", Action.RELAYED, "2.1.9", "250 ok"),
            recipient("f@b.test", Action.FAILED, "5.6.7", null),
            recipient("e@b.test", Action.EXPANDED, "2.1.5", null));
    assertThat(mixed.status().worst()).isEqualTo(Action.FAILED);
    String text = human(mixed);
    assertThat(text.indexOf("<f@b.test>")).isLessThan(text.indexOf("<r@b.test>"));
    assertThat(text.indexOf("<r@b.test>")).isLessThan(text.indexOf("<e@b.test>"));
    assertThat(text.indexOf("<e@b.test>")).isLessThan(text.indexOf("<d@b.test>"));
    assertThat(text).contains("does not tell whether it was delivered");
  }

  /** RFC 6533: addresses as they are, in the types made for them. */
  @Test
  void addressesBeyondAscii() throws IOException {
    Notification international =
        notification(
            Language.GERMAN,
            "jörg@example.test",
            new Original(
                "Subject: grün\r\n\r\n".getBytes(UTF_8),
                Body.EIGHT_BIT_MIME,
                true,
                Enclosure.WHOLE),
            recipient("åsa@other.test", Action.FAILED, "5.1.1", null));
    byte[] message = rendered(international);
    assertThat(international.smtpUtf8()).isTrue();
    assertThat(international.body()).isEqualTo(Body.EIGHT_BIT_MIME);
    assertThat(new String(message, UTF_8))
        .contains("\r\nTo: <jörg@example.test>\r\n")
        .contains("\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--")
        .contains("Content-Type: message/global-delivery-status\r\n")
        .contains("\r\nFinal-Recipient: utf-8; åsa@other.test\r\n")
        .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit\r\n");
  }

  @Test
  void onlyThoseWhoCanBeNotified() {
    RecipientStatus r = recipient("a@b.test", Action.FAILED, "5.0.0", null);
    Notification good = notification(Language.ENGLISH, Enclosure.HEADER, r);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Notification(
                Language.ENGLISH,
                good.from(),
                new Path.Null(),
                NOW,
                TOKEN,
                good.status(),
                good.original()));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Notification(
                Language.ENGLISH,
                good.from(),
                good.to(),
                NOW,
                "short",
                good.status(),
                good.original()));
  }

  /** RFC 3461 §4.3. */
  @Test
  void howMuchIsEnclosed() {
    assertThat(Enclosure.choose(null, Action.FAILED, 100, 100, Body.SEVEN_BIT))
        .isEqualTo(Enclosure.WHOLE);
    assertThat(Enclosure.choose(Ret.FULL, Action.FAILED, 101, 100, Body.SEVEN_BIT))
        .isEqualTo(Enclosure.HEADER);
    assertThat(Enclosure.choose(Ret.HDRS, Action.FAILED, 1, 100, Body.SEVEN_BIT))
        .isEqualTo(Enclosure.HEADER);
    assertThat(Enclosure.choose(Ret.FULL, Action.DELAYED, 1, 100, Body.SEVEN_BIT))
        .isEqualTo(Enclosure.HEADER);
    assertThat(Enclosure.choose(Ret.FULL, Action.FAILED, 1, 100, Body.BINARY_MIME))
        .isEqualTo(Enclosure.HEADER);
  }

  /** Whatever the status: sentences in both languages, and short lines. */
  @ParameterizedTest
  @EnumSource(Language.class)
  void everyStatusIsExplained(Language language) throws IOException {
    for (int subject = 0; subject <= 8; subject++) {
      for (int detail = 0; detail <= 40; detail++) {
        EnhancedStatusCode status = new EnhancedStatusCode(5, subject, detail);
        Explanation explanation = Explanation.of(status);
        assertThat(explanation.text(language)).endsWith(".");
        assertThat(explanation.advice(language)).endsWith(".");
        String text =
            human(
                notification(
                    language,
                    Enclosure.HEADER,
                    recipient("a@b.test", Action.FAILED, status.toString(), null)));
        assertThat(text.lines()).allMatch(l -> l.length() <= 72);
      }
    }
  }

  @Test
  void explanationsThatMatter() {
    assertThat(Explanation.of(EnhancedStatusCode.of("5.1.10")))
        .isEqualTo(Explanation.TAKES_NO_MAIL);
    assertThat(Explanation.of(EnhancedStatusCode.of("5.4.6"))).isEqualTo(Explanation.LOOP);
    assertThat(Explanation.of(EnhancedStatusCode.of("5.7.30"))).isEqualTo(Explanation.SECURITY);
    assertThat(Explanation.of(EnhancedStatusCode.of("5.7.1"))).isEqualTo(Explanation.POLICY);
    assertThat(Explanation.of(EnhancedStatusCode.of("5.3.4"))).isEqualTo(Explanation.TOO_LARGE);
    assertThat(Explanation.of(EnhancedStatusCode.of("5.0.0"))).isEqualTo(Explanation.REFUSED);
  }

  /** No words of others become fields or parts, and no line gets too long. */
  @Test
  void hostileWords() throws IOException {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      RecipientStatus hostile =
          new RecipientStatus(
              TypedValue.parse("rfc822;" + junk(random)),
              new TypedValue("utf-8", "x" + junk(random)),
              random.nextBoolean() ? Action.FAILED : Action.RELAYED,
              EnhancedStatusCode.of("5.1.1"),
              TypedValue.host(junk(random)),
              TypedValue.reply(junk(random)),
              null,
              null);
      // Only the token is not known to those who write messages.
      byte[] header =
          ("Subject: " + junk(random) + "\r\nMessage-ID: " + junk(random) + "\r\n\r\n")
              .replace(TOKEN, "")
              .getBytes(UTF_8);
      Notification notification =
          new Notification(
              Language.ENGLISH,
              EmailAddress.of("mailer-daemon@example.test"),
              new Path.Address(EmailAddress.of("\"x\\\" y\"@example.test")),
              NOW,
              TOKEN,
              new DeliveryStatus(
                  junk(random), TypedValue.host("mail.test"), ARRIVAL, List.of(hostile, hostile)),
              new Original(header, Body.SEVEN_BIT, random.nextBoolean(), Enclosure.HEADER));
      check(rendered(notification), hostile);
    }
  }

  private static void check(byte[] message, RecipientStatus expected) throws IOException {
    MimePart root = scanned(message);
    assertThat(root.parts()).hasSize(3);
    for (HeaderField field : HeaderFields.of(message)) {
      assertThat(field.name()).doesNotContain("Evil");
    }
    MimePart status = root.parts().get(1);
    int from = (int) status.bodyOffset();
    int end = from + (int) status.bodySize();
    assertThat(new String(message, 0, end, ISO_8859_1).lines()).allMatch(l -> l.length() <= 998);
    assertThat(new String(message, from, end - from, ISO_8859_1).lines())
        .noneMatch(l -> l.startsWith("Evil"));
    DeliveryStatus again = DeliveryStatusParser.parse(Arrays.copyOfRange(message, from, end));
    assertThat(again).isNotNull();
    assertThat(again.recipients()).hasSize(2);
    assertThat(again.recipients().getFirst().action()).isEqualTo(expected.action());
    // A word that is longer than a line can be is divided.
    assertThat(beginning(again.recipients().getFirst().recipient()))
        .isEqualTo(beginning(expected.recipient()));
  }

  private static String beginning(TypedValue value) {
    String text = value.value().replace(" ", "");
    return text.substring(0, Math.min(1000, text.length()));
  }

  private static String junk(Random random) {
    String[] pieces = {
      "\r\nEvil: 1\r\n",
      "\n",
      "\r\n\r\n",
      "--" + TOKEN,
      " ",
      "\u202e",
      "\u0000",
      "ä",
      "\ud83d\ude00",
      "\u2028Evil:",
      "=?utf-8?Q?=0D=0AEvil:_1?=",
      "<a@b>",
      ";",
      "\"",
      "\t",
      "x".repeat(1200),
      "\ud800"
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
