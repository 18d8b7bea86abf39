package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of a socket, and for how long. */
final class SocketTransportTest {

  private static final long LONG = Duration.ofMinutes(1).toNanos();

  private final Clock clock = Clock.system();
  private final byte[] room = new byte[1_000];
  private Socket ours;
  private Socket theirs;
  private SocketTransport transport;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      theirs = new Socket(listener.getInetAddress(), listener.getLocalPort());
      ours = listener.accept();
    }
    ours.setSoTimeout(1);
    transport = new SocketTransport(ours, clock, LONG, Visit.ours());
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    theirs.close();
  }

  private void send(int octets) throws IOException {
    byte[] all = new byte[octets];
    for (int i = 0; i < octets; i++) {
      all[i] = (byte) i;
    }
    theirs.getOutputStream().write(all);
  }

  /** Reads so many octets, in pieces of at most some, and tells how many reads that took. */
  private int read(int octets, int most) throws IOException {
    int reads = 0;
    for (int read = 0; read < octets; reads++) {
      int n = transport.read(room, read, Math.min(most, octets - read), LONG);
      assertThat(n).isPositive();
      read += n;
    }
    for (int i = 0; i < octets; i++) {
      assertThat(room[i]).isEqualTo((byte) i);
    }
    return reads;
  }

  @Test
  void whatTheSocketWasUsedForBeforeDoesNotShortenALongWait() throws IOException {
    send(1);
    transport.await(LONG);
    assertThat(ours.getSoTimeout()).isZero();
  }

  @Test
  void whatIsThereComesAtOnce() throws IOException {
    for (int octets : new int[] {1, 127, 128, 129, 400}) {
      send(octets);
      transport.await(LONG);
      transport.await(LONG);
      assertThat(transport.hasInput()).isTrue();
      assertThat(read(octets, room.length)).as("%s octets", octets).isEqualTo(1);
      assertThat(transport.hasInput()).isFalse();
    }
  }

  @Test
  void itMayBeTakenInAnyPieces() throws IOException {
    for (int most : new int[] {1, 50, 128, 200}) {
      send(400);
      transport.await(LONG);
      int _ = read(400, most);
      assertThat(transport.hasInput()).isFalse();
    }
  }

  @Test
  void theEndStaysTheEnd() throws IOException {
    theirs.close();
    transport.await(LONG);
    transport.await(LONG);
    assertThat(transport.hasInput()).isTrue();
    assertThat(transport.read(room, 0, 1, LONG)).isEqualTo(-1);
    assertThat(transport.read(room, 0, 1, LONG)).isEqualTo(-1);
  }

  @Test
  void aShortWaitEndsByItselfAndReadingMayGoOn() throws IOException {
    assertThatThrownBy(() -> transport.await(20_000_000))
        .isInstanceOf(SocketTimeoutException.class);
    assertThatThrownBy(() -> transport.read(room, 0, 1, 20_000_000))
        .isInstanceOf(SocketTimeoutException.class);
    send(3);
    assertThat(read(3, 3)).isEqualTo(1);
  }

  @Test
  void aLongOneIsEndedAndAReplyCanStillBeSent() throws IOException {
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> {
          try {
            transport.await(LONG);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
    while (!waiting.isDone()) {
      transport.expire(clock.nanoTime() + 2 * LONG);
      Thread.onSpinWait();
    }
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(SocketTimeoutException.class);
    transport.write(new byte[] {'x'}, 0, 1);
    assertThat(theirs.getInputStream().read()).isEqualTo('x');
    assertThatThrownBy(() -> transport.await(LONG)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void whatIsNotWaitedForDoesNotExpire() throws IOException {
    transport.expire(clock.nanoTime() + 2 * LONG);
    send(3);
    assertThat(read(3, 3)).isEqualTo(1);
    transport.expire(clock.nanoTime() + 2 * LONG);
    send(3);
    assertThat(read(3, 3)).isEqualTo(1);
  }
}
