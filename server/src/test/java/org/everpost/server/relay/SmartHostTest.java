package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.testkit.smtp.PeerAction.say;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.everpost.core.spool.Reason;
import org.everpost.server.net.Pem;
import org.everpost.server.relay.Routes.Login;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything goes to one server, which wants to know who we are (RFC 4954). */
class SmartHostTest {

  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final Login LOGIN = new Login("us", "secret");

  private static RelayHouse house(ScriptedPeer peer, String host, @Nullable Login login) {
    Routes routes = new Routes(Map.of(), new SmartHost(host, peer.port(), login));
    return new RelayHouse(1, AUTHORITY.believed(), s -> RelayHouse.withRoutes(s, routes));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertDelivered(RelayHouse house) {
    assertThat(house.send("a@there.test")).allMatch(RecipientResult.Relayed.class::isInstance);
  }

  /** The mail waits: it is not its sender's fault. */
  private static void assertNot(RelayHouse house, String status) {
    Relay.Attempt.Failed failed = house.failure("there.test");
    assertThat(failed.reason().status()).hasToString(status);
    assertThat(failed.permanent()).isFalse();
    assertThat(failed.reason().text()).doesNotContain(LOGIN.password());
  }

  /** It waits, too, and the operator hears of it. */
  private static void assertUnwelcome(RelayHouse house, String status) {
    Relay.Attempt attempt = house.connect("there.test");
    assertThat(attempt).isInstanceOf(Relay.Attempt.Unwelcome.class);
    Reason reason = ((Relay.Attempt.Unwelcome) attempt).reason();
    assertThat(reason.status()).hasToString(status);
    assertThat(reason.text()).doesNotContain(LOGIN.password());
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING, 554 5.7.1 Go away, 5.7.1",
    "EHLO, 550 5.7.1 Who are you, 5.7.1",
    "GREETING, 220 mx1.example.test, 5.4.6"
  })
  void aSmartHostThatWantsNothingFromUsIsTheOperatorsBusiness(
      String stage, String reply, String status) {
    try (ScriptedPeer peer = new ScriptedPeer().at(stage, say(reply)).at("HELO", say(reply))) {
      try (RelayHouse house = house(peer, "127.0.0.1", null)) {
        assertUnwelcome(house, status);
      }
      try (RelayHouse house = house(peer, "smart.test", null)) {
        house.dns.address("smart.test", "127.0.0.1");
        assertUnwelcome(house, status);
      }
    }
  }

  @Test
  void aSmartHostThatWantsALoginNobodyConfiguredKeepsTheMailWaiting() {
    try (ScriptedPeer peer = new ScriptedPeer().at("MAIL", say("530 5.7.0 Log in first"));
        RelayHouse house = house(peer, "127.0.0.1", null)) {
      assertThat(house.send("a@there.test"))
          .singleElement()
          .isInstanceOf(RecipientResult.Deferred.class);
    }
  }

  @Test
  void aSmartHostThatIsNoneIsTheOperatorsBusiness() {
    try (ScriptedPeer peer = new ScriptedPeer()) {
      try (RelayHouse house = house(peer, "smart.test", null)) {
        assertUnwelcome(house, "5.1.2");
      }
      try (RelayHouse house = house(peer, "127.0.0.1", null)) {
        house.own.add(peer.address());
        assertUnwelcome(house, "5.4.6");
      }
      assertThat(peer.connections()).isZero();
    }
  }

