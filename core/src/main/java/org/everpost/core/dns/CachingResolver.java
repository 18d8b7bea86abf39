package org.everpost.core.dns;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.everpost.core.event.DnsEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.address.DomainName;

/**
 * Asks recursive name servers, and remembers. Whoever asks what somebody else is asking just now
 * waits with them for the one answer; each such lookup has a virtual thread of its own, so that it
 * goes on whatever happens to those who wait.
 *
 * <p>Safe for any number of threads.
 */
public final class CachingResolver extends AnyKindResolver {

  /** Those who wait give up so long after the lookup should have. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final String TOO_LATE = "no answer in time";

  private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Clock clock;
  private final EventSink events;
  private final QueryBudget budget;
  private final Upstreams upstreams;
  private final Lookup lookup;
  private final DnsCache cache;
  private final DnsMeters meters = new DnsMeters();
  private final ConcurrentHashMap<DnsCache.Key<?>, CompletableFuture<DnsAnswer<?>>> underWay =
      new ConcurrentHashMap<>();
  private final AtomicLong tellNext;

  /** How long an answer is waited for, in nanoseconds. */
  private final long patience;

  public CachingResolver(DnsSettings settings, Clock clock, RandomSource random, EventSink events) {
    this.clock = clock;
    this.events = events;
    this.budget = new QueryBudget(settings.budget(), clock);
    this.upstreams = new Upstreams(settings, budget, clock, random, events);
    this.lookup = new Lookup(upstreams, settings, clock);
    this.cache = new DnsCache(settings.memory(), clock);
    this.patience = settings.lookupTimeout().plus(GRACE).toNanos();
    this.tellNext = new AtomicLong(clock.nanoTime());
  }

  /**
   * The same for questions that strangers cause: it spends no more than half of the budget, so that
   * mail for others finds its way whatever strangers do.
   */
  public Resolver sparing() {
    return new View(true, () -> patience);
  }

  /** What has been done so far. */
  public DnsCounters counters() {
    var servers = upstreams.counters();
    return new DnsCounters(
        meters.lookups.sum(),
        meters.cacheHits.sum(),
        meters.coalesced.sum(),
        meters.prefetches.sum(),
        meters.refused.sum(),
        meters.failures.sum(),
        cache.size(),
        budget.underWay(),
        (int) servers.stream().filter(DnsCounters.Server::open).count(),
        servers);
  }

  @Override
  <T> DnsAnswer<T> find(DomainName name, RecordKind<T> kind) {
    return find(name, kind, false, patience);
  }

  @Override
  public Resolver within(Duration limit) {
    return within(false, limit.toNanos());
  }

  private <T> DnsAnswer<T> find(
      DomainName name, RecordKind<T> kind, boolean sparing, long patienceNanos) {
    meters.lookups.increment();
    DnsCache.Key<T> key = new DnsCache.Key<>(name, kind);
    DnsAnswer<T> known = cache.get(key);
    if (known == null && sparing && !budget.hasRoom()) {
      refused();
      return new DnsAnswer.Failed<>("too many lookups at once");
    }
    if (known == null && patienceNanos <= 0) {
      return new DnsAnswer.Failed<>(TOO_LATE);
    }
    if (known == null) {
      return key.own(await(answerOf(key), patienceNanos));
    }
    meters.cacheHits.increment();
    if (budget.hasRoom() && cache.isDue(key)) {
      fetchAhead(key);
    }
    return known;
  }

  /** Nobody waits for it, but whoever finds its answer gone meanwhile does. */
  private void fetchAhead(DnsCache.Key<?> key) {
    CompletableFuture<DnsAnswer<?>> mine = new CompletableFuture<>();
    if (underWay.putIfAbsent(key, mine) == null) {
      meters.prefetches.increment();
      begin(key, mine);
    }
  }

  /** Of the lookup that is under way, or of one that begins now. */
  private <T> CompletableFuture<DnsAnswer<?>> answerOf(DnsCache.Key<T> key) {
    CompletableFuture<DnsAnswer<?>> mine = new CompletableFuture<>();
    CompletableFuture<DnsAnswer<?>> other = underWay.putIfAbsent(key, mine);
    if (other != null) {
      meters.coalesced.increment();
      return other;
    }
    // One that ended since the cache was looked at has left its answer there before it ended.
    DnsAnswer<T> known = cache.get(key);
    if (known != null) {
      underWay.remove(key, mine);
      mine.complete(known);
      return mine;
    }
    begin(key, mine);
    return mine;
  }

  private <T> void begin(DnsCache.Key<T> key, CompletableFuture<DnsAnswer<?>> answer) {
    if (budget.enter()) {
      Thread.ofVirtual().name("dns-lookup").start(() -> run(key, answer));
    } else {
      underWay.remove(key, answer);
      refused();
      answer.complete(new DnsAnswer.Failed<T>("too many lookups at once"));
    }
  }

  private <T> void run(DnsCache.Key<T> key, CompletableFuture<DnsAnswer<?>> answer) {
    DnsAnswer<T> found = new DnsAnswer.Failed<>("broken off");
    try {
      Outcome<T> outcome = lookup.run(key.name(), key.kind());
      found = outcome.answer();
      cache.put(key, outcome);
      if (outcome.overBudget()) {
        refused();
      } else if (found instanceof DnsAnswer.Failed) {
        meters.failures.increment();
      }
    } finally {
      budget.leave();
      underWay.remove(key, answer);
      answer.complete(found);
    }
  }

  private void refused() {
    meters.refused.increment();
    long now = clock.nanoTime();
    long next = tellNext.get();
    if (now - next >= 0 && tellNext.compareAndSet(next, now + TELL_AGAIN_NANOS)) {
      events.accept(new DnsEvent.BudgetSpent(meters.refused.sum()));
    }
  }

  private DnsAnswer<?> await(CompletableFuture<DnsAnswer<?>> answer, long patienceNanos) {
    try {
      return answer.get(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DnsAnswer.Failed<>("interrupted");
    } catch (TimeoutException e) {
      return new DnsAnswer.Failed<>(TOO_LATE);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    }
  }

  private View within(boolean sparing, long nanos) {
    long until = clock.nanoTime() + nanos;
    return new View(sparing, () -> Math.min(patience, until - clock.nanoTime()));
  }

  /** Another way to ask the same. */
  private final class View extends AnyKindResolver {
    private final boolean sparing;
    private final LongSupplier patienceNow;

    View(boolean sparing, LongSupplier patienceNow) {
      this.sparing = sparing;
      this.patienceNow = patienceNow;
    }

    @Override
    <T> DnsAnswer<T> find(DomainName name, RecordKind<T> kind) {
      return CachingResolver.this.find(name, kind, sparing, patienceNow.getAsLong());
    }

    @Override
    public Resolver within(Duration limit) {
      return CachingResolver.this.within(
          sparing, Math.min(limit.toNanos(), patienceNow.getAsLong()));
    }
  }
}
