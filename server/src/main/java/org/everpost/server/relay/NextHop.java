package org.everpost.server.relay;

import java.net.InetAddress;
import java.util.List;
import org.everpost.core.spool.Reason;
import org.everpost.server.relay.Routes.Login;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

/** Which hosts a destination's mail goes to, before anything is known about them. */
sealed interface NextHop {

  /**
   * Hosts with names.
   *
   * @param domain whose they are; null: of a smart host, which the operator chose
   * @param owner the name that has the MX records, behind the CNAMEs of the domain; null: none has
   * @param groups of equal preference, the preferred first
   * @param secure whether it is sure that these are the hosts
   * @param implicit whether the domain is its own host for want of MX records
   * @param login null: none is needed
   */
  record Hosts(
      @Nullable DomainName domain,
      @Nullable DomainName owner,
      List<List<DomainName>> groups,
      boolean secure,
      boolean implicit,
      int port,
      @Nullable Login login)
      implements NextHop {}

  /**
   * One address without a name.
   *
   * @param chosen whether it is a smart host
   */
  record Address(InetAddress address, int port, boolean chosen, @Nullable Login login)
      implements NextHop {}

  /** None. */
  record Nowhere(Reason reason, boolean permanent) implements NextHop {}

  static Nowhere nowhere(boolean permanent, String status, String text) {
    return new Nowhere(new Reason(EnhancedStatusCode.of(status), text, null), permanent);
  }
}
