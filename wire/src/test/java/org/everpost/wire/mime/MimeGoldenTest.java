package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Recorded messages whose right structure was thought out by hand. */
class MimeGoldenTest {

  private static String outline(String file) {
    byte[] message = MimeCorpus.read(file);
    return MimeOutline.of(MimeSanity.scan(message), message);
  }

  /** The complex example of the MIME standard. */
  @Test
  void complexMultipart() {
    assertThat(outline("mail-parser-rfc-000.eml"))
        .isEqualTo(
            """
            multipart/mixed 64
              text/plain 7 |... Some text appears here ...|
              text/plain 3 |This could have been part of t|
              multipart/parallel 14
                audio/basic base64 2 |... base64-encoded 8000 Hz sin|
                image/jpeg base64 1 |... base64-encoded image data |
              text/enriched 5 |This is <bold><italic>enriched|
              message/rfc822 7
                text/plain quoted-printable 1 |... Additional text in ISO-885|
            """);
  }

  /** RFC 2046 §5.1.5; the second part says itself what the first is by default. */
  @Test
  void digest() {
    assertThat(outline("mime4j-multi-digest.msg"))
        .isEqualTo(
            """
            multipart/digest 23
              message/rfc822 5
                text/plain 2 |This is implicitly-typed ASCII|
              message/rfc822 6
                text/plain 2 |This is explicitly typed plain|
            """);
    MimePart digest = MimeSanity.scan(MimeCorpus.read("mime4j-multi-digest.msg"));
    MimePart second = digest.parts().get(1);
    assertThat(Objects.requireNonNull(second.enclosedEnvelope()).subject())
        .isEqualTo("embedded message 2");
    assertThat(second.envelope()).isNull();
  }

  @Test
  void forwardsInForwards() {
    assertThat(outline("mime4j-frag.msg"))
        .isEqualTo(
            """
            multipart/mixed 1202
              text/plain 1 |~|
              message/rfc822 1187
                multipart/mixed 1170
                  text/plain 2 |just to add to your personal h|
                  message/rfc822 1154
                    multipart/mixed 1131
                      text/plain 1 |~|
                      message/rfc822 1116
                        multipart/mixed 1104
                          text/plain 20 |~~-----Original Message-----|
                          image/jpeg base64 1069 |/9j/4AAQSkZJRgABAgEASABIAAD/7Q|
            """);
  }

  /** The inner boundary is the outer one and more. */
  @Test
  void boundaryThatBeginsLikeAnother() {
    assertThat(outline("mime4j-boundary-name-clash.msg"))
        .isEqualTo(
            """
            multipart/mixed 31
              multipart/alternative 17
                text/plain 1 |Please see attachment for repo|
                text/html 9 |<!DOCTYPE HTML PUBLIC "-//W3C/|
              application/pdf base64 1 |JVBERi0xLj4Kc3RhcnR4cmVmCjUzNj|
            """);
  }

  /** A multipart without any delimiter shows its text. */
  @Test
  void innerBoundaryMissing() {
    assertThat(outline("mime4j-missing-inner-boundary.msg"))
        .isEqualTo(
            """
            multipart/mixed 14
              text/plain 1 |Foo~|
              text/plain 1 |AAA~|
            """);
    assertThat(outline("mime4j-missing-boundary.msg")).isEqualTo("text/plain 2 |AAA~~|\n");
  }

  @Test
  void whatFollowsTheLastBoundaryIsEpilogue() {
    assertThat(outline("mime4j-ending-boundaries.msg"))
        .isEqualTo(
            """
            multipart/mixed 19
              text/plain 1 |first part~|
            """);
    assertThat(outline("mime4j-intermediate-boundaries.msg"))
        .isEqualTo(
            """
            multipart/mixed 34
              text/plain 1 |first part~|
              text/plain 21 |from the rfc:~===============|
            """);
  }

