package org.everpost.server.relay.web;

import java.net.URI;
import java.util.Objects;
import org.everpost.wire.address.DomainName;

/**
 * What is asked of a web server (RFC 9110 §9.3.1 and §9.3.3).
 *
 * @param target as it stands in the request line (RFC 9112 §3.2.1)
 * @param type of what is accepted of a GET, or of what is posted
 * @param body nothing with a GET
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record WebRequest(Method method, DomainName host, String target, String type, byte[] body) {

  /** What is to be done. */
  public enum Method {
    GET,
    POST
  }

  public WebRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(body, "body");
    if (!target.startsWith("/") || !target.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("no target of a request");
    }
  }

  public static WebRequest get(DomainName host, String target, String accepted) {
    return new WebRequest(Method.GET, host, target, accepted, new byte[0]);
  }

  /**
   * @throws IllegalArgumentException if the URI names no host, or one that has no name
   */
  public static WebRequest post(URI uri, String type, byte[] body) {
    URI ascii = URI.create(uri.toASCIIString());
    String path = ascii.getRawPath() == null ? "" : ascii.getRawPath();
    String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
    return new WebRequest(
        Method.POST,
        DomainName.of(Objects.requireNonNullElse(ascii.getHost(), "")),
        (path.isEmpty() ? "/" : path) + query,
        type,
        body);
  }
}
