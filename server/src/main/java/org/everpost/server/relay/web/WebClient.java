package org.everpost.server.relay.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
import org.everpost.server.relay.tls.CertificateProblem;
import org.everpost.server.relay.tls.PeerTrust;
import org.everpost.server.relay.tls.TlsPolicy;
import org.everpost.wire.address.DomainName;

/**
 * Asks by HTTPS. The JDK's client would do, but for looking hosts up by the system's resolver. Safe
 * for any number of threads.
 */
public final class WebClient implements AutoCloseable {

  /**
   * What bounds a request.
   *
   * @param port of web servers; others are not for strangers to choose
   * @param all of it
   * @param connect for one address
   * @param addresses so many are tried
   */
  public record Limits(int port, Duration all, Duration connect, int addresses) {
    public static final Limits USUAL =
        new Limits(443, Duration.ofSeconds(20), Duration.ofSeconds(5), 4);
  }

  /** So that what is cut off at the end of the time is not taken for what was closed. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Authorities authorities;
  private final Resolver resolver;
  private final Limits limits;
  private final Clock clock;
  private final Dialer dialer;

  /**
   * @param service what it is for, in the log
   */
  public WebClient(
      String service,
      Authorities authorities,
      Resolver resolver,
      Limits limits,
      Clock clock,
      RandomSource random) {
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.limits = limits;
    this.clock = clock;
    this.dialer = new Dialer(service, ConnectionSettings.DEFAULT, clock, random);
  }

  /** Where it asks. */
  public int port() {
    return limits.port();
  }

  /**
   * Asks and waits for the answer.
   *
   * @param mostOctets of its body; more is a failure
   * @throws UntrustedServerException if its certificate is not good
   */
  public WebResponse ask(WebRequest request, int mostOctets) throws IOException {
    long until = clock.nanoTime() + limits.all().toNanos();
    Connection connection = connect(request.host(), until);
    try {
      return ask(connection, request, mostOctets, until);
    } catch (IOException e) {
      throw until - clock.nanoTime() > 0 ? e : new IOException("no answer in time", e);
    } finally {
      dialer.cut(connection);
    }
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

  private WebResponse ask(Connection connection, WebRequest request, int mostOctets, long until)
      throws IOException {
    connection.endWithin(left(until).plus(MARGIN));
    startTls(connection, request.host());
    connection.deadline(left(until));
    connection.writeLine(request.method() + " " + request.target() + " HTTP/1.1");
    connection.writeLine("Host: " + request.host().ascii());
    switch (request.method()) {
      case GET -> connection.writeLine("Accept: " + request.type());
      case POST -> {
        connection.writeLine("Content-Type: " + request.type());
        connection.writeLine("Content-Length: " + request.body().length);
      }
    }
    connection.writeLine("User-Agent: Everpost");
    connection.writeLine("Connection: close");
    connection.writeLine("");
    connection.write(request.body());
    connection.flush();
    return WebResponse.read(new UntilClosed(connection.input()), mostOctets);
  }

  /** RFC 9110 §4.3.4, and RFC 8461 §3.3: a certificate for this name, as mail servers have it. */
  private void startTls(Connection connection, DomainName host) throws IOException {
    PeerTrust trust =
        new PeerTrust(
            new TlsPolicy.Verified(host), new TlsPolicy.Opportunistic(), authorities, clock);
    try {
      connection.startTls(trust.newEngine(host.ascii(), limits.port()));
    } catch (IOException e) {
      CertificateProblem problem = trust.problem();
      throw problem == null ? e : new UntrustedServerException(host + ": " + problem.text());
    }
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
