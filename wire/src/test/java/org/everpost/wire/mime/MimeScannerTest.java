package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MimeScannerTest {

  private String message = "";

  private MimePart scan(String text) {
    message = text;
    byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
    MimePart root = MimeSanity.scan(b);
    MimeSanity.check(root, b);
    return root;
  }

  private String outline(String text) {
    return MimeOutline.of(scan(text), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String header(MimePart part) {
    return message.substring((int) part.headerOffset(), (int) part.bodyOffset());
  }

  private String body(MimePart part) {
    return message.substring((int) part.bodyOffset(), (int) (part.bodyOffset() + part.bodySize()));
  }

  private static Envelope envelope(MimePart part) {
    return Objects.requireNonNull(part.envelope());
  }

  @Test
  void plainText() {
    MimePart root = scan("Subject: Hi\r\nFrom: Joe <joe@example.org>\r\n\r\nOne\r\nTwo\r\n");
    assertThat(root.headerSize()).isEqualTo(44);
    assertThat(body(root)).isEqualTo("One\r\nTwo\r\n");
    assertThat(root.lines()).isEqualTo(2);
    assertThat(root.type()).isEqualTo("text");
    assertThat(root.subtype()).isEqualTo("plain");
    assertThat(root.encoding()).isEqualTo("7bit");
    assertThat(root.disposition()).isNull();
    assertThat(envelope(root).subject()).isEqualTo("Hi");
    assertThat(envelope(root).date()).isNull();
    assertThat(envelope(root).to()).isEmpty();
    assertThat(envelope(root).sender())
        .containsExactly(new EnvelopeAddress("Joe", "joe", "example.org"));
  }

  @Test
  void allFields() {
    MimePart root =
        scan(
            """
            Content-Type: Text/HTML; charset=utf-8
            content-transfer-encoding: Quoted-Printable
            CONTENT-DISPOSITION: inline; filename="a b"
            Content-ID: <1@x>
            Content-Description: what
             it is
            Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
            Content-Language: de, en
            Content-Location: http://example.org/
            In-Reply-To: <2@x>
            Message-ID: <3@x>
            Reply-To: r@x
            Sender: s@x
            From: f@x
            Cc: c1@x
            Bcc: b@x
            Cc: c2@x
            Subject: the first
            Subject: the second

            """);
    assertThat(root.subtype()).isEqualTo("html");
    assertThat(root.parameters()).containsExactly(new MimePart.Parameter("charset", "utf-8"));
    assertThat(root.encoding()).isEqualTo("quoted-printable");
    assertThat(Objects.requireNonNull(root.disposition()).type()).isEqualTo("inline");
    assertThat(root.contentId()).isEqualTo("<1@x>");
    assertThat(root.description()).isEqualTo("what it is");
    assertThat(root.md5()).isEqualTo("Q2hlY2sgSW50ZWdyaXR5IQ==");
    assertThat(root.languages()).containsExactly("de", "en");
    assertThat(root.location()).isEqualTo("http://example.org/");
    Envelope envelope = envelope(root);
    assertThat(envelope.inReplyTo()).isEqualTo("<2@x>");
    assertThat(envelope.messageId()).isEqualTo("<3@x>");
    assertThat(envelope.replyTo()).extracting(EnvelopeAddress::mailbox).containsExactly("r");
    assertThat(envelope.sender()).extracting(EnvelopeAddress::mailbox).containsExactly("s");
    assertThat(envelope.cc()).extracting(EnvelopeAddress::mailbox).containsExactly("c1", "c2");
    assertThat(envelope.bcc()).extracting(EnvelopeAddress::mailbox).containsExactly("b");
    assertThat(envelope.subject()).isEqualTo("the first");
  }

  @Test
  void partsEndBeforeTheLineEndOfTheDelimiter() {
    MimePart root =
        scan(
            """
            Content-Type: multipart/mixed; boundary=abc

            pre
            --abc

            one
            --abc\s
            Content-Type: text/html

            <p>

            --abc--
            epilogue
            """);
    assertThat(root.parts()).hasSize(2);
    MimePart one = root.parts().get(0);
    assertThat(header(one)).isEqualTo("\n");
    assertThat(body(one)).isEqualTo("one");
    assertThat(one.lines()).isEqualTo(1);
    MimePart two = root.parts().get(1);
    assertThat(header(two)).isEqualTo("Content-Type: text/html\n\n");
    assertThat(body(two)).isEqualTo("<p>\n");
    assertThat(two.lines()).isEqualTo(1);
    assertThat(root.lines()).isEqualTo(11);
  }

  @Test
  void nothingAtAll() {
    MimePart root = scan("");
    assertThat(root.headerSize()).isZero();
    assertThat(root.bodySize()).isZero();
    assertThat(root.lines()).isZero();
    assertThat(envelope(root).from()).isEmpty();
    assertThat(scan("\r\n").headerSize()).isEqualTo(2);
    assertThat(scan("Subject: only").headerSize()).isEqualTo(13);
    assertThat(envelope(scan("Subject:")).subject()).isEmpty();
  }

  @Test
  void aLastLineWithoutEndIsALine() {
    assertThat(scan("\n\na\nb").lines()).isEqualTo(3);
    assertThat(scan("\n\na\nb\n").lines()).isEqualTo(3);
  }

  @Test
  void encodedWordsStayAndRawTextIsRead() {
    assertThat(envelope(scan("Subject: =?utf-8?Q?=C3=BC?=\n\n")).subject())
        .isEqualTo("=?utf-8?Q?=C3=BC?=");
    assertThat(envelope(scan("Subject: \u00c3\u00bc\n\n")).subject()).isEqualTo("\u00fc");
    assertThat(envelope(scan("Subject: \u00fc\n\n")).subject()).isEqualTo("\u00fc");
    assertThat(envelope(scan("Subject: a\0b\r c\n\n")).subject()).isEqualTo("a b c");
  }

  @Test
  void bareCarriageReturnsEndLinesIfTheFirstLineHasOne() {
    String mac = "Subject: a\rTo: b@x\r\rone\rtwo\r";
    MimePart root = scan(mac);
    assertThat(body(root)).isEqualTo("one\rtwo\r");
    assertThat(root.lines()).isEqualTo(2);
    assertThat(envelope(root).to()).hasSize(1);
    MimePart mixed = scan("Subject: a\n\none\rtwo\n");
    assertThat(mixed.lines()).isEqualTo(1);
    assertThat(scan("Subject: a\r\r\r\nTo: b@x\r\r\n\r\r\nbody").bodySize()).isEqualTo(4);
  }

  @Test
  void outerDelimiterEndsEverythingWithin() {
    assertThat(
            outline(
                """
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: multipart/mixed; boundary=inner

                --inner
                Content-Type: message/rfc822

                Subject: x
                --outer

                two
                --inner
                --outer--
                """))
        .isEqualTo(
            """
            multipart/mixed 12
              multipart/mixed 4
                message/rfc822 1
                  text/plain 0 ||
              text/plain 2 |two~--inner|
            """);
  }

  @Test
  void sameBoundaryTwice() {
    assertThat(
            outline(
                """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: multipart/mixed; boundary=b

                --b

                inner
                --b--
                --b

                outer
                --b--
                """))
        .isEqualTo(
            """
            multipart/mixed 11
              multipart/mixed 4
                text/plain 1 |inner|
              text/plain 1 |outer|
            """);
  }

  @Test
  void headersThatAreCut() {
    assertThat(outline("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b\n--b"))
        .isEqualTo("multipart/mixed 3\n  a/b 0 ||\n  text/plain 0 ||\n");
    assertThat(outline("Content-Type: message/rfc822"))
        .isEqualTo("message/rfc822 0\n  text/plain 0 ||\n");
    assertThat(outline("Content-Type: multipart/mixed; boundary=b")).isEqualTo("text/plain 0 ||\n");
  }

  @Test
  void partWithoutHeaderAndEmptyLine() {
    assertThat(
            outline("Content-Type: multipart/mixed; boundary=b\n\n--b\nHello there\n\nYou\n--b--"))
        .isEqualTo("multipart/mixed 5\n  text/plain 3 |Hello there~~You|\n");
  }

  @Test
  void mboxLineIsPartOfTheHeader() {
    MimePart root = scan(">From joe Mon Nov 23\nSubject: x\n\nbody\n");
    assertThat(envelope(root).subject()).isEqualTo("x");
    assertThat(root.lines()).isEqualTo(1);
  }

  @Test
  void damagedFieldsDoNotEndTheHeader() {
    MimePart root = scan("Subject: x\nthis is no field\nContent-Type: text/html\n\nbody\n");
    assertThat(root.subtype()).isEqualTo("html");
  }

  @Test
  void lineOfWhiteSpaceEndsTheHeaderIfNoFieldFollows() {
    assertThat(body(scan("Subject: x\n \nHello, you\n"))).isEqualTo("Hello, you\n");
    assertThat(envelope(scan("Subject: x\n \n y\nTo: a@b\n\n")).subject()).isEqualTo("x  y");
    assertThat(envelope(scan("Subject: x\n \nTo: a@b\n\n")).to()).hasSize(1);
  }

  @Test
  void delimitersWithSomethingBehindThem() {
    String start = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n";
    assertThat(scan(start + "--b \t\n\ntwo\n--b--").parts()).hasSize(2);
    assertThat(scan(start + "--b junk\n\ntwo\n--b--").parts()).hasSize(2);
    assertThat(scan(start + "--bb\n\ntwo\n--b--").parts()).hasSize(1);
    assertThat(scan(start + "--b---\n\ntwo\n--b").parts()).hasSize(2);
    assertThat(scan(start + "-- b\n--\n---\n--b-- junk\n--b\n\ntwo").parts()).hasSize(1);
  }

  @Test
  void onlyMessagesAsTheyStandAreLookedInto() {
    String fields = "Content-Type: message/global\nContent-Transfer-Encoding: ";
    assertThat(scan(fields + "8bit\n\nSubject: in\n\n").isMessage()).isTrue();
    assertThat(scan(fields + "base64\n\nU3ViamVjdDogaW4=\n").isMessage()).isFalse();
    assertThat(scan("Content-Type: message/partial\n\nSubject: in\n").isMessage()).isFalse();
  }

  @Test
  void aMessageThatIsAMessage() {
    MimePart root = scan("Subject: out\nContent-Type: message/rfc822\n\nSubject: in\n\n");
    assertThat(envelope(root).subject()).isEqualTo("out");
    assertThat(Objects.requireNonNull(root.enclosedEnvelope()).subject()).isEqualTo("in");
    assertThat(root.parts().getFirst().enclosedEnvelope()).isNull();
    MimePart twice = scan("Subject: outer\nContent-Type: message/global\n\n" + message);
    assertThat(envelope(twice).subject()).isEqualTo("outer");
    assertThat(twice.enclosedEnvelope()).isEqualTo(root.envelope());
    assertThat(twice.parts().getFirst().enclosedEnvelope()).isEqualTo(root.enclosedEnvelope());
  }

  @Test
  void isFinishedOnce() {
    var scanner = new MimeScanner();
    byte[] b = {'a'};
    scanner.feed(b, 0, 1);
    MimePart root = scanner.finish();
    assertThat(scanner.finish()).isSameAs(root);
    assertThatThrownBy(() -> scanner.feed(b, 0, 1)).isInstanceOf(IllegalStateException.class);
  }
}
