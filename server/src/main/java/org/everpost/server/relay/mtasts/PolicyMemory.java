package org.everpost.server.relay.mtasts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsSyntaxException;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/**
 * Policies until their time is over: in memory and, for after a restart and for other nodes, in the
 * hints. Safe for any number of threads.
 */
final class PolicyMemory {

  private static final String TABLE = "mtasts";

  /** Of all policies; some twenty thousand of the usual ones. */
  private static final long MAX_OCTETS = 16 << 20;

  private static final int ENTRY_OCTETS = 400;
  private static final int PATTERN_OCTETS = 120;

  /** Domains that are left alone. */
  private static final int MAX_FAILURES = 10_000;

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Hints hints;
  private final Clock clock;
  private final Cache<DomainName, Entry> entries =
      Caffeine.newBuilder()
          .maximumWeight(MAX_OCTETS)
          .<DomainName, Entry>weigher((_, entry) -> entry.octets())
          .executor(Runnable::run)
          .build();

  /** Domains that are left alone for a while. */
  private final Map<DomainName, Failed> failures = new Bounded<>();

  /** Why a policy could not be had, and until when nobody tries again. */
  private record Failed(ResultType why, Instant until) {}

  /** Forgets what was not used for longest. */
  private static final class Bounded<V> extends LinkedHashMap<DomainName, V> {
    private static final long serialVersionUID = 1;

    Bounded() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<DomainName, V> eldest) {
      return size() > MAX_FAILURES;
    }
  }

  PolicyMemory(Hints hints, Clock clock) {
    this.hints = Objects.requireNonNull(hints, "hints");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** A policy and the id it had in DNS. */
  record Entry(String id, MtaStsPolicy policy, Instant fetched, Instant end) {

    /** Whether half of its time is over, so that it should be fetched again (RFC 8461 §3.3). */
    boolean isLate(Instant now) {
      return now.isAfter(fetched.plus(policy.maxAge().dividedBy(2)));
    }

    /** What it takes, more or less. */
    private int octets() {
      int octets = ENTRY_OCTETS;
      for (MtaStsPolicy.MxPattern pattern : policy.mx()) {
        octets += PATTERN_OCTETS + pattern.name().ascii().length();
      }
      return octets;
    }
  }

  @Nullable Entry get(DomainName domain) {
    Instant now = clock.instant();
    Entry entry = entries.getIfPresent(domain);
    if (entry != null && now.isBefore(entry.end)) {
      return entry;
    }
    entries.invalidate(domain);
    Entry stored = stored(domain);
    if (stored == null || !now.isBefore(stored.end)) {
      return null;
    }
    entries.put(domain, stored);
    return stored;
  }

  /** How many are in memory. */
  long size() {
    entries.cleanUp();
    return entries.estimatedSize();
  }

  void put(DomainName domain, Entry entry) {
    entries.put(domain, entry);
    synchronized (this) {
      failures.remove(domain);
    }
    byte[] value = text(entry).getBytes(StandardCharsets.US_ASCII);
    if (value.length <= Hints.MAX_VALUE_OCTETS && entry.policy.maxAge().compareTo(SHORTEST) >= 0) {
      try {
        hints.put(TABLE, key(domain), value, entry.policy.maxAge());
      } catch (StoreException e) {
        // It is in memory; the next time it is fetched it is tried again.
      }
    }
  }

  /** Leaves a domain alone for a while. */
  synchronized void failed(DomainName domain, ResultType why, Duration time) {
    failures.put(domain, new Failed(why, clock.instant().plus(time)));
  }

  /** Why a domain is left alone just now; null: it is not. */
  synchronized @Nullable ResultType failure(DomainName domain) {
    Failed failed = failures.get(domain);
    return failed != null && clock.instant().isBefore(failed.until) ? failed.why : null;
  }

  // ---- as a hint: id, time, and the policy as RFC 8461 §3.2 has it ----

  private static byte[] key(DomainName domain) {
    return domain.ascii().getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(Entry entry) {
    StringBuilder text = new StringBuilder(256);
    text.append(entry.id).append('\n').append(entry.fetched.getEpochSecond()).append('\n');
    StsPolicies.lines(entry.policy).forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private @Nullable Entry stored(DomainName domain) {
    try {
      byte[] value = hints.get(TABLE, key(domain));
      if (value == null) {
        return null;
      }
      String[] parts = new String(value, StandardCharsets.US_ASCII).split("\n", 3);
      MtaStsPolicy policy = MtaStsPolicy.parse(parts[2].getBytes(StandardCharsets.US_ASCII));
      Instant fetched = Instant.ofEpochSecond(Long.parseLong(parts[1]));
      return new Entry(parts[0], policy, fetched, fetched.plus(policy.maxAge()));
    } catch (StoreException
        | MtaStsSyntaxException
        | NumberFormatException
        | ArrayIndexOutOfBoundsException e) {
      return null; // as if it were lost, which hints may be
    }
  }
}
