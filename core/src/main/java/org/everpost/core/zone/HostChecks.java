package org.everpost.core.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.core.dns.SrvRecord;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/** Looks for what tells where servers are. */
final class HostChecks {

  /** More names of an address are not followed. */
  private static final int MAX_NAMES = 10;

  private HostChecks() {}

  /** Others may take the domain's mail, too: further servers of ours, or of somebody's. */
  static Finding mx(Resolver resolver, DomainName domain, DomainName hostname) {
    return switch (resolver.mx(domain)) {
      case DnsAnswer.Failed<MxRecord>(String reason) -> new Finding.Unknown(reason);
      case DnsAnswer.None<MxRecord> _ -> new Finding.Missing();
      case DnsAnswer.Found<MxRecord>(List<MxRecord> records, DomainName _, boolean _) -> {
        String found = records.stream().map(HostChecks::text).collect(Collectors.joining(", "));
        if (records.stream().anyMatch(record -> hostname.equals(record.exchange()))) {
          yield new Finding.Good(found);
        }
        yield new Finding.Wrong(found, "does not name this server");
      }
    };
  }

  private static String text(MxRecord record) {
    DomainName exchange = record.exchange();
    return record.preference() + " " + (exchange == null ? "." : exchange.ascii());
  }

  /**
   * A name MX records name must be no alias (RFC 2181 §10.3).
   *
   * @param wanted null: any address
   */
  static Finding address(Resolver resolver, DomainName hostname, @Nullable InetAddress wanted) {
    Addresses found = addresses(resolver, hostname);
    if (found.all().isEmpty()) {
      return found.failure() == null ? new Finding.Missing() : new Finding.Unknown(found.failure());
    }
    String text = text(found.all());
    if (!found.name().equals(hostname)) {
      return new Finding.Wrong(text, "the name is an alias of " + found.name());
    }
    if (wanted == null || found.all().contains(wanted)) {
      return new Finding.Good(text);
    }
    return found.failure() == null
        ? new Finding.Wrong(text, "does not name " + wanted.getHostAddress())
        : new Finding.Unknown(found.failure());
  }

  /** Whether there is any server by that name. */
  static Finding anybody(Resolver resolver, DomainName name) {
    Addresses found = addresses(resolver, name);
    return !found.all().isEmpty()
        ? new Finding.Good(text(found.all()))
        : found.failure() == null ? new Finding.Missing() : new Finding.Unknown(found.failure());
  }

  /**
   * The addresses of a name.
   *
   * @param name what has them, after all aliases
   * @param failure why there may be more; null: these are all
   */
  record Addresses(List<InetAddress> all, DomainName name, @Nullable String failure) {}

  static Addresses addresses(Resolver resolver, DomainName name) {
    List<InetAddress> all = new ArrayList<>();
    DomainName owner = name;
    String failure = null;
    for (DnsAnswer<? extends InetAddress> answer :
        List.of(resolver.ipv4(name), resolver.ipv6(name))) {
      switch (answer) {
        case DnsAnswer.Found<? extends InetAddress> found -> {
          all.addAll(found.records());
          owner = found.name();
        }
        case DnsAnswer.None<? extends InetAddress> _ -> {
          // then it has the others
        }
        case DnsAnswer.Failed<? extends InetAddress>(String reason) -> failure = reason;
      }
    }
    return new Addresses(List.copyOf(all), owner, failure);
  }

  static String text(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
  }

  /** Each address needs a name that leads back to it: many refuse mail from others. */
  static Finding names(Resolver resolver, List<InetAddress> sources, DomainName hostname) {
    List<InetAddress> addresses = sources;
    if (addresses.isEmpty()) {
      Addresses found = addresses(resolver, hostname);
      if (found.all().isEmpty()) {
        return new Finding.Unknown("the addresses of " + hostname + " are not known");
      }
      addresses = found.all();
    }
    List<String> good = new ArrayList<>();
    for (InetAddress address : addresses) {
      switch (name(resolver, address)) {
        case Finding.Good(String name) -> good.add(address.getHostAddress() + " " + name);
        case Finding.Missing _ -> {
          return good.isEmpty()
              ? new Finding.Missing()
              : new Finding.Wrong(
                  String.join(", ", good), address.getHostAddress() + " has no name");
        }
        case Finding other -> {
          return other;
        }
      }
    }
    return new Finding.Good(String.join(", ", good));
  }

  private static Finding name(Resolver resolver, InetAddress address) {
    return switch (resolver.ptr(address)) {
      case DnsAnswer.Failed<DomainName>(String reason) -> new Finding.Unknown(reason);
      case DnsAnswer.None<DomainName> _ -> new Finding.Missing();
      case DnsAnswer.Found<DomainName>(List<DomainName> names, DomainName _, boolean _) -> {
        for (DomainName name : names.subList(0, Math.min(names.size(), MAX_NAMES))) {
          DnsAnswer<? extends InetAddress> back =
              address instanceof Inet4Address ? resolver.ipv4(name) : resolver.ipv6(name);
          if (back instanceof DnsAnswer.Found<? extends InetAddress> found
              && found.records().contains(address)) {
            yield new Finding.Good(name.ascii());
          }
        }
        yield new Finding.Wrong(
            address.getHostAddress()
                + " "
                + names.stream().map(DomainName::ascii).collect(Collectors.joining(", ")),
            "the name does not lead back to the address");
      }
    };
  }

  /** RFC 6186 §3. */
  static Finding service(Resolver resolver, DomainName name, DomainName hostname, int port) {
    return switch (resolver.srv(name)) {
      case DnsAnswer.Failed<SrvRecord>(String reason) -> new Finding.Unknown(reason);
      case DnsAnswer.None<SrvRecord> _ -> new Finding.Missing();
      case DnsAnswer.Found<SrvRecord>(List<SrvRecord> records, DomainName _, boolean _) -> {
        String found = records.stream().map(HostChecks::text).collect(Collectors.joining(", "));
        boolean good =
            records.stream()
                .anyMatch(record -> hostname.equals(record.target()) && record.port() == port);
        yield good
            ? new Finding.Good(found)
            : new Finding.Wrong(found, "does not name this server");
      }
    };
  }

  private static String text(SrvRecord record) {
    DomainName target = record.target();
    return record.priority()
        + " "
        + record.weight()
        + " "
        + record.port()
        + " "
        + (target == null ? "." : target.ascii());
  }
}
