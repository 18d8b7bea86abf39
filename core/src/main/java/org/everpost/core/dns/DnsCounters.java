package org.everpost.core.dns;

import java.util.List;

/**
 * What the resolver has done since it was made, and how it is.
 *
 * @param lookups what was asked of it
 * @param cacheHits of them, answered from memory
 * @param coalesced of them, answered together with another one that was under way
 * @param prefetches begun by itself, for names that are asked for often
 * @param refused over the budget
 * @param failures lookups that ended without an answer
 * @param remembered answers in memory
 * @param underWay lookups that wait for a server
 * @param openBreakers servers that are left alone now
 */
public record DnsCounters(
    long lookups,
    long cacheHits,
    long coalesced,
    long prefetches,
    long refused,
    long failures,
    long remembered,
    int underWay,
    int openBreakers,
    List<Server> servers) {

  public DnsCounters {
    servers = List.copyOf(servers);
  }

  /** All queries that were sent, by UDP or TCP. */
  public long queries() {
    return servers.stream().mapToLong(server -> server.udpQueries() + server.tcpQueries()).sum();
  }

  /**
   * One name server.
   *
   * @param failures queries without an answer
   * @param strays datagrams that were no answer to what was asked
   */
  public record Server(
      NameServer server,
      long udpQueries,
      long tcpQueries,
      long failures,
      long strays,
      boolean open) {}
}
