package org.everpost.server.tlsrpt;

import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
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
    post.begin();
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
      String to =
          switch (destination) {
            case Destination.Mailto(EmailAddress address) -> address.toString();
            case Destination.Https(URI uri) -> uri.toString();
          };
      try {
        switch (destination) {
          case Destination.Mailto(EmailAddress address) ->
              mail.send(
                  new TlsReportMessage(report, domain, from, address, clock.instant(), token));
          case Destination.Https(URI uri) -> post.send(report, uri);
        }
        events.accept(
            new RelayEvent.TlsReported(
                domain.ascii(),
                to,
                results.stream().mapToLong(PolicyResult::successes).sum(),
                results.stream().mapToLong(PolicyResult::failures).sum()));
      } catch (IOException | StoreException e) {
        events.accept(new RelayEvent.TlsReportFailed(domain.ascii(), to, Reason.of(e)));
      }
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
