package org.everpost.server.tlsrpt;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.tlsrpt.TlsResults;
import org.everpost.core.tlsrpt.TlsResults.Count;
import org.everpost.server.relay.tls.TlsCounters;
import org.everpost.store.StoreException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsRptRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes down every ten minutes what was counted, and reports each day when it is over. A crash
 * costs the counts of ten minutes; a day that no node was there to report within two is not.
 */
public final class DailyReports implements AutoCloseable {

  private static final Duration ROUND = Duration.ofMinutes(10);

  /** After this every node has written down what it counted the day before. */
  private static final Duration ALL_WRITTEN = Duration.ofMinutes(30);

  /** RFC 8460 §4.1: not everybody at midnight. */
  private static final Duration SPREAD = Duration.ofHours(4);

  /** How long a day can be reported after its end. */
  private static final int DAYS = 2;

  /** So many domains of a day that DNS did not tell of are remembered. */
  private static final int MAX_UNKNOWN = 10_000;

  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final TlsCounters counters;
  private final TlsResults results;
  private final Resolver resolver;
  private final ReportDispatch dispatch;
  private final Clock clock;
  private final EventSink events;
  private final Duration delay;

  /** Of a day that was reported to all others: the domains that DNS has not told of yet. */
  private final Map<LocalDate, List<DomainName>> unknown = new HashMap<>();

  private long writtenAtNanos;
  private @Nullable Thread thread;

  public DailyReports(
      TlsCounters counters,
      TlsResults results,
      Resolver resolver,
      ReportDispatch dispatch,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.counters = Objects.requireNonNull(counters, "counters");
    this.results = Objects.requireNonNull(results, "results");
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.dispatch = Objects.requireNonNull(dispatch, "dispatch");
    this.clock = clock;
    this.events = events;
    this.delay = ALL_WRITTEN.plusSeconds(random.nextLong(0, SPREAD.toSeconds()));
  }

  public synchronized void start() {
    thread = Thread.ofVirtual().name("tls-reports").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        clock.sleep(ROUND);
        round();
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
    Thread.interrupted();
    survives(this::write);
  }

  /** Does what it is time for. */
  void round() {
    survives(this::write);
    survives(this::report);
    survives(dispatch::again);
  }

  private void survives(Runnable work) {
    try {
      work.run();
    } catch (StoreException e) {
      // In ten minutes again.
      failed("", "", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // no fault of one day ends this for ever
      events.accept(new RelayEvent.Broken("", e));
    }
  }

  private void failed(String domain, String to, String reason) {
    events.accept(new RelayEvent.TlsReportFailed(domain, to, reason));
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
  }

  private void write() {
    LocalDate today = today(); // of what is counted from now on no day is over
    List<Count> changed = counters.changed();
    results.write(changed);
    counters.written(changed, today);
    writtenAtNanos = clock.nanoTime();
  }

  private void report() {
    LocalDate today = today();
    results.forgetBefore(today.minusDays(DAYS));
    unknown.keySet().removeIf(day -> day.isBefore(today.minusDays(DAYS)));
    for (LocalDate day = today.minusDays(DAYS); day.isBefore(today); day = day.plusDays(1)) {
      Instant due = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(delay);
      if (!clock.instant().isBefore(due) && !results.isFinished(day) && report(day)) {
        results.finish(day);
      }
    }
  }

  /** Whether all of it was reported that can be. */
  private boolean report(LocalDate day) {
    dispatch.begin();
    Iterator<DomainName> domains =
        unknown.containsKey(day) ? unknown.get(day).iterator() : results.domains(day).iterator();
    List<DomainName> still = new ArrayList<>();
    while (domains.hasNext()) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      if (clock.nanoTime() - writtenAtNanos >= ROUND.toNanos()) {
        write(); // web servers may take hours
      }
      DomainName domain = domains.next();
      if (!report(day, domain)) {
        still.add(domain);
      }
    }
    if (still.size() <= MAX_UNKNOWN) { // or all are asked again
      unknown.put(day, still);
    }
    return still.isEmpty();
  }

  /** False if DNS does not tell just now who wants a report. */
  private boolean report(LocalDate day, DomainName domain) {
    DomainName name = TlsRptRecord.nameOf(domain);
    if (name == null) {
      return true;
    }
    return switch (resolver.txt(name)) {
      case DnsAnswer.Failed<String> _ -> false;
      case DnsAnswer.None<String> _ -> true;
      case DnsAnswer.Found<String> found -> {
        TlsRptRecord record = TlsRptRecord.of(found.records());
        if (record != null) {
          report(day, domain, record);
        }
        yield true;
      }
    };
  }

  private void report(LocalDate day, DomainName domain, TlsRptRecord record) {
    List<PolicyResult> taken;
    try {
      taken = results.take(day, domain);
    } catch (IllegalStateException e) { // a damaged row: the others are not to wait for it
      failed(domain.ascii(), "", String.valueOf(e.getMessage()));
      return;
    }
    if (!taken.isEmpty()) {
      dispatch.send(day, domain, taken, record.destinations());
    }
  }

  /** Writes down what was counted since the last time, if that can be done at once. */
  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
      try {
        boolean _ = thread.join(LAST_WORDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    dispatch.close();
  }
}
