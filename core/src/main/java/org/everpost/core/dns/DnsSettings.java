package org.everpost.core.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.everpost.core.config.Config;

/**
 * Whom the resolver asks, and what that may cost.
 *
 * @param servers in the order they are tried. If any of them is trusted, the others are left out:
 *     whoever can silence the trusted ones could otherwise make what DNSSEC protects look
 *     unprotected, and so switch off DANE (RFC 7672 §2.1)
 * @param lookupTimeout how long a lookup may take, all in all
 * @param tryTimeout how long one server is waited for, before the next one is asked or the same
 *     again
 * @param maxAliases how many CNAMEs lead from a name to its records
 * @param maxRecords how many records of an answer are used; the rest is left out
 */
public record DnsSettings(
    List<NameServer> servers,
    Duration lookupTimeout,
    Duration tryTimeout,
    int maxAliases,
    int maxRecords,
    Budget budget,
    Memory memory,
    Breaker breaker) {

  public DnsSettings {
    servers = List.copyOf(servers);
    require(!servers.isEmpty(), "no name server");
    requirePositive(lookupTimeout);
    requirePositive(tryTimeout);
    require(maxAliases >= 0 && maxRecords > 0, "limits of answers");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(breaker, "breaker");
  }

  /**
   * What all lookups together may do. What is over it fails at once, and nothing waits.
   *
   * @param concurrent lookups under way; each has one query out at a time
   * @param perSecond queries; as many may come at once after a second of rest
   */
  public record Budget(int concurrent, int perSecond) {
    public Budget {
      require(concurrent > 0 && perSecond > 0, "budget");
    }
  }

  /**
   * What is remembered, and for how long, whatever an answer says about it.
   *
   * @param octets about so much memory
   * @param leastTtl also of what should not be remembered at all (RFC 1035 §3.2.1): a burst of mail
   *     for a name is one question
   * @param mostNegativeTtl of what is not there (RFC 2308 §5)
   * @param failureTtl how long a failure is not tried again (RFC 9520 §3.2)
   * @param prefetchHits a name that was asked for so often during its life is asked for again
   *     before it ends
   */
  public record Memory(
      long octets,
      Duration leastTtl,
      Duration mostTtl,
      Duration mostNegativeTtl,
      Duration failureTtl,
      int prefetchHits) {
    public Memory {
      require(octets > 0 && prefetchHits > 0, "memory");
      requirePositive(leastTtl);
      requirePositive(failureTtl);
      require(
          leastTtl.compareTo(mostTtl) <= 0 && leastTtl.compareTo(mostNegativeTtl) <= 0,
          "the least TTL is more than the most");
    }
  }

  /**
   * When a name server is left alone.
   *
   * @param failures so many queries in a row without an answer raise the suspicion
   * @param probeTimeout how long the query that confirms or clears it is waited for
   * @param leastPause how long it is left alone first; doubled each time it still does not answer
   */
  public record Breaker(
      int failures, Duration probeTimeout, Duration leastPause, Duration mostPause) {
    public Breaker {
      require(failures > 0, "failures");
      requirePositive(probeTimeout);
      requirePositive(leastPause);
      require(leastPause.compareTo(mostPause) <= 0, "the least pause is more than the most");
    }
  }

  /** As configured; with the system's file where the configuration names no servers. */
  public static DnsSettings of(Config.Dns dns, ResolvConf system) {
    boolean asConfigured = !dns.servers().isEmpty();
    List<InetSocketAddress> servers = asConfigured ? dns.servers() : system.servers();
    return usual(
        servers.stream()
            .map(address ->
                new NameServer(
                    address,
                    switch (dns.trustAd()) {
                      case ALL -> true;
                      case NONE -> false;
                      case LOOPBACK ->
                          address.getAddress().isLoopbackAddress()
                              || (!asConfigured && system.trustAd());
                    }))
            .toList());
  }

  /** What suits a server of any size. */
  public static DnsSettings usual(List<NameServer> servers) {
    return new DnsSettings(
        servers,
        Duration.ofSeconds(12),
        Duration.ofSeconds(3),
        10,
        100,
        new Budget(500, 2_000),
        new Memory(
            32 << 20,
            Duration.ofSeconds(5),
            Duration.ofDays(1),
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            3),
        new Breaker(5, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30)));
  }

  private static void requirePositive(Duration duration) {
    require(duration.isPositive(), "a duration that is not positive");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
