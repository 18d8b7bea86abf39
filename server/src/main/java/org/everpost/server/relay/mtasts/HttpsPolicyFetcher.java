package org.everpost.server.relay.mtasts;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.event.Reason;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.Connection;
import org.everpost.server.net.ConnectionClosedException;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Dialer;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsRecord;

/**
 * Gets policies by HTTPS (RFC 8461 §3.3): from a server with a good certificate for the policy
 * host, without following redirects. The JDK's client would do, but for looking the host up by the
 * system's resolver.
 */
public final class HttpsPolicyFetcher implements PolicyFetcher, AutoCloseable {

  /**
   * What bounds a fetch.
   *
   * @param port of web servers
   * @param all of it; §3.3 suggests a minute, but a message waits for it
   * @param connect for one address
   * @param addresses so many are tried
   */
  record Limits(int port, Duration all, Duration connect, int addresses) {
    static final Limits USUAL = new Limits(443, Duration.ofSeconds(20), Duration.ofSeconds(5), 4);
  }

  /** So that what is cut off at the end of the time is not taken for what was closed. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Authorities authorities;
  private final Resolver resolver;
  private final Limits limits;
  private final Clock clock;
  private final Dialer dialer;

  public HttpsPolicyFetcher(
      Authorities authorities, Resolver resolver, Clock clock, RandomSource random) {
    this(authorities, resolver, Limits.USUAL, clock, random);
  }

  HttpsPolicyFetcher(
      Authorities authorities, Resolver resolver, Limits limits, Clock clock, RandomSource random) {
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.limits = limits;
    this.clock = clock;
    this.dialer = new Dialer("mta-sts", ConnectionSettings.DEFAULT, clock, random);
  }

  @Override
  public byte[] fetch(DomainName domain) throws IOException {
    long until = clock.nanoTime() + limits.all().toNanos();
    DomainName host = MtaStsRecord.policyHost(domain);
    if (host == null) {
      throw new IOException("the name is too long to have a policy");
    }
    Connection connection = connect(host, until);
    WebResponse response;
    try {
      response = get(connection, host, until);
    } catch (IOException e) {
      throw until - clock.nanoTime() > 0 ? e : new IOException("no answer in time", e);
    } finally {
      dialer.cut(connection);
    }
    if (response.status() != 200) {
      throw new IOException("status " + response.status());
    }
    if (!response.contentType().startsWith("text/plain")) {
      throw new IOException("not text/plain"); // §3.2
    }
    return response.body();
  }

  private Connection connect(DomainName host, long until) throws IOException {
    IOException last = new IOException(host + " has no address");
    for (InetAddress address : addresses(host)) {
      Duration left = left(until);
      try {
        return dialer.connect(
            new InetSocketAddress(address, limits.port()),
            null,
            left.compareTo(limits.connect()) < 0 ? left : limits.connect());
      } catch (IOException e) {
        last = new IOException(host + " could not be reached: " + Reason.of(e), e);
      }
    }
    throw last;
  }

  private List<InetAddress> addresses(DomainName host) {
    List<InetAddress> all = new ArrayList<>();
    add(resolver.ipv6(host), all);
    add(resolver.ipv4(host), all);
    return all;
  }

  /** As many as there is room for, half of it for each kind. */
  private void add(DnsAnswer<? extends InetAddress> answer, List<InetAddress> to) {
    if (answer instanceof DnsAnswer.Found<? extends InetAddress> found) {
      found.records().stream().limit(limits.addresses() / 2).forEach(to::add);
    }
  }

  private WebResponse get(Connection connection, DomainName host, long until) throws IOException {
    connection.endWithin(left(until).plus(MARGIN));
    SSLEngine engine = authorities.sslContext().createSSLEngine(host.ascii(), limits.port());
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name is checked (RFC 9110 §4.3.4)
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(true);
    connection.startTls(engine);
    connection.deadline(left(until));
    connection.writeLine("GET " + MtaStsRecord.POLICY_PATH + " HTTP/1.1");
    connection.writeLine("Host: " + host.ascii());
    connection.writeLine("Accept: text/plain");
    connection.writeLine("User-Agent: Everpost");
    connection.writeLine("Connection: close");
    connection.writeLine("");
    connection.flush();
    return WebResponse.read(new UntilClosed(connection.input()), MtaStsPolicy.MAX_OCTETS);
  }

  private Duration left(long until) {
    return Duration.ofNanos(Math.max(until - clock.nanoTime(), 1));
  }

  /** What the peer sends until it closes, as a stream that ends then. */
  private static final class UntilClosed extends InputStream {
    private final InputStream in;

    UntilClosed(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (ConnectionClosedException e) {
        return -1;
      }
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      try {
        return in.read(to, from, length);
      } catch (ConnectionClosedException e) {
        return -1;
      }
    }
  }

  @Override
  public void close() {
    dialer.close();
  }
}
