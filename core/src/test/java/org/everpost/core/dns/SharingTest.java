package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.everpost.core.event.DnsEvent;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many who ask: one query for all who ask the same, and a budget for those who do not. */
class SharingTest {

  private static final int WAITERS = 100;

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn dns = f.dns;

  @AfterEach
  void close() {
    f.close();
  }

  /** What a hundred get who ask while the first of them waits. */
  private List<DnsAnswer<MxRecord>> askTogether(CachingResolver resolver)
      throws InterruptedException {
    dns.hold("example.test");
    ConcurrentLinkedQueue<DnsAnswer<MxRecord>> answers = new ConcurrentLinkedQueue<>();
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      waiters.add(Thread.ofVirtual().start(() -> answers.add(resolver.mx(name("example.test")))));
    }
    DnsFixture.await(() -> resolver.counters().coalesced() == WAITERS - 1);
    dns.release("example.test");
    for (Thread waiter : waiters) {
      waiter.join();
    }
    return List.copyOf(answers);
  }

  @Test
  void aHundredWaitForOneQuery() throws InterruptedException {
    dns.mx("example.test", 10, "mx.example.test");
    CachingResolver resolver = f.resolver();
    assertThat(askTogether(resolver))
        .hasSize(WAITERS)
        .allSatisfy(answer -> assertThat(found(answer).records()).hasSize(1));
    assertThat(dns.queries()).hasSize(1);
    assertThat(resolver.counters().underWay()).isZero();
  }

  @Test
  void theyFailTogetherToo() throws InterruptedException {
    dns.fault("example.test", Fault.SERVFAIL);
    assertThat(askTogether(f.resolver()))
        .hasSize(WAITERS)
        .allSatisfy(answer -> assertThat(failed(answer)).isEqualTo("SERVFAIL"));
    assertThat(dns.queries()).hasSize(1);
  }

  @Test
  void oneWhoIsInterruptedTakesTheAnswerFromNobody() throws InterruptedException {
    dns.mx("example.test", 10, "mx.example.test").hold("example.test");
    CachingResolver resolver = f.resolver();
    ConcurrentLinkedQueue<String> reasons = new ConcurrentLinkedQueue<>();
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              reasons.add(failed(resolver.mx(name("example.test"))));
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    dns.awaitQueries(1);
    ConcurrentLinkedQueue<DnsAnswer<MxRecord>> answers = new ConcurrentLinkedQueue<>();
    Thread second = Thread.ofVirtual().start(() -> answers.add(resolver.mx(name("example.test"))));
    DnsFixture.await(() -> resolver.counters().coalesced() == 1);
    first.interrupt();
    first.join();
    dns.release("example.test");
    second.join();
    assertThat(reasons).containsExactly("interrupted");
    assertThat(answers).singleElement().satisfies(DnsFixture::found);
  }

  @Test
  void noMoreAtOnceThanTheBudgetAllows() throws InterruptedException {
    dns.a("one.test", "192.0.2.1").a("two.test", "192.0.2.1").a("three.test", "192.0.2.1");
    dns.hold("one.test").hold("two.test");
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(2, 10_000));
    Thread one = Thread.ofVirtual().start(() -> resolver.ipv4(name("one.test")));
    Thread two = Thread.ofVirtual().start(() -> resolver.ipv4(name("two.test")));
    dns.awaitQueries(2);
    assertThat(resolver.counters().underWay()).isEqualTo(2);
    assertThat(failed(resolver.ipv4(name("three.test")))).isEqualTo("too many lookups at once");
    dns.release("one.test").release("two.test");
    one.join();
    two.join();
    DnsFixture.await(() -> resolver.counters().underWay() == 0);
    found(resolver.ipv4(name("three.test")));
    assertThat(resolver.counters().refused()).isEqualTo(1);
    assertThat(resolver.counters().failures()).isZero();
  }

  @Test
  void noMoreASecondThanTheBudgetAllows() {
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(100, 5));
    for (int i = 0; i < 8; i++) {
      dns.a("host" + i + ".test", "192.0.2.1");
    }
    for (int i = 0; i < 5; i++) {
      found(resolver.ipv4(name("host" + i + ".test")));
    }
    assertThat(failed(resolver.ipv4(name("host5.test")))).isEqualTo("too many lookups at once");
    found(resolver.ipv4(name("host4.test"))); // remembered, which costs nothing
    f.clock.advance(Duration.ofMillis(200));
    found(resolver.ipv4(name("host5.test")));
    failed(resolver.ipv4(name("host6.test")));
    f.clock.advance(Duration.ofMinutes(10));
    for (int i = 0; i < 5; i++) {
      found(resolver.ipv4(name("host" + i + ".test")));
    }
    failed(resolver.ipv4(name("host6.test")));
    assertThat(dns.queries()).hasSize(11);
  }

  @Test
  void whatStrangersCauseLeavesHalfOfTheBudget() {
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(100, 10));
    Resolver sparing = resolver.sparing();
    for (int i = 0; i < 10; i++) {
      dns.a("host" + i + ".test", "192.0.2.1");
    }
    for (int i = 0; i < 5; i++) {
      found(sparing.ipv4(name("host" + i + ".test")));
    }
    assertThat(failed(sparing.ipv4(name("host5.test")))).isEqualTo("too many lookups at once");
    assertThat(resolver.counters().refused()).isEqualTo(1);
    found(sparing.ipv4(name("host4.test"))); // remembered, which costs nothing
    for (int i = 5; i < 10; i++) {
      found(resolver.ipv4(name("host" + i + ".test")));
    }
    assertThat(dns.queries()).hasSize(10);
  }

  @Test
  void strangersQuestionsThatHangLeaveHalfOfTheBudget() throws InterruptedException {
    dns.a("one.test", "192.0.2.1").a("two.test", "192.0.2.1").a("three.test", "192.0.2.1");
    dns.hold("one.test");
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(2, 10_000));
    Thread one = Thread.ofVirtual().start(() -> resolver.sparing().ipv4(name("one.test")));
    dns.awaitQueries(1);
    assertThat(failed(resolver.sparing().ipv4(name("two.test"))))
        .isEqualTo("too many lookups at once");
    found(resolver.ipv4(name("three.test")));
    dns.release("one.test");
    one.join();
  }

  @Test
  void thatTheBudgetIsSpentIsToldOnceAMinute() {
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(100, 1));
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 0; i < 10; i++) {
        resolver.ipv4(name("host" + minute + "-" + i + ".test"));
      }
      f.clock.advance(Duration.ofSeconds(61));
    }
    assertThat(f.events)
        .containsExactly(
            new DnsEvent.BudgetSpent(1),
            new DnsEvent.BudgetSpent(10),
            new DnsEvent.BudgetSpent(19));
    assertThat(resolver.counters().refused()).isEqualTo(27);
  }

  @Test
  void tenThousandLookupsOfTenNamesAreTenQueries() throws InterruptedException {
    CachingResolver resolver = f.resolver();
    List<Thread> threads = new ArrayList<>();
    ConcurrentLinkedQueue<DnsAnswer<MxRecord>> wrong = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 10; i++) {
      dns.mx("example" + i + ".test", 10, "mx.example.test");
    }
    for (int i = 0; i < WAITERS; i++) {
      int first = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int n = 0; n < WAITERS; n++) {
                  DnsAnswer<MxRecord> answer =
                      resolver.mx(name("example" + (first + n) % 10 + ".test"));
                  if (!(answer instanceof DnsAnswer.Found)) {
                    wrong.add(answer);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(dns.queries()).hasSize(10);
    assertThat(resolver.counters().lookups()).isEqualTo(10_000);
  }

  /** Names that come and go, hang and fail, for many at once; in the end nothing is left over. */
  @Test
  void whateverHappensNothingIsLeftOver() throws InterruptedException {
    CachingResolver resolver = f.resolver(new DnsSettings.Budget(20, 1_000));
    List<Thread> threads = new ArrayList<>();
    LongAdder answers = new LongAdder();
    for (int i = 0; i < 20; i++) {
      dns.ttl(Duration.ofSeconds(i)).a("host" + i + ".good.test", "192.0.2.1");
    }
    dns.fault("bad.test", Fault.SERVFAIL).fault("lie.test", Fault.REFERRAL);
    dns.fault("alias.test", Fault.ENDLESS_ALIASES);
    List<String> domains = List.of("good.test", "bad.test", "lie.test", "alias.test", "none.test");
    for (int i = 0; i < WAITERS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int n = 0; n < WAITERS; n++) {
                  String domain = domains.get(random.nextInt(domains.size()));
                  resolver.ipv4(name("host" + random.nextInt(20) + "." + domain));
                  f.clock.advance(Duration.ofMillis(random.nextInt(100)));
                  answers.increment();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answers.sum()).isEqualTo(10_000);
    DnsFixture.await(() -> resolver.counters().underWay() == 0);
    f.clock.advance(Duration.ofHours(2));
    for (int i = 0; i < 20; i++) {
      found(resolver.ipv4(name("host" + i + ".good.test")));
    }
  }
}
