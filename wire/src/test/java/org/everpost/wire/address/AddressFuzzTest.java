package org.everpost.wire.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class AddressFuzzTest {

  /** An address as it is written is that address. */
  @ValueSource(strings = {"\"a \\\" b\"@x.test", "j\u00f6rg@b\u00fccher.test", "a@xn--bcher-kva."})
  @FuzzTest
  void anyAddress(@NotNull String text) {
    EmailAddress address;
    try {
      address = EmailAddress.ofName(text);
    } catch (IllegalArgumentException e) {
      assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.of(text));
      return;
    }
    assertThat(EmailAddress.of(address.toString())).isEqualTo(address);
    assertThat(address.toString()).doesNotContain("\r", "\n", "\0");
  }

  /** A name as it is shown to people is that name. */
  @ValueSource(
      strings = {"B\u00dccher\u3002test", "xn--4gbrim.xn--p1ai", "fa\u00df.de", "\u0130.x"})
  @FuzzTest
  void anyDomain(@NotNull String text) {
    DomainName name;
    try {
      name = DomainName.of(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(DomainName.of(name.ascii())).isEqualTo(name);
    assertThat(DomainName.of(name.unicode())).isEqualTo(name);
  }

  @ValueSource(
      strings = {"bcher-kva", "-", "99999999", "\ud840\udc00-kva", "0000000000000000000000000000a"})
  @FuzzTest
  void anyPunycode(@NotNull String text) {
    String label = Punycode.decode(text);
    if (label != null) {
      assertThat(label.codePointCount(0, label.length())).isLessThanOrEqualTo(text.length());
    }
    String encoded = text.codePoints().anyMatch(c -> c > 127) ? Punycode.encode(text) : null;
    if (encoded != null && Character.isBmpCodePoint(text.codePointAt(0))) {
      assertThat(Punycode.decode(encoded)).isIn(text, null); // halves of characters come not back
    }
  }
}
