package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.relay.Relay.Attempt;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.smtp.AddressLiteral;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which server a message goes to (RFC 5321 §5.1). */
class DestinationTest {

  private final Map<String, ScriptedPeer> peers = new HashMap<>();
  private final ScriptedPeer first = peer("127.0.0.2", 0);
  private final int port = first.port();
  private final RelayHouse house = new RelayHouse(port, s -> s);

  private ScriptedPeer peer(String address, int port) {
    ScriptedPeer peer = new ScriptedPeer(address, port, "host-" + address, null);
    peers.put(address, peer);
    return peer;
  }

  @AfterEach
  void end() {
    house.close();
    peers.values().forEach(ScriptedPeer::close);
  }

  private String peerOf(String domain) {
    try (RelayConnection connection = house.session(domain)) {
      return connection.peer();
    }
  }

  private void assertFailed(String domain, boolean permanent, String status) {
    Attempt.Failed failed = house.failure(domain);
    assertThat(failed.reason().status()).hasToString(status);
    assertThat(failed.permanent()).as(failed.reason().text()).isEqualTo(permanent);
  }

  @Test
  void theLowestPreferenceComesFirst() {
    peer("127.0.0.3", port);
    house.dns.mx("there.test", 20, "b.there.test").mx("there.test", 10, "a.there.test");
    house.dns.address("a.there.test", "127.0.0.3").address("b.there.test", "127.0.0.2");
    assertThat(peerOf("there.test")).isEqualTo("a.there.test[127.0.0.3]:" + port);
  }

  @Test
  void theNextIsTriedWhenNobodyIsThereAndWhenItIsRefusedThere() {
    peer("127.0.0.3", port).at("GREETING", PeerAction.sayAndHangUp("421 4.3.2 Not now"));
    peer("127.0.0.4", port).at("GREETING", PeerAction.sayAndHangUp("554 5.7.1 Not you"));
    house.dns.mx("there.test", 1, "a.there.test").mx("there.test", 2, "b.there.test");
    house.dns.mx("there.test", 3, "c.there.test").mx("there.test", 4, "d.there.test");
    house.dns.address("a.there.test", "127.0.0.9").address("b.there.test", "127.0.0.3");
    house.dns.address("c.there.test", "127.0.0.4").address("d.there.test", "127.0.0.2");
    assertThat(peerOf("there.test")).startsWith("d.there.test");
  }

  @Test
  void equalPreferencesShareTheLoad() {
    TreeSet<String> chosen = new TreeSet<>();
    peer("127.0.0.3", port);
    house.dns.mx("there.test", 10, "a.there.test").mx("there.test", 10, "b.there.test");
    house.dns.address("a.there.test", "127.0.0.2").address("b.there.test", "127.0.0.3");
    for (int i = 0; i < 30; i++) {
      chosen.add(peerOf("there.test").substring(0, 1));
    }
    assertThat(chosen).containsExactly("a", "b");
  }

  @Test
  void withoutMxTheDomainIsTheHost() {
    house.dns.address("there.test", "127.0.0.2");
    assertThat(peerOf("there.test")).startsWith("there.test[127.0.0.2]");
  }

  @Test
  void anAliasIsFollowed() {
    house.dns.alias("alias.test", "there.test").mx("there.test", 10, "mx.there.test");
    house.dns.address("mx.there.test", "127.0.0.2");
    assertThat(peerOf("alias.test")).startsWith("mx.there.test");
    house.dns.alias("other.test", "host.test").address("host.test", "127.0.0.2");
    assertThat(peerOf("other.test")).startsWith("other.test");
  }

  @Test
  void aNullMxTakesNoMail() {
    house.dns.mx("there.test", 0, ".").address("there.test", "127.0.0.2");
    assertFailed("there.test", true, "5.1.10");
  }

  @Test
  void aNullMxBesideOthersIsNone() {
    house.dns.mx("there.test", 0, ".").mx("there.test", 10, "mx.there.test");
    house.dns.address("mx.there.test", "127.0.0.2");
    assertThat(peerOf("there.test")).startsWith("mx.there.test");
  }

  @Test
  void aDomainThatIsNotThereIsAPermanentFailure() {
    assertFailed("nowhere.test", true, "5.1.2");
    house.dns.empty("empty.test");
    assertFailed("empty.test", true, "5.1.2");
  }

  @Test
  void mailServersWithoutAddressAreAPermanentFailure() {
    house.dns.mx("there.test", 10, "mx.there.test");
    assertFailed("there.test", true, "5.4.4");
  }

  @Test
  void aNameServerThatFailsIsATemporaryFailure() {
    house.dns.failing("MX", "there.test").address("there.test", "127.0.0.2");
    assertFailed("there.test", false, "4.4.3");
    house.dns.mx("other.test", 10, "mx.other.test");
    house.dns.failing("A", "mx.other.test").failing("AAAA", "mx.other.test");
    assertFailed("other.test", false, "4.4.3");
  }

