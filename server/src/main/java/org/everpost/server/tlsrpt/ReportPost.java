package org.everpost.server.tlsrpt;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.everpost.core.time.Clock;
import org.everpost.server.relay.web.WebClient;
import org.everpost.server.relay.web.WebRequest;
import org.everpost.wire.tlsrpt.TlsReport;
import org.everpost.wire.tlsrpt.TlsReportMessage;

/** Posts reports to web servers (RFC 8460 §5.4). Used by one thread. */
public final class ReportPost implements AutoCloseable {

  private static final int ANSWER_OCTETS = 64 << 10;

  private final WebClient web;
  private final Clock clock;
  private long until;

  public ReportPost(WebClient web, Clock clock) {
    this.web = Objects.requireNonNull(web, "web");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Some reports follow: web servers that never answer must not take longer than that. */
  void begin(Duration limit) {
    until = clock.nanoTime() + limit.toNanos();
  }

  void send(TlsReport report, URI uri) throws IOException {
    if (uri.getPort() != -1 && uri.getPort() != web.port()) {
      throw new IOException("another port than " + web.port());
    }
    if (clock.nanoTime() - until >= 0) {
      throw new IOException("no time is left for web servers");
    }
    byte[] body = TlsReportMessage.gzip(report.json());
    WebRequest request;
    try {
      request = WebRequest.post(uri, "application/tlsrpt+gzip", body);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    int status = web.ask(request, ANSWER_OCTETS).status();
    if (status / 100 != 2) {
      throw new IOException("status " + status);
    }
  }

  @Override
  public void close() {
    web.close();
  }
}
