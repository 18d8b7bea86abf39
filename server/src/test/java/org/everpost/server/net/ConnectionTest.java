package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLSocket;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.junit.jupiter.api.Test;

/** What a session can rely on when it talks to its connection. */
final class ConnectionTest {

  /** Repeats lines; a few words make it do something else. */
  private static void echo(Connection c) throws IOException {
    c.writeLine("hello");
    c.flush();
    while (true) {
      String line;
      try {
        Line l = c.readLine(100);
        line = l.bareLf() ? "bare:" + l.latin1() : l.latin1();
      } catch (LineTooLongException e) {
        line = e.isEndless() ? "QUIT endless" : "too long";
      } catch (ShuttingDownException e) {
        c.writeLine("bye " + c.draining());
        c.flush();
        return;
      } catch (IdleTimeoutException e) {
        c.writeLine("timeout");
        c.flush();
        return;
      }
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "STARTTLS" -> {
          c.writeLine("go");
          c.flush();
          c.startTls();
          line = "tls " + c.isTls();
        }
        case "COMPRESS" -> {
          c.writeLine("go");
          c.flush();
          c.startCompression();
          line = "compressed";
        }
        case "BINDING" -> {
          byte[] binding = c.channelBinding(words[1]);
          line = binding == null ? "none" : Base64.getEncoder().encodeToString(binding);
        }
        case "LITERAL" -> {
          int n = Integer.parseInt(words[1]);
          byte[] literal = c.input().readNBytes(n);
          c.unread(literal, n - 2, 2);
          byte[] last = c.input().readNBytes(2);
          line = n + new String(last, StandardCharsets.ISO_8859_1);
        }
        case "BIG" -> {
          c.write(new byte[Integer.parseInt(words[1])]);
          line = "";
        }
        case "FAST" -> c.readTimeout(Duration.ofMillis(200));
        case "FAIL" -> throw new IllegalStateException("on request");
        default -> {}
      }
      c.writeLine(line);
      c.flush();
      if (line.startsWith("QUIT")) {
        return;
      }
    }
  }

  private static final ConnectionSettings IMPATIENT =
      new ConnectionSettings(
          Duration.ofMillis(400), Duration.ofMillis(300), Duration.ofMillis(100));

  private static TestListener listener(Service service) {
    return new TestListener(service, () -> ConnectionTest::echo);
  }

  @Test
  void linesComeHoweverTheyAreCut() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      assertThat(c.readLine()).isEqualTo("hello");
      c.send("on").send("e\r").send("\ntwo\r\nthr").send("ee\nfour\r\n\r\n");
      assertThat(c.readLine()).isEqualTo("one");
      assertThat(c.readLine()).isEqualTo("two");
      assertThat(c.readLine()).isEqualTo("bare:three");
      assertThat(c.readLine()).isEqualTo("four");
      assertThat(c.readLine()).isEmpty();
    }
  }

  @Test
  void aDeadlineHoldsAlsoForLinesThatHaveCome() {
    try (TestListener l =
            new TestListener(
                Service.SMTP,
                () ->
                    c -> {
                      c.deadline(Duration.ofMillis(100));
                      c.writeLine(new String(c.readLine(100).bytes(), StandardCharsets.US_ASCII));
                      long until = System.nanoTime() + 150_000_000L;
                      while (System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                      }
                      try {
                        c.readLine(100);
                      } catch (IdleTimeoutException e) {
                        c.writeLine("too late");
                      }
                    });
        TestClient c = l.connect()) {
      c.send("one\r\ntwo\r\n");
      assertThat(c.readLine()).isEqualTo("one");
      assertThat(c.readLine()).isEqualTo("too late");
    }
  }

  @Test
  void whatNobodyWantsIsReadAwayOnlyUpToALimit() throws IOException {
    ConnectionSettings usual = ConnectionSettings.DEFAULT;
    ConnectionSettings patient =
        new ConnectionSettings(usual.handshake(), usual.write(), Duration.ofMinutes(1));
    try (TestListener l =
            new TestListener(Service.SMTP, () -> ConnectionTest::echo, patient, EventSink.NONE);
        TestClient c = l.connect()) {
      c.readLine();
      c.send("QUIT\r\nand more");
      assertThat(c.readLine()).isEqualTo("QUIT");
      long began = System.nanoTime();
      byte[] flood = new byte[64 << 10];
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  c.out().write(flood);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(System.nanoTime() - began).isLessThan(30_000_000_000L);
    }
  }

  @Test
  void theLongestLineFitsAndOneMoreDoesNot() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      assertThat(c.ask("x".repeat(100))).isEqualTo("x".repeat(100));
      assertThat(c.ask("x".repeat(101))).isEqualTo("too long");
      assertThat(c.ask("x".repeat(150_000))).isEqualTo("too long");
      assertThat(c.ask("next")).isEqualTo("next");
    }
  }

  @Test
  void anEndlessLineEndsTheSession() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      c.send("x".repeat(300_000));
      assertThat(c.readLine()).isEqualTo("QUIT endless");
      assertThat(c.readLine()).isNull();
    }
  }

  @Test
  void octetsFollowALineAndMayBePutBack() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      c.send("LITERAL 70000\r\n" + "x".repeat(69_998) + "yznext\r\n");
      assertThat(c.readLine()).isEqualTo("70000yz");
      assertThat(c.readLine()).isEqualTo("next");
    }
  }

  @Test
  void muchOutputArrivesWhole() throws IOException {
    for (Service service : new Service[] {Service.IMAP, Service.IMAPS}) {
      try (TestListener l = listener(service);
          TestClient c = l.connect()) {
        if (service.implicitTls()) {
          c.tls();
        }
        c.readLine();
        c.line("BIG 3000000");
        assertThat(c.in().readNBytes(3_000_000)).hasSize(3_000_000).containsOnly(0);
        assertThat(c.readLine()).isEmpty();
      }
    }
  }

  @Test
  void aSlowDripDoesNotStretchTheTimeout() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      c.ask("FAST");
      CompletableFuture<Void> drip = c.drip("x");
      assertThat(c.readLine()).isEqualTo("timeout");
      c.hangUp();
      drip.join();
    }
  }

  /** Octets that inflate to none are no progress. */
  @Test
  void emptyBlocksDoNotStretchTheTimeout() throws IOException {
    try (TestListener l = listener(Service.IMAP);
        TestClient c = l.connect()) {
      c.readLine();
      assertThat(c.ask("COMPRESS")).isEqualTo("go");
      c.streams(
          new InflaterInputStream(c.in(), new Inflater(true)),
          new DeflaterOutputStream(c.out(), new Deflater(9, true), true));
      c.readLine();
      c.ask("FAST");
      CompletableFuture<Void> drip = c.drip("\0\0\0\u00ff\u00ff");
      assertThat(c.readLine()).isEqualTo("timeout");
      c.hangUp();
      drip.join();
    }
  }

  @Test
  void aSlowHandshakeEnds() {
    try (TestListener l =
            new TestListener(Service.IMAPS, () -> ConnectionTest::echo, IMPATIENT, EventSink.NONE);
        TestClient c = l.connect()) {
      // The beginning of a ClientHello of 512 octets.
      c.send("\26\3\1\2\0\1\0\1\u00fc\3\3");
      CompletableFuture<Void> drip = c.drip("x");
      while (c.readLine() != null) {
        // An alert, perhaps.
      }
      c.hangUp();
      drip.join();
      assertThat(l.events()).noneMatch(ConnectionEvent.SessionFailed.class::isInstance);
    }
  }

  /** RFC 8446 §4.6.3: it must be answered, so a peer that only asks and never reads is cut off. */
  @Test
  void endlessKeyUpdatesOfAPeerThatDoesNotRead() {
    try (TestListener l =
            new TestListener(Service.IMAPS, () -> ConnectionTest::echo, IMPATIENT, EventSink.NONE);
        TestClient c = l.connect().tls()) {
      assertThat(c.readLine()).isEqualTo("hello");
      SSLSocket socket = (SSLSocket) c.socket();
      CompletableFuture<IOException> cutOff =
          CompletableFuture.supplyAsync(() -> {
            try {
              while (true) {
                socket.startHandshake();
              }
            } catch (IOException e) {
              return e;
            }
          });
      assertThat(cutOff.orTimeout(30, TimeUnit.SECONDS).join()).isNotNull();
    }
  }

  @Test
  void silenceEndsInATimeoutAlsoWithoutABuffer() {
    try (TestListener l =
            new TestListener(
                Service.SMTP,
                () ->
                    c -> {
                      c.readTimeout(Duration.ofMillis(1500));
                      c.writeLine(c.readLine(100).latin1());
                      c.flush();
                      echo(c);
                    });
        TestClient c = l.connect()) {
      assertThat(c.ask("awake")).isEqualTo("awake");
      assertThat(c.readLine()).isEqualTo("hello");
      assertThat(c.readLine()).isEqualTo("timeout");
    }
  }

  /**
   * One so long that the watchdog ends it, before a line and within one; the reply still arrives.
   */
  @Test
  void aLongWaitEndsInATimeoutToo() {
    for (Service service : new Service[] {Service.SMTP, Service.IMAPS}) {
      for (String begun : new String[] {"", "half a li"}) {
        try (TestListener l =
                new TestListener(
                    service,
                    () ->
                        c -> {
                          c.readTimeout(Duration.ofMillis(2_500));
                          echo(c);
                        });
            TestClient c = l.connect()) {
          if (service.implicitTls()) {
            c.tls();
          }
          assertThat(c.readLine()).isEqualTo("hello");
          assertThat(c.ask("awake")).isEqualTo("awake");
          long began = System.nanoTime();
          assertThat(c.send(begun).readLine()).isEqualTo("timeout");
          assertThat(Duration.ofNanos(System.nanoTime() - began))
              .isGreaterThan(Duration.ofMillis(2_400));
        }
      }
    }
  }

  @Test
  void aWaitLongerThanABufferIsHeldLosesNothing() throws InterruptedException {
    for (Service service : new Service[] {Service.SMTP, Service.IMAPS}) {
      try (TestListener l = listener(service);
          TestClient c = l.connect()) {
        if (service.implicitTls()) {
          c.tls();
        }
        c.readLine();
        TimeUnit.MILLISECONDS.sleep(1200);
        assertThat(c.send("a line\r\nand another\r\n").readLine()).isEqualTo("a line");
        assertThat(c.readLine()).isEqualTo("and another");
      }
    }
  }

  @Test
  void implicitTlsHasChannelBindings() {
    try (TestListener l = listener(Service.IMAPS);
        TestClient c = l.connect().tls()) {
      c.readLine();
      assertThat(Base64.getDecoder().decode(c.ask("BINDING tls-exporter"))).hasSize(32);
      assertThat(Base64.getDecoder().decode(c.ask("BINDING tls-server-end-point"))).hasSize(32);
      assertThat(c.ask("BINDING tls-unique")).isEqualTo("none");
    }
  }

  @Test
  void startTlsGoesOnEncrypted() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      assertThat(c.ask("STARTTLS")).isEqualTo("go");
      c.tls();
      assertThat(c.readLine()).isEqualTo("tls true");
      assertThat(c.ask("secret")).isEqualTo("secret");
    }
  }

  @Test
  void plaintextBehindStartTlsIsNeverRead() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect()) {
      c.readLine();
      c.send("STARTTLS\r\nMAIL FROM:<injected@example.test>\r\n");
      assertThat(c.readLine()).isEqualTo("go");
      assertThat(c.readLine()).isNull();
    }
  }

  @Test
  void compressionWorksBothWays() throws IOException {
    try (TestListener l = listener(Service.IMAP);
        TestClient c = l.connect()) {
      c.readLine();
      assertThat(c.ask("COMPRESS")).isEqualTo("go");
      c.streams(
          new InflaterInputStream(c.in(), new Inflater(true)),
          new DeflaterOutputStream(c.out(), new Deflater(9, true), true));
      assertThat(c.readLine()).isEqualTo("compressed");
      assertThat(c.ask("small")).isEqualTo("small");
      c.line("BIG 1000000");
      assertThat(c.in().readNBytes(1_000_000)).hasSize(1_000_000);
    }
  }

  @Test
  void whoeverDoesNotReadIsCutOff() {
    CompletableFuture<IOException> failed = new CompletableFuture<>();
    try (TestListener l =
            new TestListener(
                Service.IMAP,
                () ->
                    c -> {
                      try {
                        c.write(new byte[100_000_000]);
                        c.flush();
                      } catch (ConnectionClosedException e) {
                        failed.complete(e);
                      }
                    },
                IMPATIENT,
                EventSink.NONE);
        TestClient c = l.connect()) {
      assertThat(failed.orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
      assertThat(c.socket().isConnected()).isTrue();
    }
  }

  @Test
  void anUnexpectedExceptionEndsOnlyItsSession() {
    try (TestListener l = listener(Service.SMTP);
        TestClient c = l.connect();
        TestClient other = l.connect()) {
      other.readLine();
      c.readLine();
      assertThat(c.ask("FAIL")).isNull();
      assertThat(other.ask("still here")).isEqualTo("still here");
      assertThat(l.events()).anyMatch(ConnectionEvent.SessionFailed.class::isInstance);
    }
  }
}
