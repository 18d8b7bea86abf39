package org.everpost.core.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the SPF record of a domain (RFC 7208) lets an address send. Macros, {@code exists}
 * and {@code ptr} depend on more than the address: what rests on them is not decided.
 */
final class SpfCheck {

  private static final String VERSION = "v=spf1";
  private static final int MAX_TERMS = 100;

  /** RFC 7208 §4.6.4: hosts of one {@code mx}, and terms that need a lookup. */
  private static final int MAX_HOSTS = 10;

  private static final int MAX_LOOKUPS = 10;

  private final Resolver resolver;
  private final InetAddress sender;
  private int lookups;
  private @Nullable String unsure;

  private SpfCheck(Resolver resolver, InetAddress sender) {
    this.resolver = resolver;
    this.sender = sender;
  }

  static Finding run(Resolver resolver, DomainFacts facts) {
    Finding found =
        TextChecks.one(resolver, facts.domain(), SpfCheck::isSpf, SpfCheck::permitsAllTheWorld);
    if (!(found instanceof Finding.Good(String text)) || facts.smartHost() != null) {
      return found; // from where a smart host sends nobody knows here
    }
    List<InetAddress> senders = facts.sources();
    if (senders.isEmpty()) {
      senders = HostChecks.addresses(resolver, facts.hostname()).all();
    }
    if (senders.isEmpty()) {
      return new Finding.Unknown("the addresses of " + facts.hostname() + " are not known");
    }
    for (InetAddress sender : senders) {
      Finding of = new SpfCheck(resolver, sender).of(text, facts.domain());
      if (!(of instanceof Finding.Good)) {
        return of;
      }
    }
    return found;
  }

  private Finding of(String text, DomainName domain) {
    boolean permitted = permits(text, domain);
    if (lookups > MAX_LOOKUPS) {
      return new Finding.Wrong(text, "needs more than ten lookups, so it counts nothing");
    }
    if (permitted) {
      return new Finding.Good(text);
    }
    return unsure != null
        ? new Finding.Unknown(unsure)
        : new Finding.Wrong(
            text, "does not let " + sender.getHostAddress() + " send, an address of this server");
  }

  private static boolean isSpf(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith(VERSION)
        && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
  }

  private static @Nullable String permitsAllTheWorld(String text) {
    return terms(text).stream().anyMatch(term -> term.equals("+all") || term.equals("all"))
        ? "lets everybody send in the name of the domain"
        : null;
  }

  private static List<String> terms(String text) {
    String[] words = text.toLowerCase(Locale.ROOT).strip().split(" +");
    return List.of(words).subList(1, Math.min(words.length, MAX_TERMS));
  }

  private boolean permits(String text, DomainName domain) {
    String redirect = null;
    for (String term : terms(text)) {
      boolean plain = Character.isLetter(term.charAt(0));
      String mechanism = plain ? term : term.substring(1);
      if (mechanism.startsWith("redirect=")) {
        redirect = mechanism.substring("redirect=".length());
      } else if (matches(mechanism, domain)) {
        return plain || term.charAt(0) == '+';
      }
    }
    return redirect != null && unsure == null && permitsElsewhere(redirect);
  }

  private boolean matches(String mechanism, DomainName domain) {
    int end = endOfName(mechanism);
    String name = mechanism.substring(0, end);
    String rest = mechanism.substring(end);
    return switch (name) {
      case "all" -> unsure == null; // what could not be decided may have said yes before
      case "ip4", "ip6" -> rest.startsWith(":") && contains(rest.substring(1));
      case "a", "mx" -> hostMatches(name, rest, domain);
      case "include" -> rest.startsWith(":") && permitsElsewhere(rest.substring(1));
      case "exists", "ptr" -> {
        lookups++;
        unsure = "whether its part " + mechanism + " does cannot be told here";
        yield false;
      }
      default -> false;
    };
  }

  private static int endOfName(String mechanism) {
    int end = 0;
    while (end < mechanism.length() && Character.isLetterOrDigit(mechanism.charAt(end))) {
      end++;
    }
    return end;
  }

