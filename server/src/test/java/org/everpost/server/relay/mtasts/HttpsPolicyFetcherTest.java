package org.everpost.server.relay.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.everpost.server.relay.TestAuthority;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a web server may do, and what it may not. */
@Timeout(60)
class HttpsPolicyFetcherTest {

  private static final DomainName DOMAIN = DomainName.of("there.test");
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final byte[] POLICY = "version: STSv1\n".getBytes(StandardCharsets.US_ASCII);

  private HttpsServer server = serve(AUTHORITY.server("localhost"));

  private static HttpsServer serve(TestAuthority.Server certificate) {
    try {
      HttpsServer made =
          HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      made.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
      made.setExecutor(task -> Thread.ofVirtual().start(task));
      made.start();
      return made;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private void at(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  private static HttpHandler says(int status, String type, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    };
  }

  private byte[] fetch() throws IOException {
    return fetch("localhost", Duration.ofSeconds(20));
  }

  private byte[] fetch(String host, Duration time) throws IOException {
    String url = "https://" + host + ":" + server.getAddress().getPort() + "/policy";
    try (HttpsPolicyFetcher fetcher =
        new HttpsPolicyFetcher(AUTHORITY.believed(), domain -> url, time)) {
      return fetcher.fetch(DOMAIN);
    }
  }

  @Test
  void whatIsThereIsGot() throws IOException {
    at("/policy", says(200, "text/plain; charset=utf-8", POLICY));
    assertThat(fetch()).isEqualTo(POLICY);
  }

  @Test
  void onlyTextCounts() {
    at("/policy", says(200, "text/html", POLICY));
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("text");
  }

  @Test
  void onlySuccessCounts() {
    at("/policy", says(404, "text/plain", POLICY));
    assertThatThrownBy(this::fetch).hasMessage("status 404");
  }

  @Test
  void aRedirectIsNotFollowed() {
    at("/other", says(200, "text/plain", POLICY));
    at(
        "/policy",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/other");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    assertThatThrownBy(this::fetch).hasMessage("status 302");
  }

  @Test
  void moreThanAPolicyMayHaveIsNotRead() {
    at("/policy", says(200, "text/plain", new byte[MtaStsPolicy.MAX_OCTETS + 100]));
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
    server.removeContext("/policy");
    at("/policy", HttpsPolicyFetcherTest::endless);
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/plain");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write(POLICY);
      }
    }
  }

  @Test
  void whoDripsIsNotWaitedFor() {
    at(
        "/policy",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write('x');
              body.flush();
              LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
          }
        });
    assertThatThrownBy(() -> fetch("localhost", Duration.ofMillis(600)))
        .hasMessage("no answer in time");
  }

  @Test
  void aCertificateOfAnotherHostOrOfNobodyIsNotGood() {
    at("/policy", says(200, "text/plain", POLICY));
    assertThatThrownBy(() -> fetch("127.0.0.1", Duration.ofSeconds(20)))
        .isInstanceOf(IOException.class);
    server.stop(0);
    server = serve(new TestAuthority().server("localhost"));
    at("/policy", says(200, "text/plain", POLICY));
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
  }
}
