package org.everpost.testkit.botnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bots that guess speak real TLS, and the protocol of their victim. */
class GuessPasswordsTest {

  private static final char[] SECRET = "secret".toCharArray();

  @TempDir private Path directory;

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private SSLServerSocket listener() throws Exception {
    Path file = directory.resolve("keys");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=mx.example.test",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(SECRET))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, SECRET);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, SECRET);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
  }

  private void serve(SSLServerSocket listener, String greeting, String refusal) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> talk(socket, greeting, refusal));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket socket, String greeting, String refusal) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      say(out, greeting);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        boolean asksMore = line.startsWith("EHLO ") || line.startsWith("USER ");
        say(out, line.startsWith("EHLO ") ? "250-mx\n250 AUTH" : asksMore ? "+OK" : refusal);
      }
    } catch (IOException e) {
      // It is gone.
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @ParameterizedTest
  @CsvSource({
    "GUESS_SUBMISSIONS, 220 mx, 535 5.7.8 no, AUTH PLAIN AH",
    "GUESS_IMAPS, * OK mx, a NO no, a LOGIN ",
    "GUESS_POP3S, +OK mx, -ERR no, PASS guess"
  })
  void triesAPasswordUnderTls(Behaviour behaviour, String greeting, String refusal, String attempt)
      throws Exception {
    try (SSLServerSocket listener = listener()) {
      Thread.ofVirtual().start(() -> serve(listener, greeting, refusal));
      Target target =
          new Target(
              Map.of(behaviour.service(), listener.getLocalPort()),
              List.of("user@example.test"),
              "");
      Flood flood =
          new Flood(
              target, 5, Map.of(behaviour, 1), Networks.BOTS, 1_000, Duration.ofMillis(100), 1);
      try (Botnet botnet = Botnet.unleash(flood)) {
        StandInServer.await(
            () -> botnet.tally().of(behaviour, Tally.Kind.REFUSED) == 5, "five refusals");
        assertThat(botnet.tally().of(Tally.Kind.GUESSED)).isEqualTo(5);
        assertThat(botnet.served()).isEqualTo(5);
        assertThat(lines).filteredOn(line -> line.startsWith(attempt)).hasSize(5);
      }
    }
  }

  @Test
  void whoDoesNotSpeakTlsIsCountedAsGone() throws IOException {
    try (StandInServer server = new StandInServer()) {
      Flood flood = Flood.of(server.target(), 2, Map.of(Behaviour.GUESS_SUBMISSIONS, 1));
      try (Botnet botnet = Botnet.unleash(flood)) {
        StandInServer.await(() -> botnet.tally().of(Tally.Kind.DROPPED) >= 2, "their end");
        assertThat(botnet.tally().of(Tally.Kind.GUESSED)).isZero();
      }
    }
  }
}