  /** {@code include} and {@code redirect} (RFC 7208 §5.2 and §6.1). */
  private boolean permitsElsewhere(String target) {
    DomainName other = name(target);
    if (other == null) {
      unsure = "its part for " + target + " cannot be understood here";
      return false;
    }
    if (++lookups > MAX_LOOKUPS) {
      return false;
    }
    return switch (TextChecks.one(resolver, other, SpfCheck::isSpf, _ -> null)) {
      case Finding.Good(String text) -> permits(text, other);
      case Finding.Missing _ -> notDecided(other + " has no SPF record");
      case Finding.Wrong(String _, String why) -> notDecided(other + ": " + why);
      case Finding.Unknown(String reason) -> notDecided(reason);
    };
  }

  private boolean notDecided(String reason) {
    unsure = reason;
    return false;
  }

  /** {@code mx}, {@code a:host.example/28//64} and the like (RFC 7208 §5.3 and §5.4). */
  private boolean hostMatches(String mechanism, String rest, DomainName domain) {
    int slash = rest.indexOf('/');
    String target = slash < 0 ? rest : rest.substring(0, slash);
    if (!target.isEmpty() && target.charAt(0) != ':') {
      return false; // a modifier nobody knows (RFC 7208 §6)
    }
    DomainName name = target.isEmpty() ? domain : name(target.substring(1));
    if (name == null) {
      return notDecided("its part " + mechanism + rest + " cannot be understood here");
    }
    if (++lookups > MAX_LOOKUPS) {
      return false;
    }
    int bits = prefix(slash < 0 ? "" : rest.substring(slash));
    List<DomainName> hosts = mechanism.equals("a") ? List.of(name) : exchanges(name);
    return hosts.stream().anyMatch(host -> hasNeighbour(host, bits));
  }

  private boolean hasNeighbour(DomainName host, int bits) {
    return switch (sender instanceof Inet4Address ? resolver.ipv4(host) : resolver.ipv6(host)) {
      case DnsAnswer.Found<? extends InetAddress> found ->
          found.records().stream().anyMatch(address -> isNear(address, bits));
      case DnsAnswer.None<? extends InetAddress> _ -> false;
      case DnsAnswer.Failed<? extends InetAddress>(String reason) -> notDecided(reason);
    };
  }

  private List<DomainName> exchanges(DomainName name) {
    List<DomainName> hosts = new ArrayList<>();
    switch (resolver.mx(name)) {
      case DnsAnswer.Found<MxRecord> found -> {
        for (MxRecord record : found.records()) {
          DomainName exchange = record.exchange();
          if (exchange != null && hosts.size() < MAX_HOSTS) {
            hosts.add(exchange);
          }
        }
      }
      case DnsAnswer.None<MxRecord> _ -> {
        // no host
      }
      case DnsAnswer.Failed<MxRecord>(String reason) -> unsure = reason;
    }
    return hosts;
  }

  private static @Nullable DomainName name(String text) {
    try {
      return DomainName.of(text);
    } catch (IllegalArgumentException e) {
      return null; // a macro (RFC 7208 §7), or nonsense
    }
  }

  /** Of {@code /28//64}, {@code /28} or {@code //64} what is for the sender's kind. */
  private int prefix(String lengths) {
    boolean four = sender instanceof Inet4Address;
    int two = lengths.indexOf("//");
    String ofFour = two < 0 ? lengths : lengths.substring(0, two);
    String ofSix = two < 0 ? "" : lengths.substring(two + 1);
    String its = four ? ofFour : ofSix;
    int most = four ? 32 : 128;
    return its.isEmpty() ? most : bits(its.substring(1), most);
  }

  private static int bits(String text, int most) {
    return text.matches("[0-9]{1,3}") ? Math.min(Integer.parseInt(text), most) : most;
  }

  private boolean contains(String network) {
    int slash = network.indexOf('/');
    String literal = slash < 0 ? network : network.substring(0, slash);
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      int most = address.getAddress().length * 8;
      return isNear(address, slash < 0 ? most : bits(network.substring(slash + 1), most));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean isNear(InetAddress other, int bits) {
    byte[] a = sender.getAddress();
    byte[] b = other.getAddress();
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if (((a[i / 8] ^ b[i / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
