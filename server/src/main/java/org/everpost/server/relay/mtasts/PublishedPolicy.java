package org.everpost.server.relay.mtasts;

import java.io.IOException;
import org.everpost.core.event.Reason;
import org.everpost.core.zone.Finding;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsSyntaxException;

/** The policy a domain of ours promises in DNS, as others get it. */
public final class PublishedPolicy {

  private PublishedPolicy() {}

  /**
   * Whether it lets mail come to this server.
   *
   * @param record what DNS says
   */
  public static Finding check(
      PolicyFetcher fetcher, DomainName domain, DomainName hostname, String record) {
    try {
      MtaStsPolicy policy = MtaStsPolicy.parse(fetcher.fetch(domain));
      String found = String.join("; ", StsPolicies.lines(policy));
      return policy.mode() == MtaStsPolicy.Mode.NONE || policy.allows(hostname)
          ? new Finding.Good(found)
          : new Finding.Wrong(found, "the policy does not name this server");
    } catch (IOException e) {
      return new Finding.Wrong(record, "the policy cannot be had: " + Reason.of(e));
    } catch (MtaStsSyntaxException e) {
      return new Finding.Wrong(record, "the policy cannot be read: " + Reason.of(e));
    }
  }
}
