package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class HashFuzzTest {

  /** A stored form is refused with words, or understood, and then no password breaks it. */
  @ValueSource(
      strings = {
        "{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0",
        "{SSHA512.HEX}00",
        "{MD5-CRYPT}$1$abcdefgh$0123456789012345678901",
        "$apr1$abc$0123456789012345678901",
        "$5$rounds=1000$abc$0123456789012345678901234567890123456789012",
        "$2y$04$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "{PBKDF2}$1$salt$9$00112233445566778899aabbccddeeff",
        "$pbkdf2-sha256$9$c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
        "pbkdf2_sha256$9$salt$aGFzaGhhc2hoYXNoaGFzaA==",
        "abcdefghijklm"
      })
  @FuzzTest
  void anyHash(@NotNull String hash) {
    HashForm form;
    try {
      form = HashForm.parse(hash);
    } catch (UnusableHashException e) {
      assertThat(e.getMessage()).matches("\\P{Cc}+");
      return;
    }
    if (isCheap(form, hash)) {
      form.matches("");
      form.matches("p\u00e4ss\0word");
    }
  }

  /** Numbers of five digits, and bcrypt, take their time on purpose. */
  private static boolean isCheap(HashForm form, String hash) {
    return !(form instanceof BcryptHash) && !hash.matches("(?s).*[=$][0-9]{5,}.*");
  }
}
