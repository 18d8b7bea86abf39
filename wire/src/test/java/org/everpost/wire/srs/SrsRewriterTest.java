package org.everpost.wire.srs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.everpost.wire.srs.SrsRewriter.Reversed.Invalid;
import org.everpost.wire.srs.SrsRewriter.Reversed.NotRewritten;
import org.everpost.wire.srs.SrsRewriter.Reversed.Original;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SrsRewriterTest {

  static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  static final DomainName US = DomainName.of("us.test");
  static final SrsRewriter SRS = new SrsRewriter(List.of(key("one")), 21);

  private static byte[] key(String text) {
    return ("a key for tests: " + text).getBytes(UTF_8);
  }

  static EmailAddress rewritten(String sender) {
    EmailAddress address = SRS.rewrite(EmailAddress.of(sender), US, NOW);
    assertThat(address).isNotNull();
    return address;
  }

  private static Reversed reversed(String address) {
    return SRS.reverse(EmailAddress.of(address), NOW);
  }

  @Test
  void thereAndBack() {
    EmailAddress address = rewritten("Alice+x=y@Origin.test");
    assertThat(address.toString())
        .matches("SRS0=[a-z2-7]{6}=[a-z2-7]{2}=origin\\.test=Alice\\+x=y@us\\.test");
    assertThat(SRS.reverse(address, NOW))
        .isEqualTo(new Original(EmailAddress.of("Alice+x=y@origin.test")));
  }

  /** Two hops on: bounces go back to the first that rewrote it, not through all. */
  @Test
  void moreHops() {
    String first = "SRS0=abcd=xy=origin.test=a@hop.test";
    EmailAddress second = rewritten(first);
    assertThat(second.toString())
        .matches("SRS1=[a-z2-7]{6}=hop\\.test==abcd=xy=origin\\.test=a@us\\.test");
    assertThat(SRS.reverse(second, NOW)).isEqualTo(new Original(EmailAddress.of(first)));

    EmailAddress third = rewritten("srs1=zzzz=hop.test==abcd=xy=origin.test=a@other.test");
    assertThat(third).isEqualTo(second);
    // Other separators, which some use.
    EmailAddress plus = rewritten("SRS0+abcd=xy=origin.test=a@hop.test");
    assertThat(SRS.reverse(plus, NOW))
        .isEqualTo(new Original(EmailAddress.of("SRS0+abcd=xy=origin.test=a@hop.test")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@us.test",
        "SRS0=@us.test",
        "SRS0@us.test",
        "SRS0x=a@us.test",
        "SRS2=a=b@us.test"
      })
  void whatWasNotRewritten(String address) {
    assertThat(reversed(address)).isEqualTo(new NotRewritten());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SRS0=aaaaaa@us.test",
        "SRS0=aaaaaa=@us.test",
        "SRS0=aaaaaa=bb=origin.test=a@us.test",
        "SRS1=aaaaaa=hop.test==b=c=d=e@us.test",
        "SRS0=======@us.test",
        "SRS0=a=b@us.test",
        "SRS0-------@us.test"
      })
  void whatOthersMade(String address) {
    assertThat(reversed(address)).isInstanceOf(Invalid.class);
  }

  @Test
  void caseDoesNotMatter() {
    String text = rewritten("alice@origin.test").toString();
    for (String changed : List.of(text.toLowerCase(Locale.ROOT), text.toUpperCase(Locale.ROOT))) {
      assertThat(reversed(changed)).isInstanceOf(Original.class);
      assertThat(((Original) reversed(changed)).address().toString())
          .isEqualToIgnoringCase("alice@origin.test");
    }
  }

  /** Each character changed: never another address. */
  @Test
  void nothingCanBeChanged() {
    for (String sender : List.of("alice@origin.test", "SRS0=abcd=xy=origin.test=a@hop.test")) {
      EmailAddress good = rewritten(sender);
      String local = good.localPart();
      for (int i = 0; i < local.length(); i++) {
        for (char c : "a2=+-.X".toCharArray()) {
          String changed = local.substring(0, i) + c + local.substring(i + 1);
          Reversed result = SRS.reverse(new EmailAddress(changed, US), NOW);
          // Only the separator after the tag and the case of letters may differ.
          if (result instanceof Original(EmailAddress address)) {
            assertThat(address.toString()).isEqualToIgnoringCase(sender);
          }
        }
      }
    }
    // The tag is a part of what is signed.
    String local = rewritten("alice@origin.test").localPart();
    assertThat(reversed("SRS1" + local.substring(4) + "@us.test")).isInstanceOf(Invalid.class);
  }

  @Test
  void age() {
    EmailAddress address = rewritten("a@b.test");
    assertThat(SRS.reverse(address, NOW.plus(Duration.ofDays(21)))).isInstanceOf(Original.class);
    assertThat(SRS.reverse(address, NOW.plus(Duration.ofDays(22)))).isInstanceOf(Invalid.class);
    assertThat(SRS.reverse(address, NOW.minus(Duration.ofDays(1)))).isInstanceOf(Original.class);
    assertThat(SRS.reverse(address, NOW.minus(Duration.ofDays(2)))).isInstanceOf(Invalid.class);
    // The days go round.
    for (int day = 1000; day < 1060; day++) {
      Instant then = Instant.EPOCH.plus(Duration.ofDays(day));
      EmailAddress made = SRS.rewrite(EmailAddress.of("a@b.test"), US, then);
      assertThat(made).isNotNull();
      assertThat(SRS.reverse(made, then.plus(Duration.ofDays(21)))).isInstanceOf(Original.class);
    }
  }

  @Test
  void keysChange() {
    EmailAddress old = rewritten("a@b.test");
    SrsRewriter both = new SrsRewriter(List.of(key("two"), key("one")), 21);
    assertThat(both.reverse(old, NOW)).isInstanceOf(Original.class);
    SrsRewriter other = new SrsRewriter(List.of(key("two")), 21);
    assertThat(other.reverse(old, NOW)).isInstanceOf(Invalid.class);
    assertThat(both.rewrite(EmailAddress.of("a@b.test"), US, NOW))
        .isEqualTo(other.rewrite(EmailAddress.of("a@b.test"), US, NOW));
    assertThatIllegalArgumentException().isThrownBy(() -> new SrsRewriter(List.of(), 21));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SrsRewriter(List.of(new byte[15]), 21));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SrsRewriter(List.of(key("one")), 513));
  }

  @Test
  void addressesThatWouldBeTooLong() {
    EmailAddress sender = EmailAddress.of("x".repeat(40) + "@a-rather-long-name.test");
    assertThat(SRS.rewrite(sender, US, NOW)).isNull();
  }

  /** Whatever the sender: it comes back as it was, or cannot be rewritten. */
  @Test
  void randomSenders() {
    String letters = "aZ0=+-._\"\\@ \u00e4\u0338\u4e2dSR";
    int rewritten = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder local = new StringBuilder(random.nextInt(3) == 0 ? "SRS0=" : "");
      for (int i = random.nextInt(12); i >= 0; i--) {
        local.append(letters.charAt(random.nextInt(letters.length())));
      }
      EmailAddress sender = new EmailAddress(local.toString(), DomainName.of("origin.test"));
      EmailAddress address = SRS.rewrite(sender, US, NOW);
      if (address != null) {
        rewritten++;
        assertThat(SRS.reverse(address, NOW)).isEqualTo(new Original(sender));
      }
    }
    assertThat(rewritten).isGreaterThan(15_000);
  }
}
