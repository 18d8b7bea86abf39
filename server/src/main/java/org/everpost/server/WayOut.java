package org.everpost.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.everpost.core.config.Config;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.Resolver;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.tlsrpt.TlsResults;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.net.CertificateFileException;
import org.everpost.server.net.Listeners;
import org.everpost.server.net.Pem;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Bouncer;
import org.everpost.server.outbound.DkimSigner;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.relay.DeadEnds;
import org.everpost.server.relay.OwnAddresses;
import org.everpost.server.relay.RelaySettings;
import org.everpost.server.relay.SmtpRelay;
import org.everpost.server.relay.mtasts.HttpsPolicyFetcher;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsCounters;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.server.relay.web.WebClient;
import org.everpost.server.tlsrpt.DailyReports;
import org.everpost.server.tlsrpt.ReportDispatch;
import org.everpost.server.tlsrpt.ReportMail;
import org.everpost.server.tlsrpt.ReportPost;
import org.everpost.store.Blobs;
import org.jspecify.annotations.Nullable;

/** All that a message needs to leave: the names of others, a way to them, and the queue. */
record WayOut(
    CachingResolver resolver,
    HttpsPolicyFetcher policies,
    DeadEnds deadEnds,
    OwnAddresses own,
    ReturnAddresses returns,
    SmtpRelay relay,
    Outbound outbound,
    @Nullable DailyReports reports) {

  /**
   * Puts it together, and takes the queue that an earlier run left.
   *
   * @throws StartException with what is in the way
   */
  static WayOut open(
      Foundation foundation,
      CachingResolver resolver,
      Delivery delivery,
      Listeners listeners,
      EventSink events)
      throws StartException {
    Config config = foundation.config();
    Clock clock = foundation.clock();
    RandomSource random = foundation.random();
    Blobs blobs = foundation.store().blobs();
    Authorities authorities = authorities(config);
    HttpsPolicyFetcher policies = new HttpsPolicyFetcher(authorities, resolver, clock, random);
    RelaySettings settings = relaying(config);
    TlsCounters counters = new TlsCounters(clock);
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
            config.tlsReports().send() ? counters : TlsReports.NONE,
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
    return new WayOut(
        resolver,
        policies,
        new DeadEnds(settings, own, resolver, random),
        own,
        returns,
        relay,
        outbound,
        config.tlsReports().send()
            ? reports(foundation, delivery, resolver, authorities, counters, outbound, events)
            : null);
  }

  private static DailyReports reports(
      Foundation foundation,
      Delivery delivery,
      Resolver resolver,
      Authorities authorities,
      TlsCounters counters,
      Outbound outbound,
      EventSink events) {
    Clock clock = foundation.clock();
    RandomSource random = foundation.random();
    Directory directory = foundation.directory();
    ReportDispatch dispatch =
        new ReportDispatch(
            foundation.config().hostname(),
            foundation.config().tlsReports().contact(),
            directory,
            new ReportMail(directory, foundation.mailboxes(), delivery, outbound::accept, clock),
            new ReportPost(
                new WebClient(
                    "tls-reports", authorities, resolver, WebClient.Limits.USUAL, clock, random),
                clock),
            clock,
            random,
            events);
    return new DailyReports(
        counters,
        new TlsResults(foundation.store().ledger(), random.nextLong(), clock, random),
        resolver,
        dispatch,
        clock,
        random,
        events);
  }

  /** Begins to send. */
  void start() {
    outbound.start();
    if (reports != null) {
      reports.start();
    }
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

  private static Authorities authorities(Config config) throws StartException {
    Path file = config.relay().authoritiesFile();
    try {
      return file == null ? Authorities.system() : Authorities.systemAnd(Pem.certificates(file));
    } catch (CertificateFileException e) {
      throw new StartException("relay.authorities-file: " + e.getMessage(), e);
    }
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
    if (reports != null) {
      reports.close();
    }
    outbound.close(until, repliesUntil);
    relay.close();
    policies.close();
  }
}
