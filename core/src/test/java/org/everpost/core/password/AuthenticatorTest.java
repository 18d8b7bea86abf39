package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.AuthEvent;
import org.everpost.wire.sasl.ScramCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

  private static final String PASSWORD = LoginFixture.PASSWORD;
  private static final AuthResult FAILURE = new AuthResult.Failure();

  private final LoginFixture f = new LoginFixture();

  @AfterEach
  void close() {
    f.close();
  }

  private Account now(Account account) {
    return f.directory.account(account.address()).orElseThrow();
  }

  @Test
  void theRightPasswordLogsIn() {
    AuthResult success = new AuthResult.Success(f.alice);
    assertThat(f.login("alice@example.test", PASSWORD, "192.0.2.1")).isEqualTo(success);
    assertThat(f.login("ALICE", PASSWORD, "192.0.2.1")).isEqualTo(success);
    assertThat(f.events)
        .contains(new AuthEvent.LoginSucceeded("c1", "alice@example.test", "PLAIN", "192.0.2.1"));
  }

  @Test
  void everythingElseFailsAlike() {
    f.directory.setDisabled(f.bob, true);
    f.events.clear();
    assertThat(f.login("alice", "wrong", "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("nobody", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("nobody@elsewhere.test", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("x".repeat(10_000), PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("al\u0007ice", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("bob", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("alice", "", "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("alice", "x".repeat(10_000), "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.events)
        .hasSize(9)
        .allSatisfy(e -> assertThat(e.toString()).doesNotContain(PASSWORD));
  }

  @Test
  void aFailureIsToldAfterAMultipleOfAStep() {
    long before = f.clock.nanoTime();
    f.login("nobody", PASSWORD, "127.0.0.1");
    assertThat(f.clock.nanoTime() - before).isEqualTo(Duration.ofMillis(300).toNanos());
    f.login("alice", PASSWORD, "127.0.0.1");
    assertThat(f.clock.nanoTime() - before).isEqualTo(Duration.ofMillis(300).toNanos());
  }

  @Test
  void anOldHashIsReplacedAtTheFirstLogin() {
    assertThat(f.login("bob", "wrong", "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.directory.credentials("bob").orElseThrow().password().hash())
        .isEqualTo(LoginFixture.CHEAP_HASH);
    assertThat(f.login("bob", PASSWORD, "127.0.0.1")).isEqualTo(new AuthResult.Success(f.bob));
    StoredPassword stored = f.directory.credentials("bob").orElseThrow().password();
    assertThat(stored.hash()).startsWith("$argon2id$");
    assertThat(stored.scram()).isNotNull();
    assertThat(f.hashing.verify(stored.hash(), PASSWORD)).isTrue();
    f.hashing.close(); // what follows is known without hashing
    assertThat(f.login("bob", PASSWORD, "127.0.0.1")).isEqualTo(new AuthResult.Success(f.bob));
  }

  @Test
  void aGoodHashWithoutScramKeysGetsThem() {
    String hash = f.hashing.hash(PASSWORD);
    Account carol = f.add("carol@example.test", new StoredPassword(hash, null));
    f.login("carol", PASSWORD, "127.0.0.1");
    StoredPassword stored = f.directory.credentials("carol").orElseThrow().password();
    assertThat(stored.hash()).isEqualTo(hash);
    assertThat(stored.scram()).isNotNull();
    assertThat(now(carol)).isEqualTo(carol);
  }

  @Test
  void aSuccessIsRememberedForMinutesOnly() {
    f.login("alice", PASSWORD, "127.0.0.1");
    f.hashing.close();
    assertThat(f.login("alice", PASSWORD, "192.0.2.7")).isInstanceOf(AuthResult.Success.class);
    assertThat(f.login("alice", "other", "192.0.2.7")).isEqualTo(new AuthResult.Unavailable());
    f.clock.advance(Duration.ofMinutes(6));
    assertThat(f.login("alice", PASSWORD, "192.0.2.7")).isEqualTo(new AuthResult.Unavailable());
  }

  @Test
  void whatIsRememberedEndsWithThePassword() {
    f.login("alice", PASSWORD, "127.0.0.1");
    f.directory.changePassword(f.alice, f.hashing.store("another"));
    assertThat(f.login("alice", PASSWORD, "127.0.0.1")).isEqualTo(FAILURE);
    assertThat(f.login("alice", "another", "127.0.0.1")).isInstanceOf(AuthResult.Success.class);
    f.directory.setDisabled(f.alice, true);
    assertThat(f.login("alice", "another", "127.0.0.1")).isEqualTo(FAILURE);
    f.directory.deleteAccount(now(f.alice));
    assertThat(f.login("alice", "another", "127.0.0.1")).isEqualTo(FAILURE);
    f.add("alice@example.test", f.hashing.store("third"));
    assertThat(f.login("alice", "another", "127.0.0.1")).isEqualTo(FAILURE);
  }

  @Test
  void aSourceThatGuessesIsThrottledAndForgiven() {
    for (int i = 0; i < LoginThrottle.FREE_OF_SOURCE; i++) {
      assertThat(f.login("bob", "guess" + i, "127.0.0.2")).isEqualTo(FAILURE);
    }
    assertThat(f.login("alice", PASSWORD, "127.0.0.2")).isInstanceOf(AuthResult.Throttled.class);
    assertThat(f.login("alice", PASSWORD, "127.0.0.3")).isInstanceOf(AuthResult.Success.class);
    f.clock.advance(Duration.ofSeconds(2));
    assertThat(f.login("alice", PASSWORD, "127.0.0.2")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void theRestDoubles() {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 40; i++) {
      AuthResult result = f.login("bob", "guess" + i, "127.0.0.2");
      if (result instanceof AuthResult.Throttled(Duration rest)) {
        assertThat(rest).isLessThanOrEqualTo(Duration.ofMinutes(9));
        longest = rest.compareTo(longest) > 0 ? rest : longest;
        f.clock.advance(rest);
      }
    }
    assertThat(longest).isGreaterThan(Duration.ofSeconds(30));
    f.clock.advance(Duration.ofHours(3));
    assertThat(f.login("alice", PASSWORD, "127.0.0.2")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void loopbackIsNeverThrottled() {
    for (int i = 0; i < 100; i++) {
      assertThat(f.login("bob", "guess" + i, "127.0.0.1")).isEqualTo(FAILURE);
      assertThat(f.login("bob", "guess" + i, "::1")).isEqualTo(FAILURE);
    }
    assertThat(f.login("bob", PASSWORD, "127.0.0.1")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void anIpv6SourceIsItsWholeSubnet() {
    for (int i = 0; i < 6; i++) {
      f.login("bob", "guess" + i, "2001:db8:1:2::" + (i + 1));
    }
    assertThat(f.login("bob", PASSWORD, "2001:db8:1:2:ffff::9"))
        .isInstanceOf(AuthResult.Throttled.class);
    assertThat(f.login("bob", PASSWORD, "2001:db8:1:3::9")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void manySourcesGuessingAtOneNameDoNotLockItsOwnerOut() {
    assertThat(f.login("bob", PASSWORD, "198.51.100.7")).isInstanceOf(AuthResult.Success.class);
    AuthResult last = FAILURE;
    for (int i = 0; i < 60 && last.equals(FAILURE); i++) {
      last = f.login("Bob@Example.Test", "guess" + i, "203.0.113." + i);
    }
    assertThat(last).isInstanceOf(AuthResult.Throttled.class);
    assertThat(f.login("bob", PASSWORD, "203.0.113.200")).isInstanceOf(AuthResult.Throttled.class);
    assertThat(f.login("bob", PASSWORD, "198.51.100.7")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void whoComesFromFamiliarPlacesIsCountedApart() {
    AuthResult last = new AuthResult.Failure();
    for (int i = 0; i <= LoginThrottle.FREE_OF_NAME; i++) {
      last = f.login("bob", "wrong " + i, "203.0." + i + ".1");
    }
    assertThat(last).isInstanceOf(AuthResult.Throttled.class);
    assertThat(familiar(PASSWORD, "198.51.100.1")).isInstanceOf(AuthResult.Success.class);
    for (int i = 0; i <= LoginThrottle.FREE_OF_NAME; i++) {
      last = familiar("wrong as well " + i, "192.0." + i + ".1");
    }
    assertThat(last).isInstanceOf(AuthResult.Throttled.class);
    assertThat(familiar(PASSWORD, "198.51.101.2")).isInstanceOf(AuthResult.Throttled.class);
  }

  private AuthResult familiar(String password, String address) {
    return f.authenticator.authenticate(
        "bob", password, "PLAIN", FakeConnection.from(address).familiar());
  }

  @Test
  void namesNobodyHasAreThrottledAsWell() {
    AuthResult last = FAILURE;
    for (int i = 0; i < 60 && last.equals(FAILURE); i++) {
      last = f.login("nobody", "guess" + i, "203.0.113." + i);
    }
    assertThat(last).isInstanceOf(AuthResult.Throttled.class);
  }

  @Test
  void aTelephoneWithAnOldPasswordIsNotThrottled() {
    for (int i = 0; i < 200; i++) {
      assertThat(f.login("bob", "old password", "198.51.100.9")).isEqualTo(FAILURE);
      f.clock.advance(Duration.ofMinutes(1));
    }
    assertThat(f.login("bob", PASSWORD, "198.51.100.9")).isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void anotherNodeKnowsOfTheFailures() {
    for (int i = 0; i < LoginThrottle.FREE_OF_SOURCE; i++) {
      f.login("bob", "guess" + i, "127.0.0.2");
    }
    assertThat(
            f.newAuthenticator()
                .authenticate("bob", PASSWORD, "PLAIN", FakeConnection.from("127.0.0.2")))
        .isInstanceOf(AuthResult.Throttled.class);
  }

  @Test
  void aStoreThatDoesNotAnswerIsUnavailable() {
    f.store.close();
    assertThat(f.login("carol@example.test", PASSWORD, "127.0.0.1"))
        .isEqualTo(new AuthResult.Unavailable());
  }

  @Test
  void namesAndPasswordsArePrepared() {
    f.add("jörg@example.test", f.hashing.store("pässwörd Ⅳ"));
    assertThat(f.login("jo\u0308rg@example.test", "pa\u0308sswo\u0308rd IV", "127.0.0.1"))
        .isInstanceOf(AuthResult.Success.class);
  }

  @Test
  void scramOfNobodyLooksLikeScramOfSomebody() {
    ScramCredentials nobody = scram("nobody@example.test");
    assertThat(scram("Nobody")).isEqualTo(nobody);
    assertThat(scram("other")).isNotEqualTo(nobody);
    assertThat(nobody.iterations()).isEqualTo(scram("alice").iterations());
    assertThat(nobody.salt()).hasSameSizeAs(scram("alice").salt());
    assertThat(scram("alice"))
        .isEqualTo(f.directory.credentials("alice").orElseThrow().password().scram());
    assertThat(scram("bob")).as("no keys yet").isEqualTo(scram("BOB@example.test"));
    ScramCredentials elsewhere = scram(f.newAuthenticator(), "nobody");
    assertThat(elsewhere).isEqualTo(nobody);
  }

  private ScramCredentials scram(String name) {
    return scram(f.authenticator, name);
  }

  private static ScramCredentials scram(Authenticator authenticator, String name) {
    return switch (authenticator.scramStart(name, "X", FakeConnection.from("127.0.0.1"))) {
      case Authenticator.ScramStart.Go(ScramCredentials credentials, var _) -> credentials;
      case Authenticator.ScramStart.Stop stop -> throw new AssertionError(stop.toString());
    };
  }

  @Test
  void theNameInTheLogIsCutAndClean() {
    f.login("evil\r\nname" + "y".repeat(500), PASSWORD, "127.0.0.1");
    assertThat(f.events)
        .singleElement()
        .isInstanceOfSatisfying(
            AuthEvent.LoginFailed.class,
            e -> assertThat(e.name()).startsWith("evil??name").hasSizeLessThan(90));
  }
}
