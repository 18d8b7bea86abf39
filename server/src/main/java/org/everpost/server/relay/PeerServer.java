package org.everpost.server.relay;

import java.util.List;
import java.util.Objects;
import org.everpost.server.relay.Routes.Login;
import org.everpost.server.relay.tls.TlsPolicy;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A host we may connect to, and what has to be so.
 *
 * @param name for people: the host's name, or an address literal
 * @param host null: it has no name
 * @param observed a policy whose failure is only told (RFC 8461 §5: mode testing)
 * @param reported the policies the outcome counts for (RFC 8460); empty: it is no business of
 *     anybody
 * @param chosen whether it is a smart host
 * @param login null: none is needed
 */
record PeerServer(
    String name,
    @Nullable DomainName host,
    int port,
    TlsPolicy policy,
    TlsPolicy observed,
    List<TlsReports.Policy> reported,
    boolean chosen,
    @Nullable Login login,
    boolean requireTls) {

  PeerServer {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(observed, "observed");
    reported = List.copyOf(reported);
  }
}
