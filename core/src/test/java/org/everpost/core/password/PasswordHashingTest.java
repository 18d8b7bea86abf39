package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.sasl.ScramCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors were made by Dovecot 2.3, OpenSSL, libxcrypt and Python's hashlib. */
class PasswordHashingTest {

  private final PasswordHashing hashing = new PasswordHashing(RandomSource.seeded(7));

  @AfterEach
  void close() {
    hashing.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$wJEs2S7TKzdiM3FfLmIcMQ$pMXGiN4FhgRrhDhZvumnFTQEv/MQcSukCfmZjvvd4u4",
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "{BLF-CRYPT}$2y$05$STo4FMwz.6bftF7pRXy6xe5fFsvng/j2/Wx.u4aQWmyYRKe2Lq5te",
        "{CRYPT}$2y$05$cj4fBljv7NbpHOV7oHryn.As49W6F3DCfyskaWB1sPrFQnX7OTHKm",
        "$2a$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "{SSHA}2fYwa+5r06AjWNhKOmffKxfr5MnxRH8J",
        "{ssha256}v0wcPJ4e8yTHIwICC3vCrG3ETzKV2pCG2AkAbniN5rw7VCks",
        "{SSHA512}Lf1BMEV1i3GfiFCi+LOLg7DNx6KZ/Grf6tNw67jPrQxrGiZ5T7VP3ADkQ59UKfcCwgHU46P/LJ2SgvjdFDlWui/txWk=",
        "{SSHA256.HEX}61f95570e32cea4eed6c69106d03559fafde8409d401596d88b3ca1c15868b6b73616c7473616c74",
        "{SMD5}SPZImnUunbw+PHY0DoFDON8vYg8=",
        "{PBKDF2}$1$3L/WrYHM/NzdQC0P$5000$554dc764708d224a2085f41f552f10a93255a196",
        "{PBKDF2-SHA256}10000$c2FsdHNhbHQ$MBlX8O5tpAxXjnIZapIeuVCT5y.7lFYpNN3O3eK8oOs",
        "{PBKDF2-SHA512}10000$c2FsdHNhbHQ$SRl9U3XB4V6sE0qgj2kNlpHjNAF/t80nzn08MIK9MikE40sYmo1/mbJe3iZlysoMZPTMtHWle6aKFgnsaKsZNA",
        "{PBKDF2}10000$c2FsdHNhbHQ$IF4UejPH5Sni7s7H89KLJHixSw8",
        "$pbkdf2-sha256$29000$c2FsdHNhbHRzYWx0c2FsdA$wdimsZz82dUhh09vxCX.tZ6CiAyYHJSfs9wD5qYnfzg",
        "$pbkdf2-sha512$25000$c2FsdHNhbHRzYWx0c2FsdA$q3kaNlP0HAxJZjSs4IItvbFHqVrWdPmf8lfnea9PbjDVvTz/SsGj7/iHJ.Roc3PR.FGse7FgGNKk3oiKac9TEQ",
        "$pbkdf2$13100$c2FsdHNhbHRzYWx0c2FsdA$BUb6TEC.8Tmsh0r6XLRMI8Pkimg",
        "pbkdf2_sha256$30000$saltsalt$0EOk4gFaYJSSuer6ZmBl2aigBCxvo1K58ice+1POt9E=",
        "{SHA512-CRYPT}$6$7VAE4Zj4Y8lBSQFr$BNRk78eLFoxMGSCQPrpR1Z8d.QN1XGEfh0eTUC.PwGnT45.7nBrDzzcaFhvnDtW0QJWca1OEh3yRBH8MYhGLK1",
        "$6$rounds=77777$short$h4tqkaUlcWCunnvllrGpL7hkTxsWZiKztL0XbSn/w651ixfFCaQ8NMn1m9Oi0PUNIjJoHxbm8UH32IjU3/CHV/",
        "{SHA256-CRYPT}$5$/dPgK.BNFeOkDkpY$tqq/77vcs.SaQKH3nZ7rkZH5qmwVkfVMVE.4qJ7Oc43",
        "$5$rounds=1000$saltstring$95Bg/RfV2QriLpMdLPHK9el0Ighm6E3CBqMKzZKgCa2",
        "{MD5-CRYPT}$1$eu2I80eB$9Sol.IYpM082uUP8JcvXM.",
        "{MD5}$1$UvIkrGhn$rUTY4TXVWM1K4TIMvV6pg0",
        "$1$saltsalt$NuzA7WTAelpl95xgBGWN60",
        "$apr1$saltsalt$EGVZDNN6gOqijy.tv9axG/",
        "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cde",
        "{LDAP-MD5}PLTnMmMfR+brlh80VUt83g==",
        "{MD5}PLTnMmMfR+brlh80VUt83g==",
        "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
        "{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=",
        "{SHA512}VraY3v7bWkNbY0r+MyC7rz/c2SC2xQOkRvx7endrKY1HnRumqLYXgI6wv1ec6aldZoNHvKtxSQhayTyyeZUZew==",
        "{SHA512.hex}56b698defedb5a435b634afe3320bbaf3fdcd920b6c503a446fc7b7a776b298d479d1ba6a8b617808eb0bf579ce9a95d668347bcab7149085ac93cb27995197b",
        "{DES-CRYPT}hvCAzpXjTonoA",
        "abhfCpXqd4GrI",
      })
  void everyFormIsVerified(String hash) {
    assertThat(hashing.problem(hash)).isEmpty();
    assertThat(hashing.verify(hash, "correct horse")).isTrue();
    assertThat(hashing.verify(hash, "Correct horse")).isFalse();
    assertThat(hashing.needsRehash(hash)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$FDCTT7fHDQcCGXzj85vvpA$SgLh9yNrP0sev/R6sMkxtoGfwpFHVooELGuDuGdI8pc",
        "{BLF-CRYPT}$2y$05$lbo8igxgS2Bvjak1.V04Iu5IsD7jUeUU1M3YygTCFgY72EScKz19S",
        "$1$saltsalt$VReRfkQ8Hs1aayf/oxMkG/",
        "$apr1$saltsalt$i5XfNxJNeh2E8ljXycZFm0",
        "$5$saltsalt$JUyX9J5pA1EE4ZvGcIA.vpwPCUQ8GlJbo51r7M84au8",
        "$6$saltsalt$TQjRhpJdqmLx0U8it3EsUajwkmOMMvw5vhUFc7mohzFFoj/QHrfYUHU1oSkwyCEoTUCDOiAOW135nel3bqtKe.",
        "abzp3RXJm5gNA",
      })
  void passwordsBeyondAsciiAreUtf8AndComposed(String hash) {
    assertThat(hashing.verify(hash, "pässwörd")).isTrue();
    assertThat(hashing.verify(hash, "pa\u0308sswo\u0308rd")).isTrue();
    assertThat(hashing.verify(hash, "password")).isFalse();
  }

  @Test
  void bcryptLooksAtTheFirst72OctetsAsEveryOtherDoes() {
    String hash = "$2y$04$abcdefghijklmnopqrstuum2G75IXDN/xsgbNa/hCiPSKyIHQd70S";
    assertThat(hashing.verify(hash, "0123456789".repeat(8))).isTrue();
    assertThat(hashing.verify(hash, "0123456789".repeat(7) + "01 and more")).isTrue();
    assertThat(hashing.verify(hash, "0123456789".repeat(7))).isFalse();
  }

  @Test
  void aPasswordIsVerifiedAsTypedIfItsHashWasMadeOfThat() {
    String hash = "{SHA}fA58HQd2GcPjKFuOJ6s4vs9ElxU="; // of "ªb", of which SASLprep makes "ab"
    assertThat(hashing.verify(hash, "ªb")).isTrue();
    assertThat(hashing.verify(hash, "ab")).isFalse();
    String own = hashing.hash("ªb");
    assertThat(hashing.verify(own, "ab")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "correct horse",
        "{PLAIN}secret",
        "{CRAM-MD5}9186d855e11eba527a7a52ca82b313e180d62234f0acc9051b527243d41e2740",
        "{SSHA}notbase64!",
        "{SSHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
        "{SHA}AAAA",
        "{PLAIN-MD5.XYZ}3cb4e732631f47e6eb961f34554b7cde",
        "{SSHA",
        "$y$j9T$abcdefgh$4mqd6JVlUo/.JMgenptcdPqIowfqDPoC9lSyWQhPMf1",
        "$2x$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "$2a$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy",
        "$2a$31$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "$2a$03$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "$1$$NuzA7WTAelpl95xgBGWN60",
        "$3$$8846f7eaee8fb117ad06bdd830b7586c",
        "$5$rounds=999999999$saltstring$95Bg/RfV2QriLpMdLPHK9el0Ighm6E3CBqMKzZKgCa2",
        "$argon2id$v=19$m=4194304,t=3,p=1$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "$argon2id$v=19$m=65536,t=99999,p=1$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "$argon2id$v=19$m=65536,t=3,p=255$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "$argon2id$v=18$m=65536,t=3,p=1$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "$argon2id$v=19$m=0,t=0,p=0$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1Jrhb4MQRhPEUzmv8vtnxczQ",
        "$argon2id$v=19$m=65536,t=3,p=1$40+vwpjAz3/i0ZJf6k/wBw",
        "$pbkdf2-sha256$2000000000$c2FsdHNhbHRzYWx0c2FsdA$wdimsZz82dUhh09vxCX.tZ6CiAyYHJSfs9wD5qYnfzg",
        "$pbkdf2-sha256$0$c2FsdHNhbHRzYWx0c2FsdA$wdimsZz82dUhh09vxCX.tZ6CiAyYHJSfs9wD5qYnfzg",
        "pbkdf2_sha256$30000$$0EOk4gFaYJSSuer6ZmBl2aigBCxvo1K58ice+1POt9E=",
        "pbkdf2_md5$1$a$b",
        "{PBKDF2}",
        "{PBKDF2}$1$$$",
        "{ARGON2ID}",
        "hvCAzpXjTonoÄ",
      })
  void whatCannotBeVerifiedIsRefusedWithAReason(String hash) {
    assertThat(hashing.problem(hash))
        .hasValueSatisfying(reason -> {
          assertThat(reason).isNotBlank();
          if (hash.length() > 20) {
            assertThat(reason).doesNotContain(hash.substring(hash.length() - 12));
          }
        });
    assertThat(hashing.verify(hash, "secret")).isFalse();
  }

  @Test
  void aLongHashIsRefused() {
    assertThat(hashing.problem("{SHA}" + "A".repeat(1_000_000))).isPresent();
  }

  @Test
  void newHashesAreArgon2idAndDifferEachTime() {
    String hash = hashing.hash("correct horse");
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").hasSize(97);
    assertThat(hash).isNotEqualTo(hashing.hash("correct horse"));
    assertThat(hashing.problem(hash)).isEmpty();
    assertThat(hashing.needsRehash(hash)).isFalse();
    assertThat(hashing.verify(hash, "correct horse")).isTrue();
    assertThat(hashing.verify(hash, "correct horsf")).isFalse();
  }

  @Test
  void whatIsStoredServesScramToo() {
    StoredPassword stored = hashing.store("correct horse");
    ScramCredentials scram = stored.scram();
    assertThat(scram)
        .isNotNull()
        .isEqualTo(ScramCredentials.derive("correct horse", scram.salt(), scram.iterations()));
    assertThat(stored.toString()).doesNotContain("argon2");
  }

  /** RFC 9106 §5.3 has other lengths than are stored; these are of the reference implementation. */
  @Test
  void theReferenceVectorsOfArgon2() {
    assertThat(
            hashing.verify(
                "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
                "password"))
        .isTrue();
    assertThat(
            hashing.verify(
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$"
                    + "bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
                "password"))
        .isTrue();
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedNotKept() throws InterruptedException {
    int callers = 60;
    PasswordHashing small = new PasswordHashing(RandomSource.seeded(8), 1, 4);
    AtomicInteger done = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch finished = new CountDownLatch(callers);
    for (int i = 0; i < callers; i++) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              boolean _ = small.verifyNothing("x", PasswordHashing.Whom.STRANGER);
              done.incrementAndGet();
            } catch (HashingBusyException e) {
              refused.incrementAndGet();
            } finally {
              finished.countDown();
            }
          });
    }
    finished.await();
    small.close();
    assertThat(done.get()).isBetween(5, callers - 1);
    assertThat(done.get() + refused.get()).isEqualTo(callers);
  }

  @Test
  void strangersWhoGuessKeepNoUserWaiting() throws InterruptedException {
    PasswordHashing small = new PasswordHashing(RandomSource.seeded(8), 1, 30);
    String hash = small.hash("correct horse");
    CountDownLatch begun = new CountDownLatch(20);
    CountDownLatch guessed = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      Thread.ofVirtual()
          .start(() -> {
            begun.countDown();
            boolean _ = small.verifyNothing("x", PasswordHashing.Whom.STRANGER);
            guessed.countDown();
          });
    }
    begun.await();
    assertThat(small.verify(hash, "correct horse", PasswordHashing.Whom.USER)).isTrue();
    assertThat(guessed.getCount()).as("guesses still waiting").isPositive();
    guessed.await();
    small.close();
  }
}
