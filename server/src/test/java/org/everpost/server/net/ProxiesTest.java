package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.PeerClass;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Load balancers that say whom they connect for, and peers that are kept waiting. */
class ProxiesTest {

  private static final String PROXY = "127.0.0.77";
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

  /** From 192.0.2.1:4660. */
  private static final String HEADER =
      SIGNATURE + "!\u0011\0\f\u00c0\0\u0002\u0001\u00c63d\u0002\u00124\0\u0019";

  private final StillClock clock = new StillClock();
  private final Guard guard =
      TestGuard.strict(
          Duration.ZERO,
          Duration.ZERO,
          Set.of(),
          new MemoryStore(clock, RandomSource.seeded(1)),
          clock);
  private final TestListener listener =
      new TestListener(
          Service.SMTP,
          () -> ProxiesTest::tellWho,
          ConnectionSettings.DEFAULT,
          guard,
          EventSink.NONE);

  @AfterEach
  void close() {
    listener.close();
  }

  private static void tellWho(Connection connection) throws IOException {
    PeerClass peerClass = connection.visit().peerClass();
    connection.writeLine(connection.peer().toString() + " " + peerClass);
    connection.flush();
    Line line = connection.readLine(100);
    connection.write(line.bytes());
    connection.writeLine("");
  }

  private TestClient proxy() {
    return TestClient.connect(listener.address(), PROXY);
  }

  @Test
  void theClientsAddressCounts() {
    try (TestClient client = proxy()) {
      client.send(HEADER);
      assertThat(client.readLine()).isEqualTo("/192.0.2.1:4660 UNKNOWN");
      assertThat(client.ask("hello")).isEqualTo("hello");
    }
    TestGuard.deny(guard, "192.0.2.0/24");
    try (TestClient client = proxy()) {
      client.send(HEADER + "x\r\n".repeat(60));
      assertThat(client.readLine()).startsWith("421 4.7.0");
    }
  }

  @Test
  void theProxysOwnAddressDoesNotCountForItsClients() {
    TestGuard.deny(guard, PROXY);
    try (TestClient client = proxy()) {
      client.send(HEADER);
      assertThat(client.readLine()).isEqualTo("/192.0.2.1:4660 UNKNOWN");
    }
  }

  @Test
  void whatComesWithTheHeaderAndInPiecesIsRead() {
    try (TestClient client = proxy()) {
      for (int i = 0; i < HEADER.length(); i++) {
        client.send(HEADER.substring(i, i + 1));
      }
      client.send("hello\r\n");
      assertThat(client.readLine()).isEqualTo("/192.0.2.1:4660 UNKNOWN");
      assertThat(client.readLine()).isEqualTo("hello");
    }
  }

  @Test
  void anIpv6ClientAndAdditions() {
    try (TestClient client = proxy()) {
      client.send(
          SIGNATURE
              + "!!\0("
              + " \u0001\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001"
              + " \u0001\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0002"
              + "\0\u0007\0\u0019"
              + "\u0004\0\u0001x");
      assertThat(client.readLine()).isEqualTo("/[2001:db8:0:0:0:0:0:1]:7 UNKNOWN");
    }
  }

  @Test
  void anIpv4ClientMappedIntoIpv6IsAnIpv4Client() {
    try (TestClient client = proxy()) {
      client.send(
          SIGNATURE
              + "!!\0$"
              + "\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\u00c0\0\u0002\u0001"
              + "\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\u00c0\0\u0002\u0002"
              + "\0\u0007\0\u0019");
      assertThat(client.readLine()).isEqualTo("/192.0.2.1:7 UNKNOWN");
    }
  }

  @Test
  void aCheckOfItsOwnIsItself() {
    try (TestClient client = proxy()) {
      client.send(SIGNATURE + " \0\0\0");
      assertThat(client.readLine()).startsWith("/127.0.0.77:");
    }
  }

  @Test
  void otherPeersMayNotSayWhoTheyAre() {
    try (TestClient client = TestClient.connect(listener.address(), "127.0.0.78")) {
      assertThat(client.readLine()).startsWith("/127.0.0.78:");
    }
  }

  @Test
  void whatIsNoHeaderOfVersionTwoIsClosedAtOnce() {
    for (String start :
        new String[] {
          "PROXY TCP4 192.0.2.1 192.0.2.2 4660 25\r\n",
          "EHLO mx.there.test\r\n",
          SIGNATURE + "\u0011\u0011\0\f" + "0123456789ab",
          SIGNATURE + "!\u0011\u00ff\u00ff",
          SIGNATURE + "!\u0011\0\u0004abcd"
        }) {
      try (TestClient client = proxy()) {
        client.send(start);
        assertThat(client.readLine()).as(start).isNull();
      }
    }
    awaitRefusals(5);
    assertThat(listener.listeners().connections()).isEmpty();
  }

  @Test
  void aHeaderHasFiveSecondsHoweverItDrips() {
    long began = System.nanoTime();
    try (TestClient none = proxy();
        TestClient half = proxy();
        TestClient dripping = proxy()) {
      half.send(HEADER.substring(0, 20));
      CompletableFuture<Void> _ = dripping.drip(SIGNATURE + "!\u0011\u0008\0" + "x".repeat(2048));
      assertThat(none.readLine()).isNull();
      assertThat(half.readLine()).isNull();
      assertThat(dripping.readLine()).isNull();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofMillis(4_900), Duration.ofSeconds(8));
    }
    awaitRefusals(3);
  }

  private void awaitRefusals(int count) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (listener.events().stream().filter(ConnectionEvent.Refused.class::isInstance).count()
        < count) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoeverIsDeniedWaitsUntilTheServerStops() throws InterruptedException {
    TestGuard.deny(guard, "127.0.0.9");
    try (TestClient client = TestClient.connect(listener.address(), "127.0.0.9")) {
      client.line("EHLO mx.there.test");
      long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (listener.listeners().connections().isEmpty()) {
        assertThat(System.nanoTime()).isLessThan(until);
        Thread.onSpinWait();
      }
      long began = System.nanoTime();
      listener.listeners().drain(Duration.ofSeconds(10));
      assertThat(client.readLine()).startsWith("421 4.7.0");
      assertThat(client.readLine()).isNull();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(listener.listeners().connections()).isEmpty();
    }
  }

  @Test
  void whoeverIsDeniedHasFiftyLines() {
    TestGuard.deny(guard, "127.0.0.9");
    try (TestClient client = TestClient.connect(listener.address(), "127.0.0.9")) {
      client.send("NOOP\r\n".repeat(50));
      assertThat(client.readLine()).startsWith("421 4.7.0");
      assertThat(client.readLine()).isNull();
    }
  }
}