  @Test
  void oneTemporaryFailureAmongPermanentOnesIsWhatCounts() {
    peer("127.0.0.3", port).at("GREETING", PeerAction.sayAndHangUp("554 5.7.1 Not you"));
    house.dns.mx("there.test", 1, "a.there.test").mx("there.test", 2, "b.there.test");
    house.dns.mx("there.test", 3, "c.there.test");
    house.dns.address("a.there.test", "127.0.0.9").address("b.there.test", "127.0.0.3");
    assertFailed("there.test", false, "4.4.1");
    house.dns.remove("there.test").mx("there.test", 2, "b.there.test");
    assertFailed("there.test", true, "5.7.1");
  }

  @Test
  void anAddressLiteralIsGoneToDirectly() {
    Attempt attempt =
        house
            .relay()
            .connect(
                new Destination.Literal(new AddressLiteral("127.0.0.2")),
                TlsDemand.USUAL,
                _ -> null);
    assertThat(attempt).isInstanceOf(Attempt.Connected.class);
    try (RelayConnection connection = ((Attempt.Connected) attempt).connection()) {
      assertThat(connection.peer()).isEqualTo("127.0.0.2[127.0.0.2]:" + port);
    }
  }

  @Test
  void anIpv6LiteralIsGoneToDirectly() {
    ScriptedPeer six = peer("::1", 0);
    try (RelayHouse other = new RelayHouse(six.port(), s -> s)) {
      Attempt attempt =
          other
              .relay()
              .connect(
                  new Destination.Literal(new AddressLiteral("IPv6:::1")),
                  TlsDemand.USUAL,
                  _ -> null);
      assertThat(attempt).isInstanceOf(Attempt.Connected.class);
      ((Attempt.Connected) attempt).connection().close();
    }
  }

  @Test
  void theOtherKindOfAddressServesWhenOneDoesNot() {
    house.dns.mx("there.test", 10, "mx.there.test");
    house.dns.address("mx.there.test", "::1", "127.0.0.2");
    assertThat(peerOf("there.test")).isEqualTo("mx.there.test[127.0.0.2]:" + port);
  }

