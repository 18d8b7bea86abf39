package org.everpost.server.relay.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.server.relay.mtasts.StsPolicies.Answer;
import org.everpost.server.relay.web.UntrustedServerException;
import org.everpost.store.Hints;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies are fetched when they must be, and kept while they count. */
@Timeout(30)
class StsPoliciesTest {

  private static final DomainName DOMAIN = DomainName.of("there.test");
  private static final String RECORD = "_mta-sts.there.test";

  private final StillClock clock = new StillClock();
  private final FakeResolver dns = new FakeResolver();
  private final AtomicInteger fetched = new AtomicInteger();
  private final Semaphore fetches = new Semaphore(0);
  private final Hints hints = new MemoryStore(clock, RandomSource.seeded(1)).hints();
  private volatile @Nullable String file = file("enforce", "mx.there.test", 1000);
  private final StsPolicies policies = policies(hints);

  private StsPolicies policies(Hints its) {
    return new StsPolicies(dns, this::fetch, its, clock);
  }

  private static String file(String mode, String mx, int maxAge) {
    return "version: STSv1\r\nmode: %s\r\nmx: %s\r\nmax_age: %d\r\n".formatted(mode, mx, maxAge);
  }

  private byte[] fetch(DomainName domain) throws IOException {
    assertThat(domain).isEqualTo(DOMAIN);
    fetched.incrementAndGet();
    fetches.release();
    String its = file;
    if (its == null) {
      throw new IOException("down");
    }
    return its.getBytes(StandardCharsets.US_ASCII);
  }

  private void id(String id) {
    dns.remove(RECORD).txt(RECORD, "v=STSv1; id=" + id + ";");
  }

  private static void assertMode(Answer answer, MtaStsPolicy.@Nullable Mode mode) {
    MtaStsPolicy policy = answer.policy();
    assertThat(policy == null ? null : policy.mode()).isEqualTo(mode);
  }

