package org.everpost.core.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.everpost.core.event.Event;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration. What each component means stands once, in {@link ConfigKey}.
 *
 * @param file where it was read from
 */
public record Config(
    Path file,
    DomainName hostname,
    Path data,
    Language language,
    Listen listen,
    Tls tls,
    Auth auth,
    StoreConfig store,
    Dns dns,
    RelayConfig relay,
    Queue queue,
    Sending sending,
    TlsReports tlsReports,
    Limits limits,
    GuardConfig guard,
    Log log) {

  public Config {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(auth, "auth");
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(dns, "dns");
    Objects.requireNonNull(relay, "relay");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(sending, "sending");
    Objects.requireNonNull(tlsReports, "tlsReports");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(guard, "guard");
    Objects.requireNonNull(log, "log");
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  public static Config load(Path file) throws ConfigException {
    return ConfigReader.read(file);
  }

  /** {@code [listen]}: where each service listens; an empty list: it is off. */
  public record Listen(
      List<InetSocketAddress> smtp,
      List<InetSocketAddress> lmtp,
      List<InetSocketAddress> submission,
      List<InetSocketAddress> submissions,
      List<InetSocketAddress> imap,
      List<InetSocketAddress> imaps,
      List<InetSocketAddress> pop3,
      List<InetSocketAddress> pop3s) {
    public Listen {
      smtp = List.copyOf(smtp);
      lmtp = List.copyOf(lmtp);
      submission = List.copyOf(submission);
      submissions = List.copyOf(submissions);
      imap = List.copyOf(imap);
      imaps = List.copyOf(imaps);
      pop3 = List.copyOf(pop3);
      pop3s = List.copyOf(pop3s);
    }

    /** How many there are of all services together. */
    int addresses() {
      return Stream.of(smtp, lmtp, submission, submissions, imap, imaps, pop3, pop3s)
          .mapToInt(List::size)
          .sum();
    }
  }

  /** {@code [tls]}: both, or neither for a self-signed certificate. */
  public record Tls(@Nullable Path certificate, @Nullable Path key) {}

  /** {@code [auth]}. */
  public record Auth(boolean scram) {}

  /**
   * {@code [dns]}.
   *
   * @param servers an empty list: those of the system
   */
  public record Dns(List<InetSocketAddress> servers, TrustAd trustAd) {
    public Dns {
      servers = List.copyOf(servers);
      Objects.requireNonNull(trustAd, "trustAd");
    }
  }

  /** Which name servers are believed to have validated what they say. */
  public enum TrustAd {
    /** Those on loopback. */
    LOOPBACK,
    /** All of them. */
    ALL,
    /** None of them. */
    NONE
  }

  /** {@code [queue]}. */
  public record Queue(
      Duration retryFirst,
      Duration retryLongest,
      Duration delayWarning,
      Duration expire,
      int connections,
      int connectionsPerDestination) {}

  /** {@code [sending]}; 0 is no limit. */
  public record Sending(
      int messagesPerHour,
      int recipientsPerHour,
      int messagesPerDay,
      int recipientsPerDay,
      int rampDays,
      boolean showClient) {}

  /**
   * {@code [tls-reports]}.
   *
   * @param contact null: the postmaster
   */
  public record TlsReports(boolean send, @Nullable EmailAddress contact) {}

  /** {@code [limits]}. */
  public record Limits(ByteSize messageSize, int connections, int connectionsPerAddress) {}

  /** {@code [log]}. */
  public record Log(Event.Level level) {}
}
