package org.everpost.wire.mime.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.MimeCorpus;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimeScanner;
import org.everpost.wire.mime.convert.BodyConversion.Impossible;
import org.everpost.wire.mime.convert.BodyConversion.NotNeeded;
import org.everpost.wire.mime.convert.BodyConversion.Possible;
import org.everpost.wire.mime.convert.BodyConversion.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyConversionTest {

  private static final String HEAD = "From: a@b.test\r\nMIME-Version: 1.0\r\n";

  private static BodyConversion plan(byte[] message, Target target) throws IOException {
    return BodyConversion.plan(() -> new ByteArrayInputStream(message), target);
  }

  private static byte[] converted(Possible possible, byte[] message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    possible.converter().convert(new ByteArrayInputStream(message), out);
    return out.toByteArray();
  }

  private static String converted(String message, Target target) throws IOException {
    byte[] octets = message.getBytes(ISO_8859_1);
    BodyConversion plan = plan(octets, target);
    assertThat(plan).isInstanceOf(Possible.class);
    return new String(converted((Possible) plan, octets), ISO_8859_1);
  }

  private static String sevenBit(String message) throws IOException {
    return converted(message, Target.SEVEN_BIT);
  }

  @Test
  void whatIsSevenBitStays() throws IOException {
    String text = HEAD + "Content-Transfer-Encoding: 8bit\r\n\r\nHello\r\n";
    assertThat(plan(text.getBytes(ISO_8859_1), Target.SEVEN_BIT)).isEqualTo(new NotNeeded());
    String eight = text + "gr\u00fcn\r\n";
    assertThat(plan(eight.getBytes(ISO_8859_1), Target.EIGHT_BIT)).isEqualTo(new NotNeeded());
    String header = "Subject: gr\u00fcn\r\n\r\nHello\r\n";
    assertThat(plan(header.getBytes(ISO_8859_1), Target.EIGHT_BIT)).isEqualTo(new NotNeeded());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Subject: Grün und Maß | Subject: =?UTF-8?B?R3LDvG4gdW5kIE1hw58=?=",
        "Subject: =?UTF-8?Q?=C3=A4?= ü | Subject: =?UTF-8?B?w6Qgw7w=?=",
        "x-note: \u65e5\u672c | x-note: =?UTF-8?B?5pel5pys?=",
        "To: Döra <d@x.test>, \"Ümit, \\\"X\\\"\" <u@x.test> | To: =?UTF-8?B?RMO2cmE=?= <d@x.test>,"
            + " =?UTF-8?B?w5xtaXQsICJYIg==?= <u@x.test>",
        "From: d@x.test (Döra (zu Hause)) | From: d@x.test (=?UTF-8?B?RMO2cmEgKHp1IEhhdXNlKQ==?=)",
        "Cc: \"a, b\" <a@x.test>, ü@x.test, a@ü.test, B\u00f6b <b\u00f6b@x.test> | Cc: \"a, b\""
            + " <a@x.test>, ?@x.test, a@?.test, =?UTF-8?B?QsO2Yg==?= <b?b@x.test>",
        "Cc: Gr\u00fcppe: a@x.test, \"\u00fc\"@x.test; | Cc: =?UTF-8?B?R3LDvHBwZQ==?=: a@x.test, \"?\"@x.test;",
        "Message-ID: <\u00fc@x.test> | Message-ID: <?@x.test>",
        "Content-Type: text/plain; name=\"Gr\u00fc\u00dfe;1.txt\"; x=y | Content-Type: text/plain;"
            + " name*=UTF-8''Gr%C3%BC%C3%9Fe%3B1.txt; x=y",
        "Content-Disposition: attachment; filename=\u00fc.txt | Content-Disposition: attachment;"
            + " filename*=UTF-8''%C3%BC.txt",
      })
  void headersBecomeAscii(String before, String after) throws IOException {
    String rest = "\r\nX-Same:  as   it\r\n  was\r\n\r\nHello\r\n";
    byte[] message = ("X-First: 1\r\n" + before + rest).getBytes(UTF_8);
    BodyConversion plan = plan(message, Target.SEVEN_BIT);
    assertThat(plan).isInstanceOf(Possible.class);
    String converted = new String(converted((Possible) plan, message), UTF_8);
    assertThat(converted).startsWith("X-First: 1\r\n").endsWith(rest);
    String field = converted.substring(12, converted.length() - rest.length());
    assertThat(field.replace("\r\n ", " ").replace("\r\n", "")).isEqualTo(after);
    assertThat(field.lines()).allMatch(line -> line.length() <= 78);
  }

  /** What stands there may be read in more than one way, and then in another than before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y\r\ngr\u00fcn: x\r\n\r\nHello\r\n",
        "Subject: gr\u00fcn\r\n \r\nHello\r\n",
        "Content-Type: text/pl\u00e4in\r\n\r\nHello\r\n",
        "Content-Type: text/plain; n\u00e4me=x\r\n\r\nHello\r\n",
        "Content-Type: text/plain; name=\"\u00e4\r\n\r\nHello\r\n",
        "Content-Type: text/plain; name=\"\u00e4\" \"b\"\r\n\r\nHello\r\n",
        "Content-Type: text/plain (\u00e4); name=a\r\n\r\nHello\r\n",
        "Content-Type: multipart/mixed; boundary=\u00e4\r\n\r\nHello\r\n",
        "Content-Transfer-Encoding: 8bit (\u00e4)\r\n\r\nHello\r\n",
      })
  void headersThatCannotBeConverted(String message) throws IOException {
    assertThat(plan(message.getBytes(ISO_8859_1), Target.SEVEN_BIT)).isInstanceOf(Impossible.class);
  }

  /** Lines have an end, and no character is divided. */
  @Test
  void longParametersAreDivided() throws IOException {
    String name = "\u00fc".repeat(400);
    String message = "Content-Type: a/b; name=\"" + name + "\"\r\n\r\nHello\r\n";
    byte[] octets = message.getBytes(UTF_8);
    byte[] after = converted((Possible) plan(octets, Target.SEVEN_BIT), octets);
    assertThat(new String(after, UTF_8).lines()).allMatch(line -> line.length() < 998);
    MimeScanner scanner = new MimeScanner();
    scanner.feed(after, 0, after.length);
    assertThat(scanner.finish().parameters())
        .singleElement()
        .satisfies(parameter -> assertThat(parameter.value()).isEqualTo(name));
  }

  @Test
  void headersOfPartsBecomeAsciiUnlessTheyAreSigned() throws IOException {
    String parts =
        HEAD
            + "Content-Type: multipart/%s; boundary=b\r\n\r\n--b\r\n"
            + "Content-Type: text/plain; name=gr\u00fcn\r\n\r\nHello\r\n--b--\r\n";
    assertThat(sevenBit(parts.formatted("mixed"))).contains("; name*=UTF-8''gr%C3%BCn\r\n");
    assertThat(plan(parts.formatted("signed").getBytes(ISO_8859_1), Target.SEVEN_BIT))
        .isInstanceOf(Impossible.class);
  }

  @Test
  void textBecomesQuotedPrintable() throws IOException {
    assertThat(
            sevenBit(
                HEAD
                    + "content-transfer-encoding:\r\n 8bit\r\n"
                    + "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n"
                    + "Gr\u00fc\u00dfe=1 \r\n.\r\n--x\r\nno line end"))
        .isEqualTo(
            HEAD
                + "Content-Type: text/plain; charset=iso-8859-1\r\n"
                + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                + "Gr=FC=DFe=3D1=20\r\n.\r\n=2D-x\r\nno line end=\r\n");
  }

  @Test
  void whatSaysNothingOfItselfIsMadeMime() throws IOException {
    assertThat(sevenBit("From: a@b.test\r\n\r\nHerzliche Gr\u00fc\u00dfe\r\n").lines())
        .containsExactly(
            "From: a@b.test",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=unknown-8bit",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "Herzliche Gr=FC=DFe");
  }

  @Test
  void otherTypesBecomeBase64() throws IOException {
    assertThat(
            sevenBit(
                HEAD
                    + "Content-Type: image/gif\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                    + "\u00ff\u0000\n"))
        .endsWith("\r\nContent-Transfer-Encoding: base64\r\n\r\n/wAK\r\n");
    assertThat(sevenBit(HEAD + "Content-Type: text/plain\r\n\r\n\u00e4\u00f6\u00fc\u00df ab\r\n"))
        .endsWith("base64\r\n\r\n5Pb83yBhYg0K\r\n");
  }

  @Test
  void onlyThePartsThatNeedIt() throws IOException {
    String before =
        HEAD
            + "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "pr\u00e9amble\r\n--b\r\n\r\nplain\r\n--b\r\n"
            + "Content-Type: text/html\r\n\r\n<p>Guten Tag, gr\u00fcn</p>\r\n--b\r\n"
            + "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "Subject: inner\r\n\r\nGuten Tag \u00fcberall\r\n--b--\r\n\u00e9pilogue\r\n";
    String after =
        HEAD
            + "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            + "pr?amble\r\n--b\r\n\r\nplain\r\n--b\r\n"
            + "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + "<p>Guten Tag, gr=FCn</p>\r\n--b\r\n"
            + "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            + "Subject: inner\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: text/plain; charset=unknown-8bit\r\n"
            + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            + "Guten Tag =FCberall\r\n--b--\r\n?pilogue\r\n";
    assertThat(sevenBit(before)).isEqualTo(after);
  }

  /** An 8-bit server without BINARYMIME gets only what is binary in another form. */
  @Test
  void binaryForEightBit() throws IOException {
    String before =
        HEAD
            + "Content-Type: multipart/mixed; boundary=b\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n"
            + "--b\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\u00fcn\r\n--b\r\n"
            + "Content-Type: x/y\r\nContent-Transfer-Encoding: binary\r\n\r\na\nb\r\n--b--\r\n";
    assertThat(converted(before, Target.EIGHT_BIT))
        .contains("boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n")
        .contains("Content-Transfer-Encoding: 8bit\r\n\r\ngr\u00fcn\r\n--b\r\n")
        .contains("Content-Type: x/y\r\nContent-Transfer-Encoding: base64\r\n\r\nYQpi\r\n--b--");
    String longLine = "Content-Transfer-Encoding: %s\r\n\r\n" + "x".repeat(5000) + "\r\n";
    assertThat(converted(HEAD + longLine.formatted("binary"), Target.EIGHT_BIT))
        .contains("quoted-printable");
    assertThat(plan((HEAD + longLine.formatted("8bit")).getBytes(ISO_8859_1), Target.EIGHT_BIT))
        .isEqualTo(new NotNeeded());
  }

  @Test
  void signedPartsAreNotTouched() throws IOException {
    String signed =
        HEAD
            + "Content-Type: multipart/mixed; boundary=a\r\n\r\n"
            + "--a\r\n\r\nouter%s\r\n--a\r\n"
            + "Content-Type: multipart/signed; boundary=b\r\n\r\n"
            + "--b\r\n\r\nsigned%s\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\n"
            + "x\r\n--b--\r\n--a--\r\n";
    BodyConversion broken =
        plan(signed.formatted("", "\u00e4").getBytes(ISO_8859_1), Target.SEVEN_BIT);
    assertThat(broken).isInstanceOf(Impossible.class);
    assertThat(((Impossible) broken).reason()).contains("signature");
    assertThat(sevenBit(signed.formatted("\u00e4 is a letter", "")))
        .isEqualTo(
            signed
                .formatted("=E4 is a letter", "")
                .replace(
                    "--a\r\n\r\nouter",
                    "--a\r\nContent-Type: text/plain; charset=unknown-8bit\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\nouter"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: message/partial; id=x; number=1; total=2\r\n",
        "Content-Type: message/delivery-status\r\n",
        "Content-Type: multipart/mixed\r\n",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n",
        "Content-Type: multipart/mixed; boundary=\u00e4\r\n"
      })
  void whatCannotBeConverted(String fields) throws IOException {
    byte[] message =
        (HEAD + fields + "\r\n\r\n--\u00c3\u00a4\r\n\r\n\u00e4\r\n").getBytes(ISO_8859_1);
    assertThat(plan(message, Target.SEVEN_BIT)).isInstanceOf(Impossible.class);
  }

  /** RFC 6532 §3.7: a message beyond ASCII may be encoded as a whole. */
  @Test
  void enclosedInternationalMessages() throws IOException {
    String outer = HEAD + "Content-Type: message/global-headers\r\n\r\nSubject: gr\u00fcn\r\n\r\n";
    assertThat(sevenBit(outer)).contains("Content-Transfer-Encoding: base64\r\n\r\nU3Vi");
  }

  @Test
  void tooDeep() throws IOException {
    StringBuilder message = new StringBuilder(HEAD);
    for (int i = 0; i < 60; i++) {
      message.append("Content-Type: multipart/mixed; boundary=b").append(i).append("x\r\n\r\n");
      message.append("--b").append(i).append("x\r\n");
    }
    message.append("\r\ngr\u00fcn\r\n");
    assertThat(plan(message.toString().getBytes(ISO_8859_1), Target.SEVEN_BIT))
        .isInstanceOf(Impossible.class);
  }

  @Test
  void aHeaderThatIsTooLong() throws IOException {
    String message = HEAD + "X: y\r\n".repeat(50_000) + "\r\ngr\u00fcn\r\n";
    assertThat(plan(message.getBytes(ISO_8859_1), Target.SEVEN_BIT)).isInstanceOf(Impossible.class);
  }

  /** A body cannot become a delimiter by being encoded. */
  @Test
  void noNewDelimiters() throws IOException {
    String message =
        HEAD
            + "Content-Type: multipart/mixed; boundary=\"b=E4\"\r\n\r\n--b=E4\r\n\r\n"
            + "a\r\n--b\u00e4\r\n"
            + "x".repeat(75)
            + "--b=E4--\r\n--b=E4--\r\n";
    byte[] octets = message.getBytes(ISO_8859_1);
    check(octets, Target.SEVEN_BIT);
    assertThat(sevenBit(message)).contains("\r\n=2D-b=E4\r\n").contains("x=\r\n=2D-b=3DE4--\r\n");
  }

  @Test
  void theCorpusWithEightBitInIt() throws IOException {
    int possible = 0;
    for (Path file : MimeCorpus.files()) {
      byte[] message = MimeCorpus.read(file);
      possible += check(message, Target.SEVEN_BIT) ? 1 : 0;
      check(message, Target.EIGHT_BIT);
      for (int seed = 0; seed < 5; seed++) {
        Random random = new Random(seed);
        byte[] mutated = message.clone();
        for (int i = 0; i < 6 && mutated.length > 0; i++) {
          int at = random.nextInt(mutated.length);
          mutated[at] = (byte) (seed < 3 ? 0xe4 : "\r\n -:=".charAt(i));
        }
        possible += check(mutated, Target.SEVEN_BIT) ? 1 : 0;
        check(mutated, Target.EIGHT_BIT);
      }
    }
    assertThat(possible).isGreaterThan(200);
  }

  /** If it can be converted, nothing is left to be, and every body decodes to the same octets. */
  static boolean check(byte[] message, Target target) throws IOException {
    if (!(plan(message, target) instanceof Possible possible)) {
      return false;
    }
    byte[] after = converted(possible, message);
    assertThat(plan(after, target)).isEqualTo(new NotNeeded());
    for (int i = 0; i < after.length && target == Target.SEVEN_BIT; i++) {
      assertThat(after[i]).isNotNegative();
    }
    List<byte[]> bodies = bodies(message);
    List<byte[]> bodiesAfter = bodies(after);
    assertThat(bodiesAfter).hasSameSizeAs(bodies);
    for (int i = 0; i < bodies.size(); i++) {
      assertThat(bodiesAfter.get(i)).isEqualTo(bodies.get(i));
    }
    return true;
  }

  private static List<byte[]> bodies(byte[] message) throws IOException {
    MimeScanner scanner = new MimeScanner();
    scanner.feed(message, 0, message.length);
    List<byte[]> bodies = new ArrayList<>();
    add(scanner.finish(), message, bodies);
    return bodies;
  }

  private static void add(MimePart part, byte[] message, List<byte[]> bodies) throws IOException {
    if (part.parts().isEmpty()) {
      ByteArrayInputStream body =
          new ByteArrayInputStream(message, (int) part.bodyOffset(), (int) part.bodySize());
      bodies.add(ContentDecoder.decode(body, part.encoding()).readAllBytes());
    }
    for (MimePart child : part.parts()) {
      add(child, message, bodies);
    }
  }
}
