package org.everpost.core.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/** The names of a client that lead back to it (RFC 7208 §5.5). For one thread. */
final class ClientNames {

  private final Resolver resolver;
  private final Client client;
  private @Nullable List<DomainName> validated;
  private boolean isVoid;

  ClientNames(Resolver resolver, Client client) {
    this.resolver = resolver;
    this.client = client;
  }

  /** Whether they have been asked for, and so cost nothing any more. */
  boolean isKnown() {
    return validated != null;
  }

  /** Whether the address has none at all. */
  boolean isVoid() {
    return isVoid;
  }

  /** What cannot be found out now is not there. */
  List<DomainName> validated() {
    if (validated == null) {
      validated =
          switch (resolver.ptr(client.address())) {
            case DnsAnswer.Failed<DomainName> _ -> List.of();
            case DnsAnswer.None<DomainName> _ -> {
              isVoid = true;
              yield List.of();
            }
            case DnsAnswer.Found<DomainName> found -> validated(found.records());
          };
    }
    return validated;
  }

  private List<DomainName> validated(List<DomainName> names) {
    List<DomainName> good = new ArrayList<>();
    for (DomainName name : names.subList(0, Math.min(names.size(), Allowance.MAX_NAMES))) {
      DnsAnswer<? extends InetAddress> back =
          client.isIpv4() ? resolver.ipv4(name) : resolver.ipv6(name);
      if (back instanceof DnsAnswer.Found<? extends InetAddress> found
          && found.records().stream().anyMatch(its -> its.equals(client.address()))) {
        good.add(name);
      }
    }
    return good;
  }

  /** One that is a domain or below it. */
  @Nullable DomainName in(DomainName domain) {
    for (DomainName name : validated()) {
      if (name.equals(domain)) {
        return name;
      }
    }
    for (DomainName name : validated()) {
      if (name.ascii().endsWith("." + domain.ascii())) {
        return name;
      }
    }
    return null;
  }

  /** What the macro {@code p} stands for (§7.3). */
  String best(DomainName domain) {
    DomainName inside = in(domain);
    if (inside != null) {
      return inside.ascii();
    }
    return validated().isEmpty() ? "unknown" : validated().getFirst().ascii();
  }
}
