package org.everpost.server.relay;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host.
 *
 * @param addresses IPv6 and IPv4 by turns, IPv6 first (RFC 8305 §4), by chance within their kind
 * @param name the name that has them, after all CNAMEs
 * @param secure whether DNSSEC vouches for what was found
 * @param failure why there may be more; null: there are not
 */
record HostAddresses(
    List<InetAddress> addresses, DomainName name, boolean secure, @Nullable String failure) {

  HostAddresses {
    addresses = List.copyOf(addresses);
    Objects.requireNonNull(name, "name");
  }

  /** Those of some hosts, in their order: all lookups are under way at the same time. */
  static List<HostAddresses> of(List<DomainName> hosts, Resolver resolver, RandomSource random) {
    List<Lookups> begun = hosts.stream().map(host -> Lookups.begin(host, resolver)).toList();
    return begun.stream()
        .map(its -> of(its.host, await(its.ipv6), await(its.ipv4), random))
        .toList();
  }

  /** The lookups of a host, under way. */
  private record Lookups(
      DomainName host,
      FutureTask<DnsAnswer<Inet6Address>> ipv6,
      FutureTask<DnsAnswer<Inet4Address>> ipv4) {

    static Lookups begin(DomainName host, Resolver resolver) {
      Lookups its =
          new Lookups(
              host,
              new FutureTask<>(() -> resolver.ipv6(host)),
              new FutureTask<>(() -> resolver.ipv4(host)));
      Thread.ofVirtual().name("relay-lookup").start(its.ipv6);
      Thread.ofVirtual().name("relay-lookup").start(its.ipv4);
      return its;
    }
  }

  private static <T> DnsAnswer<T> await(FutureTask<DnsAnswer<T>> lookup) {
    try {
      return lookup.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DnsAnswer.Failed<>("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // a resolver does not throw
    }
  }

  private static HostAddresses of(
      DomainName host,
      DnsAnswer<Inet6Address> ipv6,
      DnsAnswer<Inet4Address> ipv4,
      RandomSource random) {
    List<InetAddress> six = shuffled(ipv6, random);
    List<InetAddress> four = shuffled(ipv4, random);
    List<InetAddress> both = new ArrayList<>();
    for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
      if (i < six.size()) {
        both.add(six.get(i));
      }
      if (i < four.size()) {
        both.add(four.get(i));
      }
    }
    DomainName name = host;
    if (ipv6 instanceof DnsAnswer.Found<Inet6Address> found) {
      name = found.name();
    } else if (ipv4 instanceof DnsAnswer.Found<Inet4Address> found) {
      name = found.name();
    }
    String failure = failure(ipv4);
    return new HostAddresses(
        both,
        name,
        !both.isEmpty() && isSecure(ipv6) && isSecure(ipv4),
        failure == null ? failure(ipv6) : failure);
  }

  private static List<InetAddress> shuffled(
      DnsAnswer<? extends InetAddress> answer, RandomSource random) {
    List<InetAddress> list = new ArrayList<>();
    if (answer instanceof DnsAnswer.Found<? extends InetAddress> found) {
      list.addAll(found.records());
    }
    for (int i = list.size() - 1; i > 0; i--) {
      int k = random.nextInt(i + 1);
      list.set(i, list.set(k, list.get(i)));
    }
    return list;
  }

  /** One that failed was not used; nobody can make an answer insecure by holding back another. */
  private static boolean isSecure(DnsAnswer<?> answer) {
    return switch (answer) {
      case DnsAnswer.Found<?> found -> found.secure();
      case DnsAnswer.None<?> none -> none.secure();
      case DnsAnswer.Failed<?> _ -> true;
    };
  }

  private static @Nullable String failure(DnsAnswer<?> answer) {
    return answer instanceof DnsAnswer.Failed<?> failed ? failed.reason() : null;
  }
}
