package org.everpost.server.relay.mtasts;

import java.io.IOException;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.web.WebClient;
import org.everpost.server.relay.web.WebRequest;
import org.everpost.server.relay.web.WebResponse;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsRecord;

/** Gets policies by HTTPS (RFC 8461 §3.3, which suggests a minute; but a message waits for it). */
public final class HttpsPolicyFetcher implements PolicyFetcher, AutoCloseable {

  private final WebClient web;

  public HttpsPolicyFetcher(
      Authorities authorities, Resolver resolver, Clock clock, RandomSource random) {
    this(authorities, resolver, WebClient.Limits.USUAL, clock, random);
  }

  HttpsPolicyFetcher(
      Authorities authorities,
      Resolver resolver,
      WebClient.Limits limits,
      Clock clock,
      RandomSource random) {
    this.web = new WebClient("mta-sts", authorities, resolver, limits, clock, random);
  }

  @Override
  public byte[] fetch(DomainName domain) throws IOException {
    DomainName host = MtaStsRecord.policyHost(domain);
    if (host == null) {
      throw new IOException("the name is too long to have a policy");
    }
    WebResponse response =
        web.ask(
            WebRequest.get(host, MtaStsRecord.POLICY_PATH, "text/plain"), MtaStsPolicy.MAX_OCTETS);
    if (response.status() != 200) {
      throw new IOException("status " + response.status());
    }
    if (!response.contentType().startsWith("text/plain")) {
      throw new IOException("not text/plain"); // §3.2
    }
    return response.body();
  }

  @Override
  public void close() {
    web.close();
  }
}