  @Test
  void isFetchedOnceForAnId() {
    id("1");
    for (int i = 0; i < 3; i++) {
      assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    }
    assertThat(fetched).hasValue(1);
    id("2");
    file = file("testing", "mx.there.test", 1000);
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.TESTING);
    assertThat(fetched).hasValue(2);
  }

  /** RFC 8460 §4.3.2.2: whoever publishes it is told what is wrong. */
  @Test
  void thatItsServerCannotBeBelievedIsToldApart() {
    id("1");
    StsPolicies its =
        new StsPolicies(
            dns,
            _ -> {
              throw new UntrustedServerException("no good");
            },
            hints,
            clock);
    assertThat(its.of(DOMAIN)).isEqualTo(new Answer(null, ResultType.STS_WEBPKI_INVALID));
    assertThat(its.of(DOMAIN)).isEqualTo(new Answer(null, ResultType.STS_WEBPKI_INVALID));
  }

  @Test
  void withoutARecordNothingIsFetched() {
    assertMode(policies.of(DOMAIN), null);
    dns.txt(RECORD, "v=spf1 -all");
    assertMode(policies.of(DOMAIN), null);
    assertThat(fetched).hasValue(0);
  }

  @Test
  void countsUntilItsTimeIsOverWhateverHappens() {
    id("1");
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    file = null;
    clock.advance(Duration.ofSeconds(400));
    dns.remove(RECORD);
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    dns.failing("TXT", RECORD);
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    clock.advance(Duration.ofSeconds(601));
    assertMode(policies.of(DOMAIN), null);
  }

  @Test
  void theOldOneCountsWhereTheNewOneCannotBeHad() {
    id("1");
    policies.of(DOMAIN);
    file = null;
    id("2");
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    file = "no policy";
    clock.advance(Duration.ofMinutes(6));
    Answer answer = policies.of(DOMAIN);
    assertMode(answer, MtaStsPolicy.Mode.ENFORCE);
    assertThat(answer.failure()).isEqualTo(ResultType.STS_POLICY_INVALID);
    assertThat(policies.of(DOMAIN)).as("not asked for again").isEqualTo(answer);
  }

  @Test
  void aFailureIsNotRepeatedAtOnce() {
    id("1");
    file = null;
    for (int i = 0; i < 3; i++) {
      Answer answer = policies.of(DOMAIN);
      assertMode(answer, null);
      assertThat(answer.failure()).isEqualTo(ResultType.STS_POLICY_FETCH_ERROR);
    }
    assertThat(fetched).hasValue(1);
    clock.advance(Duration.ofMinutes(6));
    file = file("enforce", "mx.there.test", 1000);
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
  }

  @Test
  void isFetchedAgainInTheBackgroundLateInItsTime() throws InterruptedException {
    id("1");
    policies.of(DOMAIN);
    fetches.acquire();
    clock.advance(Duration.ofMinutes(10));
    assertMode(policies.of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    assertThat(fetches.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    dns.remove(RECORD);
    clock.advance(Duration.ofMinutes(10));
    while (policies.of(DOMAIN).policy() == null) {
      Thread.onSpinWait(); // the fetch is done, what it got is being remembered
    }
    assertThat(fetched).hasValue(2);
  }

  @Test
  void survivesARestart() {
    id("1");
    policies.of(DOMAIN);
    file = null;
    StsPolicies next = policies(hints);
    MtaStsPolicy policy = next.of(DOMAIN).policy();
    assertThat(policy).isEqualTo(policies.of(DOMAIN).policy());
    assertThat(fetched).hasValue(1);
    clock.advance(Duration.ofSeconds(1001));
    assertMode(next.of(DOMAIN), null);
  }

  @Test
  void aStoreThatIsDownOrHoldsNonsenseIsAsIfItWereEmpty() {
    id("1");
    Hints down =
        new Hints() {
          @Override
          public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
            throw new StoreUnavailableException("down", null);
          }

          @Override
          public byte @Nullable [] get(String table, byte[] key) {
            throw new StoreUnavailableException("down", null);
          }

          @Override
          public void delete(String table, byte[] key) {}
        };
    assertMode(policies(down).of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    byte[] key = DOMAIN.ascii().getBytes(StandardCharsets.US_ASCII);
    for (String nonsense : List.of("", "1", "1\n2", "1\nx\nversion: STSv1", "1\n2\nversion: x")) {
      byte[] value = nonsense.getBytes(StandardCharsets.US_ASCII);
      hints.put("mtasts", key, value, Duration.ofDays(1));
      assertMode(policies(hints).of(DOMAIN), MtaStsPolicy.Mode.ENFORCE);
    }
  }

  /** Somebody with many domains, each with as long a policy as may be. */
  @Test
  void policiesTakeBoundedMemory() {
    PolicyMemory memory = new PolicyMemory(hints, clock);
    MtaStsPolicy.MxPattern longest =
        new MtaStsPolicy.MxPattern(DomainName.of("a".repeat(60) + ".there.test"), false);
    MtaStsPolicy large =
        new MtaStsPolicy(
            MtaStsPolicy.Mode.ENFORCE, Collections.nCopies(500, longest), Duration.ofDays(1));
    for (int i = 0; i < 1_000; i++) {
      memory.put(
          DomainName.of("d" + i + ".test"),
          new PolicyMemory.Entry(
              "1", large, clock.instant(), clock.instant().plus(Duration.ofDays(1))));
    }
    assertThat(memory.size()).isBetween(50L, 300L);
  }

  @Test
  void whoeverWantsItAtTheSameTimeWaitsForOneFetch() throws InterruptedException {
    id("1");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    StsPolicies slow =
        new StsPolicies(
            dns,
            domain -> {
              count.incrementAndGet();
              begun.countDown();
              try {
                held.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return file("enforce", "mx.there.test", 1000).getBytes(StandardCharsets.US_ASCII);
            },
            hints,
            clock);
    List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(Thread.ofVirtual().start(() -> answers.add(slow.of(DOMAIN))));
    }
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    held.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answers).hasSize(20).allMatch(a -> a.policy() != null);
    assertThat(count).hasValue(1);
  }
}
