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
   * @param told the domain of the recipients, which may want to know
   * @param domain what it is a policy of (RFC 8460 §1.1): the domain of the recipients, or the base
   *     of TLSA records
   * @param mxHosts the patterns of an STS policy
   */
  record Policy(
      PolicyType type,
      List<String> strings,
      DomainName told,
      DomainName domain,
      List<String> mxHosts) {
    public Policy {
      Objects.requireNonNull(type, "type");
      strings = List.copyOf(strings);
      Objects.requireNonNull(told, "told");
      Objects.requireNonNull(domain, "domain");
      mxHosts = List.copyOf(mxHosts);
    }
  }

  /**
   * One connection, or why there was none.
   *
   * @param failure null: it went well
   * @param host the receiving host; null if it was not come to that, as may be the addresses
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