  @Test
  void withoutALoginNobodyLogsIn() {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH PLAIN");
        RelayHouse house = house(peer, "127.0.0.1", null)) {
      assertDelivered(house);
      assertThat(peer.commands()).noneMatch(c -> c.startsWith("AUTH"));
    }
  }

  @Test
  void plain() {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH LOGIN PLAIN")) {
      peer.at("AUTH", say("235 2.7.0 Welcome"));
      try (RelayHouse house = house(peer, "127.0.0.1", LOGIN)) {
        assertDelivered(house);
        assertThat(peer.commands())
            .containsSubsequence(
                "AUTH PLAIN " + base64("\0us\0secret"), "MAIL FROM:<me@example.test>");
      }
    }
  }

  @Test
  void aPasswordTooLongForTheCommandFollows() {
    Login login = new Login("us", "secret".repeat(100));
    try (ScriptedPeer peer = new ScriptedPeer("AUTH PLAIN")) {
      peer.at("AUTH", say("334 ")).at("RESPONSE", say("235 2.7.0 Welcome"));
      try (RelayHouse house = house(peer, "127.0.0.1", login)) {
        assertDelivered(house);
        assertThat(peer.commands())
            .containsSubsequence("AUTH PLAIN", base64("\0us\0" + login.password()));
      }
    }
  }

  @Test
  void login() {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH=LOGIN")) {
      peer.at("AUTH", say("334 VXNlcm5hbWU6"));
      peer.at("RESPONSE", say("334 UGFzc3dvcmQ6"), say("235 2.7.0 Welcome"));
      try (RelayHouse house = house(peer, "127.0.0.1", LOGIN)) {
        assertDelivered(house);
        assertThat(peer.commands())
            .containsSubsequence("AUTH LOGIN", base64("us"), base64("secret"));
      }
    }
  }

  @Test
  void scramIsPreferredAndGivesUpWhereTheServerCheats() {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH PLAIN SCRAM-SHA-256")) {
      peer.at("AUTH", say("334 " + base64("r=other,s=c2FsdA==,i=4096")));
      peer.at("RESPONSE", say("501 5.7.0 Cancelled"));
      try (RelayHouse house = house(peer, "127.0.0.1", LOGIN)) {
        assertUnwelcome(house, "4.7.8");
        assertThat(peer.commands())
            .anyMatch(c -> c.startsWith("AUTH SCRAM-SHA-256 "))
            .contains("*")
            .noneMatch(c -> c.contains(base64("secret")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"535 5.7.8 No", "454 4.7.0 Not now", "334 ", "530 5.7.0 TLS first"})
  void whereTheLoginFailsTheMailWaits(String reply) {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH PLAIN")) {
      peer.at("AUTH", say(reply)).at("RESPONSE", say("535 5.7.8 No"));
      try (RelayHouse house = house(peer, "127.0.0.1", LOGIN)) {
        if (reply.startsWith("454")) {
          assertNot(house, "4.7.8");
        } else {
          assertUnwelcome(house, "4.7.8");
        }
      }
    }
  }

  @Test
  void withoutACommonMechanismTheMailWaits() {
    try (ScriptedPeer peer = new ScriptedPeer("AUTH GSSAPI CRAM-MD5");
        RelayHouse house = house(peer, "127.0.0.1", LOGIN)) {
      assertUnwelcome(house, "4.7.8");
    }
  }

  @Test
  void thePasswordGoesToAnotherMachineOnlyWithAGoodCertificate() {
    TestAuthority.Server good = AUTHORITY.server("smart.test");
    try (ScriptedPeer peer =
        new ScriptedPeer("127.0.0.2", 0, "smart.test", good.context(), "AUTH PLAIN")) {
      peer.at("AUTH", say("235 2.7.0 Welcome"));
      try (RelayHouse house = house(peer, "smart.test", LOGIN)) {
        house.dns.address("smart.test", "127.0.0.2");
        assertDelivered(house);
      }
      try (RelayHouse house = house(peer, "other.test", LOGIN)) {
        house.dns.address("other.test", "127.0.0.2");
        assertNot(house, "4.7.5");
      }
      peer.at("STARTTLS", PeerAction.hangUp());
      try (RelayHouse house = house(peer, "smart.test", LOGIN)) {
        house.dns.address("smart.test", "127.0.0.2");
        assertNot(house, "4.4.2");
      }
    }
    try (ScriptedPeer peer = new ScriptedPeer("127.0.0.2", 0, "smart.test", null, "AUTH PLAIN")) {
      try (RelayHouse house = house(peer, "smart.test", LOGIN)) {
        house.dns.address("smart.test", "127.0.0.2");
        assertNot(house, "4.7.4");
      }
      try (RelayHouse house = house(peer, "127.0.0.2", LOGIN)) {
        assertNot(house, "4.7.4");
      }
      assertThat(peer.commands()).noneMatch(c -> c.startsWith("AUTH"));
    }
  }

  /** {@code relay.authorities-file}: what a private authority vouches for is good as well. */
  @Test
  void aPrivateAuthorityIsBelievedBesideThoseOfJava(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("authorities.pem");
    Files.writeString(file, new TestAuthority().pem() + AUTHORITY.pem());
    TestAuthority.Server good = AUTHORITY.server("smart.test");
    try (ScriptedPeer peer =
        new ScriptedPeer("127.0.0.2", 0, "smart.test", good.context(), "AUTH PLAIN")) {
      peer.at("AUTH", say("235 2.7.0 Welcome"));
      Routes routes = new Routes(Map.of(), new SmartHost("smart.test", peer.port(), LOGIN));
      try (RelayHouse house =
          new RelayHouse(
              1,
              Authorities.systemAnd(Pem.certificates(file)),
              s -> RelayHouse.withRoutes(s, routes))) {
        house.dns.address("smart.test", "127.0.0.2");
        assertDelivered(house);
      }
      try (RelayHouse house =
          new RelayHouse(1, Authorities.system(), s -> RelayHouse.withRoutes(s, routes))) {
        house.dns.address("smart.test", "127.0.0.2");
        assertNot(house, "4.7.5");
      }
    }
  }

  @Test
  void aSmartHostThatIsNotThereIsNoReasonToGoElsewhere() {
    try (ScriptedPeer elsewhere = new ScriptedPeer();
        RelayHouse house = house(elsewhere, "127.0.0.9", null)) {
      assertNot(house, "4.4.1");
      assertThat(house.dns.asked()).isEmpty();
    }
    try (ScriptedPeer silent = new ScriptedPeer().at("GREETING", say("220 x"));
        RelayHouse house = house(silent, "smart.test", null)) {
      house.dns.failing("A", "smart.test").failing("AAAA", "smart.test");
      assertNot(house, "4.4.3");
    }
  }
}
