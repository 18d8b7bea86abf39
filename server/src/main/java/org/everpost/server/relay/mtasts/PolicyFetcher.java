package org.everpost.server.relay.mtasts;

import java.io.IOException;
import org.everpost.wire.address.DomainName;

/** Gets the policy file of a domain. Safe for any number of threads. */
@FunctionalInterface
public interface PolicyFetcher {

  /**
   * Blocks for a bounded time.
   *
   * @return no more than a policy may have
   * @throws org.everpost.server.relay.web.UntrustedServerException if whoever has it does not prove
   *     to be the domain's server
   * @throws IOException if it cannot be had
   */
  byte[] fetch(DomainName domain) throws IOException;
}
