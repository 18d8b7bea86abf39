package org.everpost.server.tlsrpt;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.StoreException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.tlsrpt.TlsReport;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReportMessage;
import org.everpost.wire.tlsrpt.TlsRptRecord.Destination;
import org.jspecify.annotations.Nullable;

/** Brings reports to where they are wanted, by mail or by POST. Used by one thread. */
public final class ReportDispatch implements AutoCloseable {

  /** For all that is posted about a day. */
  private static final Duration A_DAYS = Duration.ofHours(2);

  /** For what is posted once more; counts are written after that. */
  private static final Duration AGAIN = Duration.ofMinutes(5);

  /** RFC 8460 §5.5: so long a web server is given to take a report, after pauses that grow. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(30);

  /** What is more than so many is not tried again. */
  private static final int UNPOSTED = 100;

  private final Queue<Posting> unposted = new ArrayDeque<>();
  private final DomainName hostname;
  private final @Nullable EmailAddress contact;
  private final Directory directory;
  private final ReportMail mail;
  private final ReportPost post;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;

  /**
   * @param contact null: the postmaster
   */
  public ReportDispatch(
      DomainName hostname,
      @Nullable EmailAddress contact,
      Directory directory,
      ReportMail mail,
      ReportPost post,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.hostname = Objects.requireNonNull(hostname, "hostname");
    this.contact = contact;
    this.directory = directory;
    this.mail = mail;
    this.post = post;
    this.clock = clock;
    this.random = random;
    this.events = events;
  }

  /** The reports about a day follow. */
  void begin() {
    post.begin(A_DAYS);
  }

  /** Tells all of them; what one of them cannot be told is not told to him. */
  void send(
      LocalDate day,
      DomainName domain,
      List<PolicyResult> results,
      List<Destination> destinations) {
    EmailAddress from =
        contact == null
            ? new EmailAddress("postmaster", directory.defaultDomain().orElse(hostname))
            : contact;
    String token = String.format("%016x%016x", random.nextLong(), random.nextLong());
    TlsReport report =
        new TlsReport(
            from.domain().ascii(),
            from.toString(),
            token + "@" + from.domain(),
            day.atStartOfDay(ZoneOffset.UTC).toInstant(),
            day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(1),
            results);
    for (Destination destination : destinations) {
      switch (destination) {
        case Destination.Mailto(EmailAddress address) ->
            bring(
                report,
                domain,
                address.toString(),
                () ->
                    mail.send(
                        new TlsReportMessage(
                            report, domain, from, address, clock.instant(), token)));
        case Destination.Https(URI uri) ->
            post(new Posting(report, domain, uri, clock.instant(), 0, FIRST_PAUSE));
      }
    }
  }

  /** Posts once more what web servers did not take, if it is time for that. */
  void again() {
    post.begin(AGAIN);
    for (int i = unposted.size(); i > 0; i--) {
      Posting posting = unposted.remove();
      if (clock.nanoTime() - posting.dueNanos < 0) {
        unposted.add(posting);
      } else {
        post(posting);
      }
    }
  }

  private void post(Posting posting) {
    String to = posting.uri.toString();
    boolean posted =
        bring(posting.report, posting.domain, to, () -> post.send(posting.report, posting.uri));
    if (!posted && unposted.size() < UNPOSTED) {
      posting.later(clock).ifPresent(unposted::add);
    }
  }

  /** Whether it is there now. */
  private boolean bring(TlsReport report, DomainName domain, String to, Way way) {
    try {
      way.send();
    } catch (IOException | StoreException e) {
      events.accept(new RelayEvent.TlsReportFailed(domain.ascii(), to, Reason.of(e)));
      return false;
    }
    List<PolicyResult> results = report.policies();
    events.accept(
        new RelayEvent.TlsReported(
            domain.ascii(),
            to,
            results.stream().mapToLong(PolicyResult::successes).sum(),
            results.stream().mapToLong(PolicyResult::failures).sum()));
    return true;
  }

  private interface Way {
    void send() throws IOException;
  }

  /**
   * A report to a web server.
   *
   * @param since when it was first tried
   * @param dueNanos when it is tried again
   * @param pause how long it waits if that fails
   */
  private record Posting(
      TlsReport report, DomainName domain, URI uri, Instant since, long dueNanos, Duration pause) {

    /** When it has failed; none: for too long. */
    Optional<Posting> later(Clock clock) {
      Instant next = clock.instant().plus(pause);
      return next.isAfter(since.plus(PATIENCE))
          ? Optional.empty()
          : Optional.of(
              new Posting(
                  report,
                  domain,
                  uri,
                  since,
                  clock.nanoTime() + pause.toNanos(),
                  pause.multipliedBy(2)));
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
