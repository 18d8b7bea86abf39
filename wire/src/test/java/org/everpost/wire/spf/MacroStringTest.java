package org.everpost.wire.spf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7208 §7: the text that becomes another. */
class MacroStringTest {

  private static final Map<MacroLetter, String> VALUES = new EnumMap<>(MacroLetter.class);

  static {
    VALUES.put(MacroLetter.SENDER, "strong-bad@email.example.com");
    VALUES.put(MacroLetter.LOCAL_PART, "strong-bad");
    VALUES.put(MacroLetter.SENDER_DOMAIN, "email.example.com");
    VALUES.put(MacroLetter.DOMAIN, "email.example.com");
    VALUES.put(MacroLetter.IP, "192.0.2.3");
    VALUES.put(MacroLetter.VALIDATED_DOMAIN, "mx.example.org");
    VALUES.put(MacroLetter.IP_VERSION, "in-addr");
    VALUES.put(MacroLetter.HELO, "a+b c/\u00e4_~");
    VALUES.put(MacroLetter.CLIENT, "192.0.2.3");
    VALUES.put(MacroLetter.RECEIVER, "mx.example.net");
    VALUES.put(MacroLetter.TIME, "1798761600");
  }

  private static String value(MacroLetter letter) {
    return requireNonNull(VALUES.get(letter));
  }

  private static MacroString of(String text) throws SpfSyntaxException {
    return MacroString.ofExplanation(text);
  }

  /** The table of §7.4, and what it leaves out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%{s}                     | strong-bad@email.example.com",
        "%{o}                     | email.example.com",
        "%{d}                     | email.example.com",
        "%{d4}                    | email.example.com",
        "%{d3}                    | email.example.com",
        "%{d2}                    | example.com",
        "%{d1}                    | com",
        "%{d999999999999}         | email.example.com",
        "%{dr}                    | com.example.email",
        "%{d2r}                   | example.email",
        "%{D2R}                   | example.email",
        "%{l}                     | strong-bad",
        "%{l-}                    | strong.bad",
        "%{lr}                    | strong-bad",
        "%{lr-}                   | bad.strong",
        "%{l1r-}                  | strong",
        "%{ir}.%{v}._spf.%{d2}    | 3.2.0.192.in-addr._spf.example.com",
        "%{lr-}.lp._spf.%{d2}     | bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2} | bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{d2}.trusted-domains.example.net | example.com.trusted-domains.example.net",
        "%{s-.@}                  | ",
        "%{s.-}                   | strong.bad@email.example.com",
        "%{h+/_}                  | a.b c.\u00e4.~",
        "%{H}                     | a%2Bb%20c%2F%C3%A4_~",
        "%{S}                     | strong-bad%40email.example.com",
        "%{p}, %{c} at %{r}: %{t} | mx.example.org, 192.0.2.3 at mx.example.net: 1798761600",
        "100%% of%_it, %-         | 100% of it, %20",
      })
  void macrosStandForSomething(String text, String expanded) throws SpfSyntaxException {
    if (expanded == null) {
      assertThatThrownBy(() -> of(text)).isInstanceOf(SpfSyntaxException.class);
    } else {
      assertThat(of(text).expand(MacroStringTest::value)).isEqualTo(expanded);
    }
  }

  @Test
  void emptyLabelsStay() throws SpfSyntaxException {
    assertThat(of("%{hr-}").expand(_ -> "-a--b")).isEqualTo("b..a.");
    assertThat(of("[%{h}]").expand(_ -> "")).isEqualTo("[]");
  }

  @Test
  void onlyWhatIsThereIsAskedFor() throws SpfSyntaxException {
    assertThat(
            of("%{i}")
                .expand(letter -> {
                  assertThat(letter).isEqualTo(MacroLetter.IP);
                  return "x";
                }))
        .isEqualTo("x");
    assertThat(of("a %{P} b").uses(MacroLetter.VALIDATED_DOMAIN)).isTrue();
    assertThat(of("p %{d} p").uses(MacroLetter.VALIDATED_DOMAIN)).isFalse();
  }

  @Test
  void anExplanationIsAscii() {
    assertThatThrownBy(() -> of("caf\u00e9"))
        .isInstanceOf(SpfSyntaxException.class)
        .hasMessage("an explanation has other characters than ASCII");
    assertThatThrownBy(() -> of("two\r\nlines")).isInstanceOf(SpfSyntaxException.class);
  }
}
