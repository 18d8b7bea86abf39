package org.everpost.server.relay.tls;

import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** Hears how each connection fared with TLS (RFC 8460). Safe for any number of threads. */
@FunctionalInterface
public interface TlsReports {

  /** Nobody is told. */
  TlsReports NONE = session -> {};

  void count(Session session);

  /**
   * The policy that was applied.
   *
   * @param strings its lines or records as text
   * @param domain the domain of the recipients (STS, none) or of the TLSA records
   * @param mxHosts the patterns of an STS policy
   */
  record Policy(PolicyType type, List<String> strings, DomainName domain, List<String> mxHosts) {
    public Policy {
      Objects.requireNonNull(type, "type");
      strings = List.copyOf(strings);
      Objects.requireNonNull(domain, "domain");
      mxHosts = List.copyOf(mxHosts);
    }
  }

  /**
   * One connection.
   *
   * @param failure null: it went well
   * @param host the receiving host; null if it was not come to that, as the addresses
   * @param address its address
   * @param source our address
   */
  record Session(
      Policy policy,
      @Nullable ResultType failure,
      @Nullable String host,
      @Nullable String address,
      @Nullable String source) {
    public Session {
      Objects.requireNonNull(policy, "policy");
    }
  }
}
