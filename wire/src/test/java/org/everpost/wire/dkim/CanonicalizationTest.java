package org.everpost.wire.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 §3.4. */
class CanonicalizationTest {

  /** CR LF is shown as /, a tab as T, a space as _. */
  private static byte[] octets(String shown) {
    return shown
        .replace("/", "\r\n")
        .replace('T', '\t')
        .replace('_', ' ')
        .replace('<', '\r')
        .replace('>', '\n')
        .getBytes(ISO_8859_1);
  }

  private static String hash(Canonicalization c, byte[] body, int piece) {
    BodyHash hash = new BodyHash(c, BodyHash.WHOLE);
    for (int at = 0; at < body.length; at += piece) {
      hash.update(body, at, Math.min(body.length, at + piece));
    }
    return Base64.getEncoder().encodeToString(hash.digest());
  }

  private static String plainHash(String canonical) {
    return Base64.getEncoder().encodeToString(DkimAlgorithm.sha256().digest(octets(canonical)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', /",
    "/, '', /",
    "///, '', /",
    "a, a/, a/",
    "a/, a/, a/",
    "a///, a/, a/",
    "//a/, //a/, //a/",
    "_Ca/D_TTE_//, _Ca/D_E/, _Ca/D_TTE_/",
    "a/_T/, a/, a/_T/",
    "a/_T/_, a/, a/_T/_/",
    "_, '', _/",
    "_//, '', _/",
    "a_//_b__/, a//_b/, a_//_b__/",
    "a</, a</, a</",
    "a<, a</, a</",
    "<b>c/, <b>c/, <b>c/",
    "a<<>b, a</b/, a</b/"
  })
  void bodies(String body, String relaxed, String simple) {
    byte[] octets = octets(body);
    for (int piece = 1; piece <= Math.max(1, octets.length); piece++) {
      assertThat(hash(Canonicalization.RELAXED, octets, piece)).isEqualTo(plainHash(relaxed));
      assertThat(hash(Canonicalization.SIMPLE, octets, piece)).isEqualTo(plainHash(simple));
    }
  }

  /** §3.4.3 and §3.4.4 name the hashes of nothing. */
  @Test
  void emptyBodies() {
    assertThat(hash(Canonicalization.SIMPLE, new byte[0], 1))
        .isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
    assertThat(hash(Canonicalization.RELAXED, new byte[0], 1))
        .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  }

  @Test
  void lengthIsOfTheCanonicalBody() {
    BodyHash hash = new BodyHash(Canonicalization.RELAXED, 3);
    byte[] body = octets("a__b//");
    hash.update(body, 0, body.length);
    assertThat(Base64.getEncoder().encodeToString(hash.digest())).isEqualTo(plainHash("a_b"));
    assertThat(hash.length()).isEqualTo(5);
  }

  private static String header(Canonicalization c, String header, String... names) {
    CanonicalHeader canonical = new CanonicalHeader(octets(header));
    byte[] input = canonical.input(List.of(names), c, "s: x; b=\r\n".getBytes(ISO_8859_1));
    return new String(input, ISO_8859_1).replace("\r\n", "/").replace('\t', 'T').replace(' ', '_');
  }

  /** §3.4.5 has these fields. */
  @Test
  void headers() {
    String fields = "A:_X/B_:_YT/TZ__/";
    assertThat(header(Canonicalization.RELAXED, fields, "a", "b")).isEqualTo("a:X/b:Y_Z/s:x;_b=");
    assertThat(header(Canonicalization.SIMPLE, fields, "a", "b"))
        .isEqualTo("A:_X/B_:_YT/TZ__/s:_x;_b=");
  }

  /** §5.4.2: from the bottom up; one that is not there is nothing. */
  @Test
  void fieldsOfOneName() {
    String fields = "A:1/B:2/a:3/";
    assertThat(header(Canonicalization.SIMPLE, fields, "a", "c", "a", "a"))
        .isEqualTo("a:3/A:1/s:_x;_b=");
  }

  @ParameterizedTest
  @CsvSource({
    "'x: v=1; b=abc', 'x: v=1; b='",
    "'x: b = a b ; bh=b', 'x: b =; bh=b'",
    "'x: bb=1; b=; B=2', 'x: bb=1; b=; B=2'",
    "'x: v; b=1=2;', 'x: v; b=;'",
    "b=1, b=1"
  })
  void withoutItsSignature(String field, String expected) {
    byte[] without = CanonicalHeader.withoutSignature(field.getBytes(ISO_8859_1));
    assertThat(new String(without, ISO_8859_1)).isEqualTo(expected);
  }
}
