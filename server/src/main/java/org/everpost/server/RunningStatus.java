package org.everpost.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsCounters;
import org.everpost.core.time.Clock;
import org.everpost.server.admin.ServerStatus;
import org.everpost.server.guard.GuardDesk;
import org.everpost.server.net.Listeners;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Queue;

/**
 * What {@code everpost status} shows of a server that runs.
 *
 * @param began when it began to start, by the clock's nanoseconds
 */
record RunningStatus(
    Listeners listeners,
    Queue queue,
    GuardDesk guard,
    CachingResolver resolver,
    EventCounts events,
    Clock clock,
    long began)
    implements ServerStatus {

  @Override
  public Map<String, Object> now() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("uptimeSeconds", (clock.nanoTime() - began) / 1_000_000_000);
    Map<String, Object> where = new LinkedHashMap<>();
    listeners
        .addresses()
        .forEach(
            (service, its) -> where.put(service.key(), its.stream().map(Listeners::text).toList()));
    status.put("listeners", where);
    status.put("connections", byKey(listeners.connections()));
    status.put("connectionsAccepted", byKey(listeners.accepted()));
    status.put("queue", of(queue.size()));
    status.put("guard", guard.status());
    status.put("dns", of(resolver.counters()));
    status.putAll(events.now());
    return status;
  }

  private static Map<String, Object> byKey(Map<Service, ? extends Number> counts) {
    Map<String, Object> result = new LinkedHashMap<>();
    counts.forEach((service, count) -> result.put(service.key(), count));
    return result;
  }

  private static Map<String, Object> of(Queue.Size size) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("waiting", size.messages() - size.held());
    result.put("held", size.held());
    result.put("destinations", size.destinations());
    result.put("destinationsBlocked", size.blocked());
    return result;
  }

  private static Map<String, Object> of(DnsCounters counters) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("lookups", counters.lookups());
    result.put("cacheHits", counters.cacheHits());
    result.put("coalesced", counters.coalesced());
    result.put("prefetches", counters.prefetches());
    result.put("refused", counters.refused());
    result.put("failures", counters.failures());
    result.put("remembered", counters.remembered());
    result.put("underWay", counters.underWay());
    result.put("queries", counters.queries());
    Map<String, Object> servers = new LinkedHashMap<>();
    for (DnsCounters.Server server : counters.servers()) {
      Map<String, Object> its = new LinkedHashMap<>();
      its.put("udpQueries", server.udpQueries());
      its.put("tcpQueries", server.tcpQueries());
      its.put("failures", server.failures());
      its.put("strays", server.strays());
      its.put("leftAlone", server.open());
      servers.put(server.server().toString(), its);
    }
    result.put("servers", servers);
    return result;
  }
}
