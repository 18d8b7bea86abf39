package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {

  private static List<EnvelopeAddress> parse(String field) {
    byte[] b = field.getBytes(StandardCharsets.UTF_8);
    return AddressList.parse(b, 0, b.length);
  }

  /** Each as {@code name[mailbox@host]}, a missing name being {@code -}. */
  private static String shown(String field) {
    return parse(field).stream()
        .map(a -> (a.name() == null ? "-" : a.name()) + "[" + a.mailbox() + "@" + a.host() + "]")
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "joe@example.org                       | -[joe@example.org]",
        "<joe@example.org>                     | -[joe@example.org]",
        "Joe Doe <joe@example.org>             | Joe Doe[joe@example.org]",
        "\"Doe, Joe\" <joe@example.org>        | Doe, Joe[joe@example.org]",
        "\"Joe \\\"X\\\" Doe\" <j@example.org> | Joe \"X\" Doe[j@example.org]",
        "John Q. Public <j@example.org>        | John Q. Public[j@example.org]",
        "joe@example.org (Joe Doe)             | Joe Doe[joe@example.org]",
        "joe@example.org (Joe (the) Doe)       | Joe (the) Doe[joe@example.org]",
        "Joe (x) <joe@example.org> (y)         | Joe[joe@example.org]",
        "<joe@example.org> (Joe)               | Joe[joe@example.org]",
        "a@x, b@y ,, c@z,                      | -[a@x], -[b@y], -[c@z]",
        "a@x; b@y                              | -[a@x], -[b@y]",
        "=?UTF-8?Q?J=C3=BC?= <j@example.org>   | =?UTF-8?Q?J=C3=BC?=[j@example.org]",
        "Jürgen <jürgen@exämple.org>           | Jürgen[jürgen@exämple.org]",
        "\"joe doe\"@example.org               | -[joe doe@example.org]",
        "\"joe doe\" @ example.org             | -[joe doe@example.org]",
        "<\"a@b\"@example.org>                 | -[a@b@example.org]",
        "joe . doe (c) @ example (d) . org     | c[joe.doe@example.org]",
        "<@a.org,@b.org:joe@example.org>       | -[joe@example.org]",
        "<@a.org:joe@example.org>              | -[joe@example.org]",
        "joe@[192.0.2.1]                       | -[joe@[192.0.2.1]]",
        "<joe@[IPv6:2001:db8::1]>              | -[joe@[IPv6:2001:db8::1]]",
        "Joe <joe@example.org                  | Joe[joe@example.org]",
        "Joe <joe@example.org, b@y             | Joe[joe@example.org], -[b@y]",
        "Joe joe@example.org                   | Joe[joe@example.org]",
        "joe@example.org Joe                   | -[joe@example.org]",
        "< joe@example.org >                   | -[joe@example.org]",
        "joe                                   | -[joe@]",
        "joe (Joe)                             | Joe[joe@]",
        "<joe>                                 | -[joe@]",
        "Joe Doe                               | Joe Doe[@]",
        "Joe <>                                | Joe[@]",
        "<>                                    | -[@]",
        "\"\" <a@x>                            | -[a@x]",
        "\"\" a <a@x>                          | a[a@x]",
        "\"\" .@x                              | -[.@x]",
        "@example.org                          | -[@example.org]",
        "joe@                                  | -[joe@]",
        "\"Joe <joe@example.org>, b@y          | \"Joe[joe@example.org], -[b@y]",
        "Joe (Doe <joe@example.org>            | Joe (Doe[joe@example.org]",
        "a) <joe@example.org>                  | a)[joe@example.org]",
        "<<joe@example.org>>                   | -[<joe@example.org]",
        "joe@a@b                               | -[joe@a@b]",
        "'joe@example.org' <joe@example.org>   | 'joe@example.org'[joe@example.org]",
        "joe@example.org <joe@example.org>     | joe@example.org[joe@example.org]",
        "Joe a@b Doe <joe@example.org> x       | Joe a@b Doe[joe@example.org]",
      })
  void list(String field, String expected) {
    assertThat(shown(field)).isEqualTo(expected);
  }

  @Test
  void groups() {
    var end = new EnvelopeAddress(null, null, null);
    assertThat(parse("undisclosed-recipients:;"))
        .containsExactly(new EnvelopeAddress(null, "undisclosed-recipients", null), end);
    assertThat(parse("\"The boys\": a@x, B <b@y>;, c@z"))
        .containsExactly(
            new EnvelopeAddress(null, "The boys", null),
            new EnvelopeAddress(null, "a", "x"),
            new EnvelopeAddress("B", "b", "y"),
            end,
            new EnvelopeAddress(null, "c", "z"));
    assertThat(parse("never closed: a@x"))
        .containsExactly(
            new EnvelopeAddress(null, "never closed", null),
            new EnvelopeAddress(null, "a", "x"),
            end);
  }

  @Test
  void folded() {
    assertThat(shown("Joe\r\n Doe <joe@example.org>,\r\n\t\"A\r\n B\" <b@y>\r\n"))
        .isEqualTo("Joe Doe[joe@example.org], A B[b@y]");
  }

  @Test
  void rawLatin1() {
    byte[] b = "J\u00fcrgen <j@example.org>".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(AddressList.parse(b, 0, b.length))
        .containsExactly(new EnvelopeAddress("J\u00fcrgen", "j", "example.org"));
  }

  @Test
  void nothing() {
    assertThat(parse("")).isEmpty();
    assertThat(parse(" , ;\r\n")).isEmpty();
    assertThat(parse("(only a comment)")).isEmpty();
  }

  @Test
  void stopsAfterSoMany() {
    assertThat(parse("a@b,".repeat(5000))).hasSize(MimeLimits.ADDRESSES);
  }

  @Test
  void unclosedThingsStayLinear() {
    for (String piece : List.of("(", "\"", "<", "<@a,", "((a) ", "a:", "\\", "[", "@[", "a@b(")) {
      assertThat(parse(piece.repeat(200_000)).size()).isLessThanOrEqualTo(MimeLimits.ADDRESSES + 1);
    }
  }
}
