package org.everpost.server.relay.mtasts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsRecord;
import org.jspecify.annotations.Nullable;

/**
 * Gets policies by HTTPS (RFC 8461 §3.3): from a server with a good certificate, without following
 * redirects. The client of the JDK looks the web server's name up by the system's resolver.
 */
public final class HttpsPolicyFetcher implements PolicyFetcher, AutoCloseable {

  /** §3.3 suggests a minute; a message waits for it. */
  private static final Duration USUAL_TIME = Duration.ofSeconds(20);

  private final Authorities authorities;
  private final Function<DomainName, String> urls;
  private final Duration time;
  private @Nullable HttpClient client;

  public HttpsPolicyFetcher(Authorities authorities) {
    this(authorities, MtaStsRecord::policyUrl, USUAL_TIME);
  }

  HttpsPolicyFetcher(Authorities authorities, Function<DomainName, String> urls, Duration time) {
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.urls = urls;
    this.time = time;
  }

  @Override
  public byte[] fetch(DomainName domain) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(urls.apply(domain))).build();
    // One octet more, so that a file that is too long is seen to be.
    HttpResponse.BodyHandler<byte[]> body =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), MtaStsPolicy.MAX_OCTETS + 1L);
    CompletableFuture<HttpResponse<byte[]>> coming = client().sendAsync(request, body);
    try {
      // The request's own timeout ends with the header of the response.
      HttpResponse<byte[]> response = coming.get(time.toMillis(), TimeUnit.MILLISECONDS);
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      if (!type.toLowerCase(Locale.ROOT).strip().startsWith("text/plain")) {
        throw new IOException("not text/plain"); // §3.2
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      coming.cancel(true);
    }
  }

  /** Made when it is first needed, as the authorities are. */
  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .sslContext(authorities.sslContext())
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(time)
              .build();
      client = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
