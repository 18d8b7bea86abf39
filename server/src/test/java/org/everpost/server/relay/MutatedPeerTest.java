package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.everpost.server.relay.RelayHouse.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that says damaged things, all at once: there is a result for every recipient. */
@Timeout(120)
class MutatedPeerTest {

  private static final int RUNS = Integer.getInteger("everpost.mutations", 400);

  private static final String GO = "354 Go ahead\r\n";

  private static final String GOOD =
      """
      220 peer.test ESMTP
      250-peer.test
      250-PIPELINING
      250-SIZE 100000
      250-LIMITS RCPTMAX=2
      250 ENHANCEDSTATUSCODES
      250 2.1.0 Ok
      250 2.1.5 Ok
      452 4.5.3 Too many
      354 Go ahead
      250 2.0.0 Queued
      250 2.1.0 Ok
      250 2.1.5 Ok
      250 2.1.5 Ok
      354 Go ahead
      250 2.0.0 Queued
      """
          .replace("\n", "\r\n");

  @Test
  void everyDamageHasAResult() throws IOException {
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      try (RelayHouse house = new RelayHouse(listener.getLocalPort(), s -> s)) {
        house.dns.address("there.test", "127.0.0.1");
        run(house, listener, GOOD.getBytes(StandardCharsets.ISO_8859_1), true);
        for (int seed = 0; seed < RUNS; seed++) {
          run(house, listener, mutated(new SplittableRandom(seed)), false);
        }
      }
    }
  }

  private static byte[] mutated(SplittableRandom random) {
    StringBuilder text = new StringBuilder(GOOD);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(1, 40));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        case 3 -> text.setCharAt(at, (char) ('0' + random.nextInt(10)));
        default -> text.insert(at, "\r\n");
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void run(RelayHouse house, ServerSocket listener, byte[] says, boolean good) {
    Thread peer = Thread.ofVirtual().start(() -> say(listener, says, good ? 20_000 : 50));
    switch (house.connect("there.test")) {
      case Relay.Attempt.Failed failed -> assertThat(good).as(failed.toString()).isFalse();
      case Relay.Attempt.Unwelcome unwelcome -> fail("of no smart host: %s", unwelcome);
      case Relay.Attempt.Connected connected -> {
        try (RelayConnection connection = connected.connection()) {
          List<RecipientResult> results =
              connection.send(message("x\r\n", "a@there.test", "b@there.test", "c@there.test"));
          assertThat(results).hasSize(3).doesNotContainNull();
          assertThat(!good || results.stream().allMatch(Relayed.class::isInstance)).isTrue();
        }
      }
    }
    try {
      peer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A reply to it that comes before its end is not believed; the damage may be that none comes. */
  private static void awaitMessage(Socket socket, InputStream in, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      StringBuilder last = new StringBuilder();
      int octet = in.read();
      while (octet >= 0 && !last.append((char) octet).toString().endsWith("\r\n.\r\n")) {
        last.delete(0, Math.max(0, last.length() - 5));
        octet = in.read();
      }
    } catch (SocketTimeoutException e) {
      // The other side waits for a reply.
    }
  }

  private static void say(ServerSocket listener, byte[] says, int millis) {
    try (Socket socket = listener.accept();
        InputStream in = socket.getInputStream()) {
      String text = new String(says, StandardCharsets.ISO_8859_1);
      int said = 0;
      for (int go = text.indexOf(GO); go >= 0; go = text.indexOf(GO, said)) {
        socket.getOutputStream().write(says, said, go + GO.length() - said);
        said = go + GO.length();
        awaitMessage(socket, in, millis);
      }
      socket.getOutputStream().write(says, said, says.length - said);
      socket.shutdownOutput();
      socket.setSoTimeout(0);
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // It is gone.
    }
  }
}
