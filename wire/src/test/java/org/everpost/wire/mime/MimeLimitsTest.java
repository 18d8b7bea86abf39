package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages made to cost much. How much is told by what they made the scanner allocate and keep; the
 * timeout is only there to end a run that would not.
 */
@Timeout(60)
class MimeLimitsTest {

  /**
   * What a fuzzer in the same virtual machine may add by instrumenting the code that is measured.
   */
  private static final long INSTRUMENTED = 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MIB = 1024 * 1024;

  private final MimeScanner scanner = new MimeScanner();
  private final long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
  private long fed;

  private void feed(String text, int times) {
    byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
    feed(b, times);
  }

  private void feed(byte[] b, int times) {
    for (int i = 0; i < times; i++) {
      scanner.feed(b, 0, b.length);
    }
    fed += (long) b.length * times;
  }

  private MimePart finish(long mebibytesAllocated) {
    MimePart root = scanner.finish();
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore)
        .isLessThan((mebibytesAllocated + INSTRUMENTED) * MIB);
    assertThat(root.bodyOffset() + root.bodySize()).isEqualTo(fed);
    return root;
  }

  private static int depth(MimePart part) {
    int depth = 1;
    MimePart at = part;
    while (!at.parts().isEmpty()) {
      at = at.parts().getLast();
      depth++;
    }
    return depth;
  }

  private static MimePart deepest(MimePart part) {
    return part.parts().isEmpty() ? part : deepest(part.parts().getLast());
  }

  @Test
  void nestedMultiparts() {
    for (int i = 0; i < 10_000; i++) {
      feed("Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n", 1);
    }
    MimePart root = finish(30);
    assertThat(depth(root)).isEqualTo(MimeLimits.DEPTH);
    assertThat(deepest(root).type()).isEqualTo("application");
    assertThat(deepest(root).subtype()).isEqualTo("octet-stream");
  }

  @Test
  void nestedMessages() {
    feed("Content-Type: message/rfc822\r\n\r\n", 10_000);
    MimePart root = finish(10);
    assertThat(depth(root)).isEqualTo(MimeLimits.DEPTH);
    assertThat(deepest(root).type()).isEqualTo("message");
    assertThat(deepest(root).isMessage()).isFalse();
  }

  @Test
  void aMillionParts() {
    feed("Content-Type: multipart/mixed; boundary=b\r\n\r\n", 1);
    feed("--b\r\n\r\nx\r\n", 1_000_000);
    MimePart root = finish(20);
    assertThat(root.parts()).hasSize(MimeLimits.PARTS - 1);
    assertThat(root.lines()).isEqualTo(3_000_000);
    MimePart rest = root.parts().getLast();
    assertThat(rest.subtype()).isEqualTo("octet-stream");
    assertThat(rest.headerSize()).isZero();
    assertThat(rest.bodyOffset() + rest.bodySize()).isEqualTo(fed);
  }

  @Test
  void aMillionMessagesInADigest() {
    feed("Content-Type: multipart/digest; boundary=b\r\n\r\n", 1);
    feed("--b\r\n\r\nSubject: x\r\n\r\nx\r\n", 1_000_000);
    MimePart root = finish(20);
    assertThat(root.parts()).hasSize(MimeLimits.PARTS / 2);
    assertThat(root.parts().getFirst().isMessage()).isTrue();
    assertThat(root.parts().getLast().subtype()).isEqualTo("octet-stream");
  }

  @Test
  void manyRecipients() {
    feed("From: a@example.org\r\nTo: ", 1);
    feed("Some Body <somebody@example.org>,\r\n ", 200_000);
    feed("last@example.org\r\nSubject: Hi\r\nContent-Type: text/html\r\n\r\nHello\r\n", 1);
    MimePart root = finish(10);
    Envelope envelope = Objects.requireNonNull(root.envelope());
    assertThat(envelope.to()).hasSize(MimeLimits.ADDRESSES);
    assertThat(envelope.subject()).isEqualTo("Hi");
    assertThat(root.subtype()).isEqualTo("html");
  }

  @Test
  void manyToFields() {
    feed("To: a@b, c@d\r\n", 1_000_000);
    feed("\r\n", 1);
    Envelope envelope = Objects.requireNonNull(finish(10).envelope());
    assertThat(envelope.to()).hasSizeBetween(MimeLimits.FIELDS, 2 * MimeLimits.FIELDS);
  }

  @Test
  void manyEncodedWords() {
    feed("Subject:", 1);
    feed(" =?utf-8?Q?=C3=BC?=\r\n", 100_000);
    feed("From: a@example.org\r\n\r\n", 1);
    Envelope envelope = Objects.requireNonNull(finish(10).envelope());
    String subject = Objects.requireNonNull(envelope.subject());
    assertThat(subject.length()).isLessThanOrEqualTo(MimeLimits.FIELD_OCTETS);
    assertThat(EncodedWord.decode(subject)).matches("ü+");
    assertThat(envelope.from()).hasSize(1);
  }

  @Test
  void headerWithoutEnd() {
    feed("X-Field: some value that is of no interest to anybody\r\n", 1_000_000);
    MimePart root = finish(5);
    assertThat(root.headerSize()).isEqualTo(fed);
    assertThat(root.bodySize()).isZero();
  }

  @Test
  void headerLineWithoutEnd() {
    feed("Subject: ", 1);
    feed("x".repeat(1000), 50_000);
    Envelope envelope = Objects.requireNonNull(finish(5).envelope());
    assertThat(Objects.requireNonNull(envelope.subject()).length())
        .isBetween(MimeLimits.FIELD_OCTETS - 20, MimeLimits.FIELD_OCTETS);
  }

  @Test
  void carriageReturnsWithoutEnd() {
    feed("\r".repeat(1000), 50_000);
    assertThat(finish(5).lines()).isEqualTo(50_000_000 - 1);
  }

  @Test
  void largeHeadersOfManyParts() {
    feed("Content-Type: multipart/mixed; boundary=b\r\n\r\n", 1);
    String header = "--b\r\nContent-Description: " + "x".repeat(60_000) + "\r\n\r\n";
    feed(header, 900);
    MimePart root = finish(60);
    long kept = 0;
    for (MimePart part : root.parts()) {
      kept += part.description() == null ? 0 : part.description().length();
    }
    assertThat(kept).isBetween(80_000L, (long) MimeLimits.MESSAGE_HEADER_OCTETS);
    assertThat(root.parts()).hasSize(900);
    assertThat(root.parts().getFirst().type()).isEqualTo("text");
    assertThat(root.parts().getLast().type()).isEqualTo("application");
  }

  @Test
  void linesThatAreAlmostDelimiters() {
    String boundary = "b".repeat(1000);
    for (int i = 0; i < 49; i++) {
      String own = boundary + "c".repeat(i);
      feed("Content-Type: multipart/mixed; boundary=" + own + "\r\n\r\n--" + own + "\r\n", 1);
    }
    feed("\r\n", 1);
    feed("--" + boundary + "c".repeat(100) + "\r\n", 20_000);
    feed("--" + "\r\n", 1_000_000);
    assertThat(deepest(finish(30)).lines()).isEqualTo(1_020_000);
  }

  @Test
  void boundaryThatIsTooLong() {
    String boundary = "b".repeat(MimeLimits.BOUNDARY_OCTETS + 1);
    feed("Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary, 1);
    assertThat(finish(5).type()).isEqualTo("text");
  }

  @Test
  void manyParameters() {
    feed("Content-Type: text/plain", 1);
    feed("; a*0*=utf-8''x; b", 1_000_000);
    assertThat(finish(5).parameters().size()).isLessThanOrEqualTo(MimeLimits.PARAMETERS);
  }

  /** Neither how long a message is nor how its lines are made costs memory. */
  @Test
  void largeBodies() {
    feed("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n", 1);
    feed("\n", 1_000_000);
    feed("-", 1_000_000);
    feed(new byte[MimeLimits.HEADER_OCTETS], 400);
    feed("\r\n-\r\n--\r\n--c\r\n", 100_000);
    feed("--b--\r\n", 1);
    assertThat(finish(5).parts()).hasSize(1);
  }

  /** However it is made, the structure fits where it is stored. */
  @Test
  void theStructureIsAtMostAMebibyte() {
    String latin1 = "\u00ff".repeat(40_000);
    for (String field : List.of("From", "To", "Subject", "Content-Type", "Content-Description")) {
      String value = field.equals("Content-Type") ? "a/b; n*=utf-8''" + latin1 : latin1;
      assertThat(stored(scan(field + ": " + value + "\r\n", 1))).isLessThan(MIB);
    }
    String all =
        "From: %1$s\r\nTo: %1$s\r\nSubject: %1$s\r\nDate: %1$s\r\n".formatted(latin1)
            + "Content-Type: message/rfc822; n*=utf-8''%s\r\n\r\n".formatted(latin1);
    assertThat(stored(scan(all, 100))).isLessThan(MIB);
    String many = "From: " + "a@b,".repeat(1_000) + "\r\nTo: " + "a@b,".repeat(1_000);
    assertThat(stored(scan(many + "\r\nContent-Type: message/rfc822\r\n\r\n", 100)))
        .isLessThan(MIB);
    String part = "--b\r\nContent-Type: a/b; n*=utf-8''" + latin1.substring(0, 150) + "\r\n\r\n";
    String parts = "Content-Type: multipart/digest; boundary=b\r\n\r\n" + part.repeat(2_000);
    assertThat(stored(scan(parts, 1))).isLessThan(MIB);
  }

  private static MimePart scan(String text, int times) {
    return MimeSanity.scan(text.repeat(times).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** How much it comes to with a generous allowance for each part and each string. */
  private static long stored(MimePart part) {
    long octets = 50;
    octets += stored(part.type(), part.subtype(), part.encoding(), part.contentId());
    octets += stored(part.description(), part.md5(), part.location());
    for (MimePart.Parameter parameter : part.parameters()) {
      octets += stored(parameter.name(), parameter.value());
    }
    MimePart.Disposition disposition = part.disposition();
    if (disposition != null) {
      octets += stored(disposition.type());
      for (MimePart.Parameter parameter : disposition.parameters()) {
        octets += stored(parameter.name(), parameter.value());
      }
    }
    Envelope e = part.envelope();
    if (e != null) {
      octets += stored(e.date(), e.subject(), e.inReplyTo(), e.messageId());
      for (var list : List.of(e.from(), e.sender(), e.replyTo(), e.to(), e.cc(), e.bcc())) {
        for (EnvelopeAddress address : list) {
          octets += 4 + stored(address.name(), address.mailbox(), address.host());
        }
      }
    }
    for (MimePart child : part.parts()) {
      octets += stored(child);
    }
    return octets;
  }

  private static long stored(@Nullable String... texts) {
    long octets = 0;
    for (String text : texts) {
      octets += text == null ? 0 : 3 + text.getBytes(StandardCharsets.UTF_8).length;
    }
    return octets;
  }
}
