package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDecoderTest {

  /** Gives a few octets at a time, as a network does. */
  private static final class Trickle extends InputStream {
    private final byte[] octets;
    private final Random random = new Random(1);
    private int at;

    Trickle(byte[] octets) {
      this.octets = octets;
    }

    @Override
    public int read() {
      return at < octets.length ? octets[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) {
      if (at == octets.length) {
        return -1;
      }
      int n = Math.min(Math.min(len, octets.length - at), 1 + random.nextInt(4));
      System.arraycopy(octets, at, b, off, n);
      at += n;
      return n;
    }
  }

  private static byte[] decode(byte[] body, String encoding) throws IOException {
    byte[] whole = ContentDecoder.decode(new ByteArrayInputStream(body), encoding).readAllBytes();
    byte[] trickled = ContentDecoder.decode(new Trickle(body), encoding).readAllBytes();
    assertThat(trickled).isEqualTo(whole);
    InputStream single = ContentDecoder.decode(new ByteArrayInputStream(body), encoding);
    for (byte octet : whole) {
      assertThat(single.read()).isEqualTo(octet & 0xff);
    }
    assertThat(single.read()).isEqualTo(-1);
    return whole;
  }

  private static String decode(String body, String encoding) throws IOException {
    return new String(
        decode(body.getBytes(StandardCharsets.ISO_8859_1), encoding), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "QUJD, ABC",
        "QUI=, AB",
        "QQ==, A",
        "QUI, AB",
        "QQ, A",
        "Q, ''",
        "'', ''",
        "'QU\r\nJD\r\n', ABC",
        "Q!U-J*D, ABC",
        "QQ==QUJD, AABC",
        "QUI=QUI=, ABAB",
        "====QUJD, ABC",
        "'QUJDQUJD\r\n\r\n--', ABCABC",
      })
  void base64(String body, String expected) throws IOException {
    assertThat(decode(body, "base64")).isEqualTo(expected);
  }

  @Test
  void base64AnyLengthAnyLineLength() throws IOException {
    var random = new Random(2);
    for (int i = 0; i < 300; i++) {
      byte[] octets = new byte[random.nextInt(20_000)];
      random.nextBytes(octets);
      byte[] lineEnd = random.nextBoolean() ? new byte[] {'\r', '\n'} : new byte[] {'\n'};
      byte[] body = Base64.getMimeEncoder(4 + random.nextInt(200), lineEnd).encode(octets);
      assertThat(ContentDecoder.decode(new ByteArrayInputStream(body), "base64").readAllBytes())
          .isEqualTo(octets);
    }
  }

  @Test
  void quotedPrintable() throws IOException {
    assertThat(decode("a=3Db=3db", "quoted-printable")).isEqualTo("a=b=b");
    assertThat(decode("a=\r\nb=\nc= \t\r\nd=", "quoted-printable")).isEqualTo("abcd");
    assertThat(decode("a \t\r\nb  \nc  ", "quoted-printable")).isEqualTo("a\r\nb\nc");
    assertThat(decode("a b \t c", "quoted-printable")).isEqualTo("a b \t c");
    assertThat(decode("a=20\r\n", "quoted-printable")).isEqualTo("a \r\n");
    assertThat(decode("= =x=4=zz=", "quoted-printable")).isEqualTo("= =x=4=zz");
    assertThat(decode("a==41", "quoted-printable")).isEqualTo("a=A");
    assertThat(decode("\u00fc=\rx", "quoted-printable")).isEqualTo("\u00fcx");
    String space = " ".repeat(100_000);
    assertThat(decode("a" + space + "b", "quoted-printable")).isEqualTo("a" + space + "b");
    assertThat(decode("a=" + space + "b", "quoted-printable")).isEqualTo("a=" + space + "b");
  }

  @Test
  void anythingElseIsLeftAsItIs() throws IOException {
    assertThat(decode("a=3D ", "8bit")).isEqualTo("a=3D ");
    assertThat(decode("a=3D ", "x-gzip64")).isEqualTo("a=3D ");
    assertThat(ContentDecoder.knows("binary")).isTrue();
    assertThat(ContentDecoder.knows("base64")).isTrue();
    assertThat(ContentDecoder.knows("x-gzip64")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "a, a", "%, $%", "%%a, $%$%a", "a$%b%$%, a$%b$%$%", "$$%$, $$%$", "$, $"})
  void canonicalText(String text, String expected) throws IOException {
    byte[] octets = text.replace('$', '\r').replace('%', '\n').getBytes(StandardCharsets.US_ASCII);
    byte[] canonical =
        expected.replace('$', '\r').replace('%', '\n').getBytes(StandardCharsets.US_ASCII);
    assertThat(ContentDecoder.canonical(new ByteArrayInputStream(octets)).readAllBytes())
        .isEqualTo(canonical);
    assertThat(ContentDecoder.canonical(new Trickle(octets)).readAllBytes()).isEqualTo(canonical);
    InputStream pairs = ContentDecoder.canonical(new Trickle(octets));
    var all = new ByteArrayOutputStream();
    for (byte[] two = pairs.readNBytes(2); two.length > 0; two = pairs.readNBytes(2)) {
      all.writeBytes(two);
    }
    assertThat(all.toByteArray()).isEqualTo(canonical);
  }

  @Test
  void textInTheCharacterSetItIsReallyIn() throws IOException {
    byte[] utf8 = "Grüße".getBytes(StandardCharsets.UTF_8);
    byte[] windows = "Grüße €".getBytes(Charset.forName("windows-1252"));
    assertThat(text(utf8, "utf-8")).isEqualTo("Grüße");
    assertThat(text(utf8, null)).isEqualTo("Grüße");
    assertThat(text(utf8, "us-ascii")).isEqualTo("Grüße");
    assertThat(text(windows, "iso-8859-1")).isEqualTo("Grüße €");
    assertThat(text(windows, "x-no-such")).isEqualTo("Grüße €");
    assertThat(text(windows, "?? not a name")).isEqualTo("Grüße €");
    assertThat(text(windows, "utf-8")).isEqualTo("Gr\ufffd\ufffde \ufffd");
    assertThat(text("日本".getBytes(Charset.forName("iso-2022-jp")), "ISO-2022-JP")).isEqualTo("日本");
  }

  @Test
  void guessesFromTheBeginningEvenIfThatCutsACharacter() throws IOException {
    String text = "a" + "ü".repeat(10_000);
    assertThat(text(text.getBytes(StandardCharsets.UTF_8), null)).isEqualTo(text);
  }

  @Test
  void textOfAPart() throws IOException {
    String message =
        """
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        Gr=FC=DFe
        """;
    byte[] b = message.getBytes(StandardCharsets.UTF_8);
    MimePart root = MimeSanity.scan(b);
    var body = new ByteArrayInputStream(b, (int) root.bodyOffset(), (int) root.bodySize());
    assertThat(all(ContentDecoder.text(body, root))).isEqualTo("Grüße\n");
  }

  private static String text(byte[] octets, @Nullable String charset) throws IOException {
    return all(ContentDecoder.text(new ByteArrayInputStream(octets), charset));
  }

  private static String all(Reader reader) throws IOException {
    var all = new StringWriter();
    reader.transferTo(all);
    return all.toString();
  }
}
