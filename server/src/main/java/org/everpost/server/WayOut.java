package org.everpost.server;

import java.io.IOException;
import java.util.List;
import org.everpost.core.config.Config;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.net.Listeners;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Bouncer;
import org.everpost.server.outbound.DkimSigner;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.relay.OwnAddresses;
import org.everpost.server.relay.RelaySettings;
import org.everpost.server.relay.Routes;
import org.everpost.server.relay.SmtpRelay;
import org.everpost.server.relay.mtasts.HttpsPolicyFetcher;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsCounters;
import org.everpost.store.Blobs;

/** All that a message needs to leave: the names of others, a way to them, and the queue. */
record WayOut(
    CachingResolver resolver,
    HttpsPolicyFetcher policies,
    Routes routes,
    OwnAddresses own,
    ReturnAddresses returns,
    SmtpRelay relay,
    Outbound outbound) {

  /**
   * Puts it together, and takes the queue that an earlier run left.
   *
   * @throws StartException with what is in the way
   */
  static WayOut open(
      Foundation foundation, Delivery delivery, Listeners listeners, EventSink events)
      throws StartException {
    Config config = foundation.config();
    Clock clock = foundation.clock();
    RandomSource random = foundation.random();
    Blobs blobs = foundation.store().blobs();
    CachingResolver resolver = foundation.newResolver();
    Authorities authorities = Authorities.system();
    HttpsPolicyFetcher policies = new HttpsPolicyFetcher(authorities, resolver, clock, random);
    RelaySettings settings = relaying(config);
    OwnAddresses own =
        new OwnAddresses(
            config.hostname(), () -> listeners.addresses().getOrDefault(Service.SMTP, List.of()));
    SmtpRelay relay =
        new SmtpRelay(
            settings,
            own,
            resolver,
            new StsPolicies(resolver, policies, foundation.store().hints(), clock),
            authorities,
            new TlsCounters(clock),
            clock,
            random);
    ReturnAddresses returns =
        new ReturnAddresses(foundation.directory(), foundation.store(), clock, random);
    Bouncer bouncer =
        new Bouncer(
            config.hostname(),
            foundation.directory(),
            returns,
            foundation.mailboxes(),
            delivery,
            blobs,
            address -> foundation.directory().language(address).orElse(config.language()),
            clock,
            random,
            events);
    Outbound outbound =
        new Outbound(
            foundation.openSpool(),
            scheduling(config.queue()),
            retrying(config.queue()),
            relay,
            blobs,
            new DkimSigner(foundation.directory(), foundation.keys(), clock),
            bouncer,
            clock,
            random,
            events);
    return new WayOut(resolver, policies, settings.routes(), own, returns, relay, outbound);
  }

  private static Scheduler.Settings scheduling(Config.Queue queue) {
    return new Scheduler.Settings(
        queue.connections(),
        queue.connectionsPerDestination(),
        queue.retryFirst().dividedBy(5),
        queue.retryLongest().dividedBy(4));
  }

  private static RetryRules retrying(Config.Queue queue) {
    return new RetryRules(
        queue.retryFirst(), queue.retryLongest(), queue.delayWarning(), queue.expire());
  }

  private static RelaySettings relaying(Config config) throws StartException {
    try {
      return RelaySettings.of(config);
    } catch (IOException e) {
      throw new StartException("relay: " + e.getMessage(), e);
    }
  }

  /** See {@link Outbound#close(long, long)}. */
  void close(long until, long repliesUntil) {
    outbound.close(until, repliesUntil);
    relay.close();
    policies.close();
  }
}
