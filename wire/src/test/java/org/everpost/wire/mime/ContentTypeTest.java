package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.everpost.wire.mime.MimePart.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content-Type, its parameters and the other MIME fields. */
class ContentTypeTest {

  private static ContentType parse(String field) {
    byte[] b = field.getBytes(StandardCharsets.UTF_8);
    return ContentType.parse(b, 0, b.length);
  }

  private static String shown(String field) {
    ContentType type = parse(field);
    return type.type() + "/" + type.subtype() + shown(type.parameters());
  }

  private static String shown(List<Parameter> parameters) {
    return parameters.stream()
        .map(p -> " " + p.name() + "=[" + p.value() + "]")
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TEXT/Html; CharSet=UTF-8               | text/html charset=[UTF-8]",
        "text / plain (c) ; (c) charset = utf-8 | text/plain charset=[utf-8]",
        "text/plain;charset=\"utf-8\"           | text/plain charset=[utf-8]",
        "text/plain charset=utf-8 format=flowed | text/plain charset=[utf-8] format=[flowed]",
        "text/plain; charset=utf-8 (comment)    | text/plain charset=[utf-8]",
        "text/plain;; ; charset=utf-8;;         | text/plain charset=[utf-8]",
        "text/plain; charset                    | text/plain",
        "text/plain; charset=                   | text/plain charset=[]",
        "text/plain; =x; charset=utf-8          | text/plain charset=[utf-8]",
        "text/plain; name=My own file.txt; a=b  | text/plain name=[My own file.txt] a=[b]",
        "text/plain; name=\"a;b\\\"c\"; a=b     | text/plain name=[a;b\"c] a=[b]",
        "text/plain; name=\"never closed; a=b   | text/plain name=[never closed] a=[b]",
        "text/plain; a=1; A=2                   | text/plain a=[1]",
        "multipart/mixed; boundary=a=_b/c:d?    | multipart/mixed boundary=[a=_b/c:d?]",
        "multipart/mixed; boundary=\" a b \"    | multipart/mixed boundary=[ a b ]",
        "text                                   | text/plain",
        "text/                                  | text/plain",
        "; charset=utf-8                        | text/plain charset=[utf-8]",
        "nonsense; name=x                       | text/plain name=[x]",
        "a/b; name*=utf-8'en'%C3%BC%20x         | a/b name=[ü x]",
        "a/b; name*=iso-8859-1''%FC             | a/b name=[ü]",
        "a/b; name*=%C3%BC                      | a/b name=[ü]",
        "a/b; name*=\"utf-8''%C3%BC\"           | a/b name=[ü]",
        "a/b; name*0=one; name*1=\" two\"       | a/b name=[one two]",
        "a/b; name*1=two; name*0=one            | a/b name=[onetwo]",
        "a/b; name*0*=utf-8''%C3; name*1*=%BC; name*2=%41 | a/b name=[ü%41]",
        "a/b; name*0=one; name*2=three          | a/b name=[one]",
        "a/b; name=plain; name*=utf-8''better   | a/b name=[better]",
        "a/b; name*99999999999=x; b=c           | a/b name*99999999999=[x] b=[c]",
        "a/b; *=x; *0=y; c=d                    | a/b *=[x] *0=[y] c=[d]",
        "a/b; name*=utf-8''%0D%0Ax%00%zz%4      | a/b name=[  x %zz%4]",
        "a/b; name*=x-unknown''%C3%BC           | a/b name=[ü]",
        "a/b; name=jürgen.txt                   | a/b name=[jürgen.txt]",
        "a/b; name==?utf-8?B?w7w=?=             | a/b name=[=?utf-8?B?w7w=?=]",
      })
  void contentType(String field, String expected) {
    assertThat(shown(field)).isEqualTo(expected);
  }

  @Test
  void foldedInsideQuotes() {
    assertThat(shown("multipart/mixed;\r\n\tboundary=\"simple\r\n boundary\"\r\n"))
        .isEqualTo("multipart/mixed boundary=[simple boundary]");
  }

  @Test
  void tooManyParameters() {
    var field = new StringBuilder("a/b");
    for (int i = 0; i < 10_000; i++) {
      field.append("; p").append(i).append("=x");
    }
    assertThat(parse(field.toString()).parameters()).hasSize(MimeLimits.PARAMETERS);
  }

  @Test
  void disposition() {
    assertThat(disposition("ATTACHMENT; filename=a.txt")).isEqualTo("attachment filename=[a.txt]");
    assertThat(disposition("; filename=a.txt")).isEqualTo("attachment filename=[a.txt]");
    byte[] nothing = " \r\n".getBytes(StandardCharsets.UTF_8);
    assertThat(ContentDisposition.parse(nothing, 0, nothing.length)).isNull();
  }

  private static String disposition(String field) {
    byte[] b = field.getBytes(StandardCharsets.UTF_8);
    var disposition = Objects.requireNonNull(ContentDisposition.parse(b, 0, b.length));
    return disposition.type() + shown(disposition.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "BASE64, base64",
    "' \"base64\" ', base64",
    "Quoted-Printable (c), quoted-printable",
    "8bit; charset=x, 8bit",
    "'', 7bit",
    "??, 7bit",
    "(c) binary, binary"
  })
  void encoding(String field, String expected) {
    byte[] b = field.getBytes(StandardCharsets.UTF_8);
    assertThat(ContentTransferEncoding.parse(b, 0, b.length)).isEqualTo(expected);
  }

  @Test
  void languages() {
    byte[] b = "de, en-US (c),,\r\n fr".getBytes(StandardCharsets.UTF_8);
    assertThat(ContentLanguage.parse(b, 0, b.length)).containsExactly("de", "en-US", "fr");
  }
}