  /** Each boundary stands there twice: what lies between is an empty part. */
  @Test
  void doubledBoundaries() {
    assertThat(outline("mime4j-double-bound.msg"))
        .isEqualTo(
            """
            multipart/mixed 56
              text/plain 0 ||
              text/html 6 |<p>This message contains doubl|
              text/plain 0 ||
              text/html 1 |<p>Hello?  Am I here?~|
              text/plain 0 ||
              text/html 1 |<p>Hello?  Am I here?~|
              text/html 0 ||
              text/html 0 ||
              text/html 0 ||
              image/gif base64 7 |R0lGODdhKAAoAPMAAAAAAAAAzN3u/7|
            """);
  }

  @Test
  void partsWithoutAnything() {
    assertThat(outline("mime4j-multipartnestedemptyparts.msg"))
        .isEqualTo(
            """
            multipart/mixed 21
              message/rfc822 13
                multipart/mixed 7
                  text/plain 0 ||
            """);
    assertThat(outline("mime4j-multipartnopart.msg"))
        .isEqualTo("text/plain 5 |This is a multi-part message i|\n");
  }

  /** RFC 2046 §5.2.1 allows no encoding there; what is in it stays unseen. */
  @Test
  void encodedMessage() {
    assertThat(outline("mail-parser-rfc-008.eml"))
        .isEqualTo(
            """
            multipart/mixed 27
              text/plain 1 |This is a message with a base6|
              message/rfc822 base64 16 |VG86ICJlbWFpbEBleGFtcGxlLmNvbS|
            """);
  }

  /** Its boundary ends with white space, which is none of it. */
  @Test
  void boundaryWithSpecials() {
    assertThat(outline("mime4j-weird-boundary.msg"))
        .isEqualTo(
            """
            multipart/mixed 13
              text/plain 1 |Text body|
              text/plain 2 |The above line is similar to t|
            """);
  }

  @Test
  void headerThatIsNotOne() {
    assertThat(outline("mime4j-malformedHeader-noheader.msg"))
        .isEqualTo("text/plain 2 |This is a simple message not h|\n");
    assertThat(outline("mime4j-malformedHeader-nocrlfcrlf.msg"))
        .isEqualTo("text/plain 1 |Body text~|\n");
    assertThat(outline("mime4j-hdr-fakeout.msg"))
        .isEqualTo("text/plain 3 |The header is not properly ter|\n");
    assertThat(outline("mime4j-obsolete.msg")).isEqualTo("text/plain 1 |body~|\n");
  }

  @Test
  void envelope() {
    MimePart root = MimeSanity.scan(MimeCorpus.read("mime4j-german.msg"));
    Envelope envelope = Objects.requireNonNull(root.envelope());
    var guenter = new EnvelopeAddress("Guenter Deuschle", "deuschle", "mnh.telekom.de");
    assertThat(envelope.subject()).isEqualTo("Re: 34Mbit/s Netz");
    assertThat(envelope.date()).isEqualTo("Wed, 19 Jun 1996 18:12:02 +0200");
    assertThat(envelope.from()).containsExactly(guenter);
    assertThat(envelope.sender()).containsExactly(guenter);
    assertThat(envelope.replyTo()).containsExactly(guenter);
    assertThat(envelope.to())
        .containsExactly(new EnvelopeAddress("Juergen Specht", "specht", "kulturbox.de"));
    assertThat(envelope.messageId()).isEqualTo("<199606191814.SAA30680@ULM02.mnh.telekom.de>");
    assertThat(envelope.inReplyTo()).isNull();
  }

  @Test
  void fileNames() {
    assertThat(fileName("mime4j-attachment-filename-encoding-UTF8.msg"))
        .isEqualTo("attachment.äöü");
    assertThat(fileName("mime4j-attachment-filename-encoding-Latin1.msg"))
        .isEqualTo("attachment.äöü");
  }

  private static String fileName(String file) {
    MimePart attachment = MimeSanity.scan(MimeCorpus.read(file)).parts().get(1);
    return Objects.requireNonNull(attachment.disposition()).parameters().getFirst().value();
  }
}
