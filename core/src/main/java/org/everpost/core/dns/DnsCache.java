package org.everpost.core.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.Clock;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What was found out, as long as it holds, in a bounded amount of memory: records, that there are
 * none of a type (RFC 2308 §5), that a name does not exist, which goes for all names below it (RFC
 * 8020 §2), and, briefly, that nobody could tell (RFC 9520 §3.2). Safe for any number of threads.
 */
final class DnsCache {

  /** What an entry costs besides its records. */
  private static final int ENTRY_OCTETS = 400;

  /** The last tenth of a life is when a new answer is fetched. */
  private static final int LAST_PART = 10;

  private final DnsSettings.Memory settings;
  private final Clock clock;
  private final Cache<Key<?>, Entry> answers;

  /** By name; what is kept here is no answer itself. */
  private final Cache<String, Entry> absent;

  DnsCache(DnsSettings.Memory settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    long forAbsent = Math.max(1, settings.octets() / 4);
    this.answers = cache(settings.octets() - forAbsent, clock);
    this.absent = cache(forAbsent, clock);
  }

  private static <K> Cache<K, Entry> cache(long octets, Clock clock) {
    return Caffeine.newBuilder()
        .maximumWeight(octets)
        .<K, Entry>weigher((_, entry) -> entry.octets)
        .expireAfter(Expiry.<K, Entry>writing((_, entry) -> entry.life))
        .ticker(clock::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /** A question, for which one kind of answer can be kept. */
  record Key<T>(DomainName name, RecordKind<T> kind) {

    @SuppressWarnings("unchecked") // whatever is kept for a key was found out for it
    DnsAnswer<T> own(DnsAnswer<?> answer) {
      return (DnsAnswer<T>) answer;
    }
  }

  /** An answer with the time it has. */
  static final class Entry {
    private final DnsAnswer<?> answer;
    private final Duration life;
    private final long ends;
    private final int octets;
    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicBoolean refreshed = new AtomicBoolean();

    private Entry(DnsAnswer<?> answer, Duration life, long now, int octets) {
      this.answer = answer;
      this.life = life;
      this.ends = now + life.toNanos();
      this.octets = octets;
    }
  }

  /** What is known, or null. */
  <T> @Nullable DnsAnswer<T> get(Key<T> key) {
    Entry entry = answers.getIfPresent(key);
    if (entry != null) {
      entry.hits.incrementAndGet();
      return key.own(entry.answer);
    }
    String name = key.name().ascii();
    for (int dot = 0; dot >= 0; dot = name.indexOf('.')) {
      name = dot == 0 ? name : name.substring(dot + 1);
      Entry above = absent.getIfPresent(name);
      if (above != null) {
        return key.own(above.answer);
      }
    }
    return null;
  }

  /** Whether it is wanted often and ends soon: true once in its life. */
  boolean isDue(Key<?> key) {
    Entry entry = answers.getIfPresent(key);
    return entry != null
        && !(entry.answer instanceof DnsAnswer.Failed)
        && entry.hits.get() >= settings.prefetchHits()
        && entry.ends - clock.nanoTime() <= entry.life.toNanos() / LAST_PART
        && entry.refreshed.compareAndSet(false, true);
  }

  /** Keeps an answer; a failure never takes the place of something better. */
  <T> void put(Key<T> key, Outcome<T> outcome) {
    if (outcome.overBudget()
        || (outcome.answer() instanceof DnsAnswer.Failed && answers.getIfPresent(key) != null)) {
      return;
    }
    int octets = ENTRY_OCTETS + key.name().ascii().length() + outcome.octets();
    Entry entry = new Entry(outcome.answer(), life(outcome), clock.nanoTime(), octets);
    if (outcome.absent()) {
      answers.invalidate(key);
      absent.put(key.name().ascii(), entry);
    } else {
      answers.put(key, entry);
    }
  }

  private Duration life(Outcome<?> outcome) {
    Duration said = Duration.ofSeconds(outcome.ttlSeconds());
    return switch (outcome.answer()) {
      case DnsAnswer.Found<?> _ -> within(said, settings.mostTtl());
      case DnsAnswer.None<?> _ -> within(said, settings.mostNegativeTtl());
      case DnsAnswer.Failed<?> _ -> settings.failureTtl();
    };
  }

  private Duration within(Duration said, Duration most) {
    Duration atLeast = said.compareTo(settings.leastTtl()) < 0 ? settings.leastTtl() : said;
    return atLeast.compareTo(most) > 0 ? most : atLeast;
  }

  /** How much there is now. */
  long size() {
    answers.cleanUp();
    absent.cleanUp();
    return answers.estimatedSize() + absent.estimatedSize();
  }
}
