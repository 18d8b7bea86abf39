package org.everpost.server.relay.mtasts;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.Clock;
import org.everpost.server.relay.web.UntrustedServerException;
import org.everpost.store.Hints;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.mtasts.MtaStsRecord;
import org.everpost.wire.mtasts.MtaStsSyntaxException;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** The policies of domains. Safe for any number of threads. */
public final class StsPolicies {

  /** How long a policy that could not be had is not asked for again. */
  private static final Duration RETRY = Duration.ofMinutes(5);

  private final Resolver resolver;
  private final PolicyFetcher fetcher;
  private final PolicyMemory memory;
  private final Clock clock;

  /** Who fetches what at this moment; others wait for him. */
  private final ConcurrentHashMap<DomainName, FutureTask<Answer>> underWay =
      new ConcurrentHashMap<>();

  public StsPolicies(Resolver resolver, PolicyFetcher fetcher, Hints hints, Clock clock) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.fetcher = Objects.requireNonNull(fetcher, "fetcher");
    this.memory = new PolicyMemory(hints, clock);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * What is known.
   *
   * @param policy null: there is none, as far as we know
   * @param failure why the policy that DNS speaks of could not be had; null: it could
   */
  public record Answer(@Nullable MtaStsPolicy policy, @Nullable ResultType failure) {}

  /** The policy of a domain; blocks for a bounded time. */
  public Answer of(DomainName domain) {
    DomainName name = MtaStsRecord.nameOf(domain);
    MtaStsRecord record = null;
    if (name != null && resolver.txt(name) instanceof DnsAnswer.Found<String> found) {
      record = MtaStsRecord.of(found.records());
    }
    PolicyMemory.Entry known = memory.get(domain);
    if (record == null) {
      return new Answer(known == null ? null : known.policy(), null); // §5.1
    }
    String id = record.id();
    ResultType failure = memory.failure(domain);
    if (known != null && known.id().equals(id)) {
      if (known.isLate(clock.instant()) && failure == null) {
        Thread.ofVirtual().name("mta-sts").start(() -> fetched(domain, id));
      }
      return new Answer(known.policy(), null);
    }
    if (failure != null) {
      return new Answer(known == null ? null : known.policy(), failure);
    }
    Answer answer = fetched(domain, id);
    return answer.policy() == null && known != null
        ? new Answer(known.policy(), answer.failure())
        : answer;
  }

  /** A policy as text, a field a line (§3.2). */
  public static List<String> lines(MtaStsPolicy policy) {
    List<String> lines = new ArrayList<>();
    lines.add("version: STSv1");
    lines.add("mode: " + policy.mode().name().toLowerCase(Locale.ROOT));
    policy.mx().forEach(pattern -> lines.add("mx: " + pattern));
    lines.add("max_age: " + policy.maxAge().toSeconds());
    return lines;
  }

  /** One of all who want it fetches it. */
  private Answer fetched(DomainName domain, String id) {
    FutureTask<Answer> mine = new FutureTask<>(() -> fetch(domain, id));
    FutureTask<Answer> task = underWay.putIfAbsent(domain, mine);
    if (task == null) {
      task = mine;
      try {
        mine.run();
      } finally {
        underWay.remove(domain, mine);
      }
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(null, ResultType.STS_POLICY_FETCH_ERROR);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer fetch(DomainName domain, String id) {
    try {
      MtaStsPolicy policy = MtaStsPolicy.parse(fetcher.fetch(domain));
      Instant now = clock.instant();
      memory.put(domain, new PolicyMemory.Entry(id, policy, now, now.plus(policy.maxAge())));
      return new Answer(policy, null);
    } catch (UntrustedServerException e) {
      return failed(domain, ResultType.STS_WEBPKI_INVALID);
    } catch (IOException e) {
      return failed(domain, ResultType.STS_POLICY_FETCH_ERROR);
    } catch (MtaStsSyntaxException e) {
      return failed(domain, ResultType.STS_POLICY_INVALID);
    }
  }

  private Answer failed(DomainName domain, ResultType why) {
    memory.failed(domain, why, RETRY);
    return new Answer(null, why);
  }
}
