package org.everpost.wire.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "alice@example.test, alice@example.test",
        "Al.Ice+x@EXAMPLE.test, Al.Ice+x@example.test",
        "o'brien!#$%&*+-/=?^_{|}~@example.test, o'brien!#$%&*+-/=?^_{|}~@example.test",
        "\"a b\"@example.test, \"a b\"@example.test",
        "\"alice\"@example.test, alice@example.test",
        "\"a\\\"\\\\b\"@example.test, \"a\\\"\\\\b\"@example.test",
        "\"a@b\"@example.test, \"a@b\"@example.test",
        "\".a\"@example.test, \".a\"@example.test",
        "\"j\u00f6rg \"@example.test, \"j\u00f6rg \"@example.test",
        "jörg@bücher.test, jörg@xn--bcher-kva.test",
      })
  void whatIsGivenIsWritten(String given, String written) {
    EmailAddress address = EmailAddress.of(given);
    assertThat(address).hasToString(written);
    assertThat(EmailAddress.of(written)).isEqualTo(address);
    assertThat(EmailAddress.ofName(given)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a b@example.test, \"a b\"@example.test",
        "a@b@example.test, \"a@b\"@example.test",
        ".a@example.test, \".a\"@example.test",
        "a.@example.test, \"a.\"@example.test",
        "a..b@example.test, \"a..b\"@example.test",
        "a(b)@example.test, \"a(b)\"@example.test",
        "<a@example.test, \"<a\"@example.test",
        "\"@example.test, \"\\\"\"@example.test",
      })
  void whatIsNoAddressButSomebodysName(String name, String written) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmailAddress.of(name))
        .withMessage(
            "'" + name + "' is not an address; if it is meant so, it is written " + written);
    assertThat(EmailAddress.ofName(name)).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "a",
        "a@",
        "@example.test",
        "a@b c",
        "a\n@example.test",
        "\"\"@example.test",
        "\"a\"b\"@example.test",
        "\"a\\\"@example.test",
        "\"a\\\u00fc\"@example.test",
        "a\u0085@example.test",
        "a\u2028@example.test",
        "\ud800@example.test",
      })
  void whatIsNoAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.of(text));
    assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.ofName(text));
  }

  @Test
  void theLocalPartHas64Octets() {
    DomainName domain = DomainName.of("example.test");
    assertThat(new EmailAddress("a".repeat(64), domain).localPart()).hasSize(64);
    assertThat(new EmailAddress("ü".repeat(32), domain).localPart()).hasSize(32);
    assertThatIllegalArgumentException().isThrownBy(() -> new EmailAddress("a".repeat(65), domain));
    assertThatIllegalArgumentException().isThrownBy(() -> new EmailAddress("ü".repeat(33), domain));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EmailAddress("a".repeat(1_000_000), domain));
  }

  @Test
  void compositionMakesNoDifferenceCaseDoes() {
    assertThat(EmailAddress.of("jo\u0308rg@example.test"))
        .isEqualTo(EmailAddress.of("jörg@example.test"))
        .isNotEqualTo(EmailAddress.of("Jörg@example.test"));
    assertThat(EmailAddress.of("jörg@example.test").isInternationalised()).isTrue();
    assertThat(EmailAddress.of("jorg@bücher.test").isInternationalised()).isFalse();
  }
}
