package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.everpost.core.event.AuthEvent;
import org.everpost.wire.sasl.SaslMechanism;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SaslLoginTest {

  private static final FakeConnection LOCAL = FakeConnection.from("127.0.0.1");
  private static final FakeConnection STRANGER = FakeConnection.from("192.0.2.1");

  private final LoginFixture f = new LoginFixture();

  @AfterEach
  void close() {
    f.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(LoginStep step) {
    assertThat(step).isInstanceOf(LoginStep.Challenge.class);
    return new String(
        Base64.getDecoder().decode(((LoginStep.Challenge) step).base64()), StandardCharsets.UTF_8);
  }

  private LoginStep begin(String mechanism, @Nullable String initial) {
    return f.sasl.start(mechanism, LOCAL).orElseThrow().begin(initial);
  }

  private LoginStep success() {
    return new LoginStep.Finished(new AuthResult.Success(f.alice));
  }

  private static LoginStep failure() {
    return new LoginStep.Finished(new AuthResult.Failure());
  }

  @Test
  void whatIsOfferedDependsOnTheConnection() {
    assertThat(f.sasl.mechanisms(STRANGER)).containsExactly(SaslMechanism.SCRAM_SHA_256);
    assertThat(f.sasl.mechanisms(LOCAL))
        .containsExactly(SaslMechanism.SCRAM_SHA_256, SaslMechanism.PLAIN, SaslMechanism.LOGIN);
    assertThat(f.sasl.mechanisms(STRANGER.withTls())).isEqualTo(List.of(SaslMechanism.values()));
    assertThat(f.sasl.start("PLAIN", STRANGER)).isEmpty();
    assertThat(f.sasl.start("SCRAM-SHA-256-PLUS", LOCAL)).isEmpty();
    assertThat(f.sasl.start("GSSAPI", LOCAL)).isEmpty();
    assertThat(f.sasl.start("plain", STRANGER.withTls())).isPresent();
  }

  @Test
  void plain() {
    String right = base64("\0alice\0correct horse");
    assertThat(begin("PLAIN", right)).isEqualTo(success());
    SaslExchange exchange = f.sasl.start("PLAIN", LOCAL).orElseThrow();
    assertThat(text(exchange.begin(null))).isEmpty();
    assertThat(exchange.answer(right)).isEqualTo(success());
    assertThat(begin("PLAIN", base64("\0alice\0wrong"))).isEqualTo(failure());
    assertThat(begin("PLAIN", "=")).isEqualTo(failure());
  }

  @Test
  void nobodyActsAsSomebodyElse() {
    assertThat(begin("PLAIN", base64("Alice\0alice\0correct horse"))).isEqualTo(success());
    assertThat(begin("PLAIN", base64("bob\0alice\0correct horse"))).isEqualTo(failure());
  }

  @Test
  void login() {
    SaslExchange exchange = f.sasl.start("LOGIN", LOCAL).orElseThrow();
    assertThat(text(exchange.begin(null))).isEqualTo("Username:");
    assertThat(text(exchange.answer(base64("alice@example.test")))).isEqualTo("Password:");
    assertThat(exchange.answer(base64("correct horse"))).isEqualTo(success());
    SaslExchange outlook = f.sasl.start("LOGIN", LOCAL).orElseThrow();
    assertThat(text(outlook.begin(base64("alice")))).isEqualTo("Password:");
    assertThat(outlook.answer(base64("correct horse"))).isEqualTo(success());
  }

  @Test
  void cancelledAndMalformed() {
    SaslExchange exchange = f.sasl.start("LOGIN", LOCAL).orElseThrow();
    exchange.begin(null);
    assertThat(exchange.answer("*")).isEqualTo(new LoginStep.Cancelled());
    assertThat(begin("PLAIN", "not base 64")).isEqualTo(new LoginStep.Malformed());
    assertThat(begin("PLAIN", "A".repeat(20_000))).isEqualTo(new LoginStep.Malformed());
  }

  @Test
  void scram() {
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "alice", "correct horse"))
        .isEqualTo(success());
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,a=alice,", "alice", "correct horse"))
        .isEqualTo(success());
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,a=bob,", "alice", "correct horse"))
        .isEqualTo(failure());
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "alice", "wrong")).isEqualTo(failure());
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "nobody", "wrong")).isEqualTo(failure());
  }

  @Test
  void scramBoundToTheChannel() {
    FakeConnection tls = STRANGER.withTls();
    assertThat(runScram(tls, "SCRAM-SHA-256-PLUS", "p=tls-exporter,,", "alice", "correct horse"))
        .isEqualTo(success());
    assertThat(runScram(tls, "SCRAM-SHA-256", "y,,", "alice", "correct horse"))
        .isEqualTo(failure());
  }

  @Test
  void scramNeedsOnePlaintextLogin() {
    LoginStep bob = new LoginStep.Finished(new AuthResult.Success(f.bob));
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "bob", "correct horse"))
        .isEqualTo(failure());
    assertThat(begin("PLAIN", base64("\0bob\0correct horse"))).isEqualTo(bob);
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "bob", "correct horse")).isEqualTo(bob);
  }

  @Test
  void scramCanBeSwitchedOff() {
    SaslLogin without = new SaslLogin(f.authenticator, f.random, false);
    assertThat(without.mechanisms(STRANGER)).isEmpty();
    assertThat(without.mechanisms(STRANGER.withTls()))
        .containsExactly(SaslMechanism.PLAIN, SaslMechanism.LOGIN);
    assertThat(without.start("SCRAM-SHA-256", LOCAL)).isEmpty();
  }

  /** Else six attempts of a stranger would tell which accounts were imported and never used. */
  @Test
  void scramWithoutKeysIsAnsweredAndCountedLikeEveryFailure() {
    List<String> names = List.of("alice", "bob", "nobody");
    for (int i = 0; i < 2 * LoginThrottle.FREE_OF_SOURCE; i++) {
      List<Class<?>> answers = new ArrayList<>(); // how long to rest differs: time goes on
      for (String name : names) {
        FakeConnection each = FakeConnection.from("192.0.2." + names.indexOf(name));
        LoginStep step = runScram(each, "SCRAM-SHA-256", "n,,", name, "wrong");
        assertThat(step).isInstanceOf(LoginStep.Finished.class);
        answers.add(((LoginStep.Finished) step).result().getClass());
      }
      assertThat(answers).as("attempt %d", i).containsOnly(answers.getFirst());
    }
    assertThat(f.events)
        .anySatisfy(event ->
            assertThat(event)
                .isInstanceOfSatisfying(
                    AuthEvent.LoginFailed.class,
                    failed -> assertThat(failed.reason()).contains("auth.scram = false")));
  }

  @Test
  void scramIsThrottledAndRefusesTheDisabled() {
    for (int i = 0; i < 6; i++) {
      runScram(STRANGER, "SCRAM-SHA-256", "n,,", "nobody" + i, "guess");
    }
    assertThat(runScram(STRANGER, "SCRAM-SHA-256", "n,,", "alice", "correct horse"))
        .isInstanceOfSatisfying(
            LoginStep.Finished.class,
            step -> assertThat(step.result()).isInstanceOf(AuthResult.Throttled.class));
    f.directory.setDisabled(f.alice, true);
    assertThat(runScram(LOCAL, "SCRAM-SHA-256", "n,,", "alice", "correct horse"))
        .isEqualTo(failure());
  }

  /** A client of RFC 5802 §3, up to the last step. */
  private LoginStep runScram(
      FakeConnection connection, String mechanism, String header, String name, String password) {
    SaslExchange exchange = f.sasl.start(mechanism, connection).orElseThrow();
    String bare = "n=" + name + ",r=abcdef";
    LoginStep first = exchange.begin(base64(header + bare));
    if (!(first instanceof LoginStep.Challenge)) {
      return first;
    }
    String serverFirst = text(first);
    String[] parts = serverFirst.split(",", -1);
    String channel =
        header.startsWith("p=")
            ? new String(FakeConnection.EXPORTED, StandardCharsets.US_ASCII)
            : "";
    String withoutProof = "c=" + base64(header + channel) + "," + parts[0];
    String authMessage = bare + "," + serverFirst + "," + withoutProof;
    LoginStep last =
        exchange.answer(
            base64(
                withoutProof
                    + ",p="
                    + proof(
                        password,
                        parts[1].substring(2),
                        Integer.parseInt(parts[2].substring(2)),
                        authMessage)));
    return last instanceof LoginStep.Challenge ? exchange.answer("") : last;
  }

  private static String proof(String password, String salt, int iterations, String authMessage) {
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(
                      password.toCharArray(), Base64.getDecoder().decode(salt), iterations, 256))
              .getEncoded();
      byte[] clientKey = hmac(salted, "Client Key");
      byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), authMessage);
      for (int i = 0; i < proof.length; i++) {
        proof[i] ^= clientKey[i];
      }
      return Base64.getEncoder().encodeToString(proof);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
