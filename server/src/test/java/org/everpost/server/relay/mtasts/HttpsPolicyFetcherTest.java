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
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.TestAuthority;
import org.everpost.server.relay.web.UntrustedServerException;
import org.everpost.server.relay.web.WebClient.Limits;
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

  private static final String HOST = "mta-sts.there.test";
  private static final String PATH = "/.well-known/mta-sts.txt";

  private final FakeResolver dns = new FakeResolver().address(HOST, "127.0.0.1");
  private HttpsServer server = serve(AUTHORITY.server(HOST));

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
    return fetch(DOMAIN, Duration.ofSeconds(20));
  }

  private byte[] fetch(DomainName domain, Duration time) throws IOException {
    Limits limits = new Limits(server.getAddress().getPort(), time, Duration.ofSeconds(5), 4);
    try (HttpsPolicyFetcher fetcher =
        new HttpsPolicyFetcher(
            AUTHORITY.believed(), dns, limits, Clock.system(), RandomSource.seeded(1))) {
      return fetcher.fetch(domain);
    }
  }

  @Test
  void whatIsThereIsGot() throws IOException {
    at(PATH, says(200, "text/plain; charset=utf-8", POLICY));
    assertThat(fetch()).isEqualTo(POLICY);
  }

  @Test
  void onlyTextCounts() {
    at(PATH, says(200, "text/html", POLICY));
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("text");
  }

  @Test
  void onlySuccessCounts() {
    at(PATH, says(404, "text/plain", POLICY));
    assertThatThrownBy(this::fetch).hasMessage("status 404");
  }

  @Test
  void aRedirectIsNotFollowed() {
    at("/other", says(200, "text/plain", POLICY));
    at(
        PATH,
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/other");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    assertThatThrownBy(this::fetch).hasMessage("status 302");
  }

  @Test
  void moreThanAPolicyMayHaveIsNotRead() {
    at(PATH, says(200, "text/plain", new byte[MtaStsPolicy.MAX_OCTETS + 100]));
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
    server.removeContext(PATH);
    at(PATH, HttpsPolicyFetcherTest::endless);
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
        PATH,
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
    assertThatThrownBy(() -> fetch(DOMAIN, Duration.ofMillis(600))).hasMessage("no answer in time");
  }

  @Test
  void aCertificateOfAnotherHostOrOfNobodyIsNotGood() {
    at(PATH, says(200, "text/plain", POLICY));
    dns.address("mta-sts.other.test", "127.0.0.1");
    assertThatThrownBy(() -> fetch(DomainName.of("other.test"), Duration.ofSeconds(20)))
        .isInstanceOf(UntrustedServerException.class)
        .hasMessage("mta-sts.other.test: the certificate is for another host");
    server.stop(0);
    server = serve(new TestAuthority().server(HOST));
    at(PATH, says(200, "text/plain", POLICY));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(UntrustedServerException.class)
        .hasMessageContaining("no known authority");
  }

  @Test
  void anAddressThatDoesNotAnswerIsNotTheLast() throws IOException {
    at(PATH, says(200, "text/plain", POLICY));
    dns.remove(HOST).address(HOST, "127.0.0.9", "127.0.0.1");
    assertThat(fetch()).isEqualTo(POLICY);
  }

  @Test
  void aHostThatIsNotThereHasNone() {
    dns.remove(HOST);
    assertThatThrownBy(this::fetch).hasMessage("mta-sts.there.test has no address");
  }

  /** Which is no name of a host, though one of a domain. */
  @Test
  void aNameOfUnusualCharactersIsNothingUnusual() {
    dns.address("mta-sts.the_re.test", "127.0.0.1");
    at(PATH, says(200, "text/plain", POLICY));
    assertThatThrownBy(() -> fetch(DomainName.of("the_re.test"), Duration.ofSeconds(20)))
        .isInstanceOf(IOException.class);
  }
}
