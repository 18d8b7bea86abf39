package org.everpost.server.relay.tls;

import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/** Hears how each connection fared with TLS (RFC 8460). Safe for any number of threads. */
@FunctionalInterface
public interface TlsReports {

  /** Nobody is told. */
  TlsReports NONE = session -> {};

  void count(Session session);

  /** RFC 8460 §4.4, {@code policy-type}. */
  enum PolicyType {
    TLSA("tlsa"),
    STS("sts"),
    NONE("no-policy-found");

    private final String key;

    PolicyType(String key) {
      this.key = key;
    }

    /** As it stands in a report. */
    public String key() {
      return key;
    }
  }

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
   * @param host the receiving host; empty if it was not come to that
   * @param address its address; empty as above
   * @param source our address; empty as above
   */
  record Session(
      Policy policy, @Nullable TlsFailure failure, String host, String address, String source) {
    public Session {
      Objects.requireNonNull(policy, "policy");
    }
  }
}
