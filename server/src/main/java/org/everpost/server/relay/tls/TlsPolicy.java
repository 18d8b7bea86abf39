package org.everpost.server.relay.tls;

import java.util.List;
import java.util.Objects;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.wire.address.DomainName;

/** What a connection has to have before a message goes over it. */
public sealed interface TlsPolicy {

  /** TLS if it works, with any certificate (RFC 7435). */
  record Opportunistic() implements TlsPolicy {}

  /** TLS with any certificate. */
  record Encrypted() implements TlsPolicy {}

  /** TLS with a certificate of this host that a known authority vouches for. */
  record Verified(DomainName host) implements TlsPolicy {
    public Verified {
      Objects.requireNonNull(host, "host");
    }
  }

  /**
   * TLS with a certificate that a TLSA record vouches for (RFC 7672).
   *
   * @param records those that can be used, at least one
   * @param names what the certificate may be for, where that matters (RFC 7672 §3.2.2)
   */
  record Dane(List<TlsaRecord> records, List<DomainName> names) implements TlsPolicy {
    public Dane {
      records = List.copyOf(records);
      names = List.copyOf(names);
      if (records.isEmpty()) {
        throw new IllegalArgumentException("no TLSA record");
      }
    }
  }

  /** Whether nothing goes without TLS. */
  default boolean demandsTls() {
    return !(this instanceof Opportunistic);
  }

  /** Whether it is sure who the peer is. */
  default boolean authenticates() {
    return this instanceof Verified || this instanceof Dane;
  }
}