  @Test
  void anAddressThatDoesNotAnswerIsNotWaitedFor() throws IOException {
    try (ServerSocket silent = new ServerSocket()) {
      silent.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), port), 1);
      List<Socket> fill = new ArrayList<>();
      for (int i = 0; i < 4; i++) { // more than its queue takes: further ones hear nothing
        Socket socket = new Socket();
        fill.add(socket);
        Thread.ofVirtual()
            .start(() -> {
              try {
                socket.connect(silent.getLocalSocketAddress(), 20_000);
              } catch (IOException e) {
                // Not needed any longer.
              }
            });
      }
      house.dns.address("there.test", "::1", "127.0.0.2");
      assertThat(peerOf("there.test")).contains("127.0.0.2");
      for (Socket socket : fill) {
        socket.close();
      }
    }
  }

  @Test
  void onlySoManyAddressesAreTried() {
    for (int host = 10; host < 30; host++) {
      house.dns.mx("there.test", host, "h" + host + ".test");
      house.dns.address("h" + host + ".test", "127.0.1." + host);
    }
    house.dns.mx("there.test", 99, "last.test").address("last.test", "127.0.0.2");
    assertFailed("there.test", false, "4.4.1");
  }

  /** Those that were not come to may be friendlier, and come first the next time. */
  @Test
  void refusalsAreFinalOnlyIfAllAddressesWereTried() {
    for (int host = 10; host < 18; host++) {
      peer("127.0.1." + host, port).at("GREETING", PeerAction.sayAndHangUp("554 5.7.1 Not you"));
      house
          .dns
          .mx("there.test", host, "h" + host + ".test")
          .address("h" + host + ".test", "127.0.1." + host);
    }
    assertFailed("there.test", true, "5.7.1");
    house.dns.mx("there.test", 99, "last.test").address("last.test", "127.0.0.2");
    house.dns.mx("other.test", 10, "many.test").mx("other.test", 20, "last.test");
    for (int host = 10; host < 18; host++) {
      house.dns.address("many.test", "127.0.2." + host);
      peer("127.0.2." + host, port).at("GREETING", PeerAction.sayAndHangUp("554 5.7.1 Not you"));
    }
    assertFailed("other.test", false, "5.7.1");
    assertThat(peerOf("other.test")).startsWith("last.test");
    assertThat(peerOf("there.test")).startsWith("last.test");
  }

  @Test
  void addressesThatDidNotAnswerAreTriedLast() {
    house.dns.mx("there.test", 1, "a.there.test").mx("there.test", 2, "b.there.test");
    house.dns.address("a.there.test", "127.0.0.3").address("b.there.test", "127.0.0.2");
    assertThat(peerOf("there.test")).startsWith("b.there.test");
    peer("127.0.0.3", port);
    assertThat(peerOf("there.test")).as("a is still remembered").startsWith("b.there.test");
    first.close();
    assertThat(peerOf("there.test")).as("and tried when b is gone").startsWith("a.there.test");
    assertThat(peerOf("there.test")).as("a answers again").startsWith("a.there.test");
  }

  @Test
  void anExchangeWithOurNameCutsTheList() {
    house.dns.mx("there.test", 10, "a.there.test").mx("there.test", 20, "mx1.example.test");
    house.dns.mx("there.test", 20, "c.there.test").mx("there.test", 30, "b.there.test");
    house.dns.address("b.there.test", "127.0.0.2").address("c.there.test", "127.0.0.2");
    house.dns.address("a.there.test", "127.0.0.9");
    assertFailed("there.test", false, "4.4.1");
    assertThat(first.connections()).isZero();
    house.dns.mx("ours.test", 20, "mx1.example.test").mx("ours.test", 30, "b.there.test");
    assertFailed("ours.test", true, "5.4.6");
  }

  @Test
  void anExchangeWithOurAddressCutsTheList() {
    house.own.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), port));
    peer("127.0.0.3", port);
    house.dns.mx("there.test", 20, "a.there.test").mx("there.test", 20, "b.there.test");
    house.dns.address("a.there.test", "127.0.0.2").address("b.there.test", "127.0.0.3");
    assertFailed("there.test", true, "5.4.6");
    house.dns.mx("there.test", 10, "b.there.test");
    assertThat(peerOf("there.test")).startsWith("b.there.test");
    assertThat(first.connections()).isZero();
  }

  /** What is better than ourselves may come back, also when it is known not to answer just now. */
  @Test
  void ourselvesBehindAServerThatIsDownIsNoLoop() {
    house.own.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.3"), port));
    house.dns.mx("there.test", 5, "a.there.test").mx("there.test", 10, "b.there.test");
    house.dns.mx("other.test", 5, "a.there.test").mx("other.test", 10, "c.there.test");
    house.dns.address("a.there.test", "127.0.0.9").address("b.there.test", "127.0.0.3");
    house.dns.address("c.there.test", "127.0.0.2");
    first.at("GREETING", PeerAction.say("220 mx1.example.test ESMTP"));
    for (int attempt = 0; attempt < 3; attempt++) {
      assertFailed("there.test", false, "4.4.1");
      assertFailed("other.test", false, "4.4.1");
    }
    peer("127.0.0.9", port);
    assertThat(peerOf("there.test")).startsWith("a.there.test");
    assertThat(peerOf("other.test")).startsWith("a.there.test");
  }

  @Test
  void listeningEverywhereOursIsEveryAddressOfThisMachine() {
    house.own.add(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
    house.dns.address("there.test", "127.0.0.2");
    assertFailed("there.test", true, "5.4.6");
    house.own.set(0, new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port + 1));
    assertThat(peerOf("there.test")).startsWith("there.test");
  }

  @Test
  void aPeerWithOurNameIsOurselves() {
    house.dns.address("there.test", "127.0.0.2");
    first.at("GREETING", PeerAction.say("220 MX1.example.test ESMTP"));
    assertFailed("there.test", true, "5.4.6");
    first.at("GREETING", PeerAction.say("220 ESMTP"));
    first.at("EHLO", PeerAction.say("250-mx1.example.test Hello", "250 SIZE"));
    assertFailed("there.test", true, "5.4.6");
  }

  @Test
  void comesFromTheAddressThatIsConfigured() {
    try (RelayHouse other =
        new RelayHouse(port, s -> RelayHouse.withSources(s, "::1", "127.0.0.7"))) {
      other.dns.address("there.test", "127.0.0.2");
      other.session("there.test").close();
      assertThat(first.from()).isEqualTo("127.0.0.7");
    }
  }

  @Test
  void aRouteOfADomainIsStrongerThanTheSmartHostAndThatThanDns() {
    peer("127.0.0.3", port);
    peer("127.0.0.4", port);
    Routes routes =
        new Routes(
            Map.of(
                org.everpost.wire.address.DomainName.of("routed.test"),
                new Routes.SmartHost("127.0.0.3", port, null)),
            new Routes.SmartHost("smart.test", port, null));
    try (RelayHouse other = new RelayHouse(port, s -> RelayHouse.withRoutes(s, routes))) {
      other.dns.address("smart.test", "127.0.0.4").mx("there.test", 1, "smart.test");
      try (RelayConnection connection = other.session("routed.test")) {
        assertThat(connection.peer()).startsWith("127.0.0.3");
      }
      try (RelayConnection connection = other.session("nowhere.test")) {
        assertThat(connection.peer()).startsWith("smart.test[127.0.0.4]");
      }
      assertThat(other.dns.asked()).noneMatch(q -> q.startsWith("MX"));
    }
  }
}
