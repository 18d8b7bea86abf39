package org.everpost.server.relay;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.everpost.core.dns.Resolver;
import org.everpost.core.spool.Reason;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Domains whose mail can never leave, as far as that is known at once: who sends to one hears it
 * before the message is taken, instead of by a notification. Safe for any number of threads.
 */
public final class DeadEnds {

  /** How long whoever sends is kept waiting; what takes longer the queue can wait for. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Whoever has more hosts of one preference than that has a good one among them. */
  private static final int MAX_HOSTS = 8;

  private final Routes routes;
  private final int port;
  private final OwnAddresses own;
  private final Resolver resolver;
  private final MxLookup lookup;
  private final RandomSource random;
  private final Duration patience;

  /**
   * @param settings where a route or a smart host decides, a name need not be known to anybody else
   */
  public DeadEnds(
      RelaySettings settings, OwnAddresses own, Resolver resolver, RandomSource random) {
    this(settings, own, resolver, random, PATIENCE);
  }

  DeadEnds(
      RelaySettings settings,
      OwnAddresses own,
      Resolver resolver,
      RandomSource random,
      Duration patience) {
    this.routes = settings.routes();
    this.port = settings.port();
    this.own = Objects.requireNonNull(own, "own");
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.lookup = new MxLookup(resolver, random, own);
    this.random = random;
    this.patience = patience;
  }

  /**
   * Why an attempt would fail for good, whenever it is made; see {@link Relay#connect}.
   *
   * @return null: it would not, or nobody knows just now
   */
  public @Nullable Reason of(DomainName domain) {
    if (routes.of(new Destination.Domain(domain)) != null) {
      return null;
    }
    FutureTask<@Nullable Reason> search = new FutureTask<>(() -> search(domain));
    Thread.ofVirtual().name("dead-end").start(search);
    try {
      return search.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      search.cancel(true);
      return null;
    } catch (InterruptedException e) {
      search.cancel(true);
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // a resolver does not throw
    }
  }

  private @Nullable Reason search(DomainName domain) {
    return switch (lookup.find(domain, port)) {
      case NextHop.Nowhere(Reason reason, boolean permanent) -> permanent ? reason : null;
      case NextHop.Hosts hosts -> search(domain, hosts);
      case NextHop.Address _ -> null;
    };
  }

  private @Nullable Reason search(DomainName domain, NextHop.Hosts hop) {
    for (List<DomainName> group : hop.groups()) {
      if (group.size() > MAX_HOSTS || Thread.currentThread().isInterrupted()) {
        return null;
      }
      boolean some = false;
      for (HostAddresses found : HostAddresses.of(group, resolver, random)) {
        if (found.addresses().stream()
            .anyMatch(address -> own.isOurs(new InetSocketAddress(address, port)))) {
          // RFC 5321 §5.1: so would those of the same preference, and all after them.
          return Reason.ours("5.4.6", "The mail for " + domain + " leads back to this server");
        }
        some |= !found.addresses().isEmpty() || found.failure() != null;
      }
      if (some) {
        return null;
      }
    }
    return hop.implicit()
        ? Reason.ours("5.1.2", "The domain " + domain + " has neither MX nor address")
        : Reason.ours("5.4.4", "No mail server of " + domain + " has an address");
  }
}
