package org.everpost.wire.tlsrpt;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A report about a span of time (RFC 8460 §4).
 *
 * @param organization who reports
 * @param contact of ours, an address
 * @param id of the report, different for each
 */
public record TlsReport(
    String organization,
    String contact,
    String id,
    Instant start,
    Instant end,
    List<PolicyResult> policies) {

  public TlsReport {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(end, "end");
    policies = List.copyOf(policies);
  }

  /** What made us ask for TLS (§4.2). */
  public enum PolicyType {
    TLSA("tlsa"),
    STS("sts"),
    NO_POLICY_FOUND("no-policy-found");

    private final String keyword;

    PolicyType(String keyword) {
      this.keyword = keyword;
    }
  }

  /** What went wrong (§4.3). */
  public enum ResultType {
    STARTTLS_NOT_SUPPORTED,
    CERTIFICATE_HOST_MISMATCH,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_TRUSTED,
    VALIDATION_FAILURE,
    TLSA_INVALID,
    DNSSEC_INVALID,
    DANE_REQUIRED,
    STS_POLICY_FETCH_ERROR,
    STS_POLICY_INVALID,
    STS_WEBPKI_INVALID;

    /** As it stands in a report. */
    public String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What one policy came to.
   *
   * @param domain what it is a policy of; for DANE the base of the TLSA records (§1.1)
   * @param policy its lines or records as they were found
   * @param mxHosts the patterns of an MTA-STS policy
   */
  public record PolicyResult(
      PolicyType type,
      DomainName domain,
      List<String> policy,
      List<String> mxHosts,
      long successes,
      long failures,
      List<Failure> details) {
    public PolicyResult {
      Objects.requireNonNull(domain, "domain");
      policy = List.copyOf(policy);
      mxHosts = List.copyOf(mxHosts);
      details = List.copyOf(details);
    }
  }

  /**
   * Sessions that failed for one reason (§4.4).
   *
   * @param sendingIp null if there was no connection, as the other addresses
   * @param reason more in words; null if there is no more to say
   */
  public record Failure(
      ResultType type,
      @Nullable String sendingIp,
      @Nullable String receivingHost,
      @Nullable String receivingIp,
      long sessions,
      @Nullable String reason) {}

  /** As JSON (§4.4). */
  public String json() {
    JsonText json = new JsonText();
    json.open('{').member("organization-name", organization);
    json.name("date-range").open('{');
    json.member("start-datetime", start.toString()).member("end-datetime", end.toString());
    json.close('}').member("contact-info", contact).member("report-id", id);
    json.name("policies").open('[');
    policies.forEach(p -> policy(p, json));
    return json.close(']').close('}').toString();
  }

  private static void policy(PolicyResult result, JsonText json) {
    json.open('{').name("policy").open('{').member("policy-type", result.type.keyword);
    if (!result.policy.isEmpty()) {
      json.name("policy-string").array(result.policy);
    }
    json.member("policy-domain", result.domain.ascii());
    if (!result.mxHosts.isEmpty()) {
      json.name("mx-host").array(result.mxHosts);
    }
    json.close('}').name("summary").open('{');
    json.member("total-successful-session-count", result.successes);
    json.member("total-failure-session-count", result.failures).close('}');
    if (!result.details.isEmpty()) {
      json.name("failure-details").open('[');
      result.details.forEach(f -> failure(f, json));
      json.close(']');
    }
    json.close('}');
  }

  private static void failure(Failure failure, JsonText json) {
    json.open('{').member("result-type", failure.type.keyword());
    json.member("sending-mta-ip", failure.sendingIp);
    json.member("receiving-mx-hostname", failure.receivingHost);
    json.member("receiving-ip", failure.receivingIp);
    json.member("failed-session-count", failure.sessions);
    json.member("failure-reason-code", failure.reason).close('}');
  }
}
