package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.StillClock;
import org.everpost.store.Hints;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Asking strangers to come again (RFC 6647). */
class GreylistTest {

  private static final Duration DELAY = Duration.ofMinutes(2);

  private final StillClock clock = new StillClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final Greylist greylist = new Greylist(DELAY, store.hints(), clock);

  private static Envelope envelope(@Nullable String sender, String recipient) {
    return new Envelope(
        "mx.there.test",
        sender == null ? null : EmailAddress.of(sender),
        EmailAddress.of(recipient));
  }

  private Greylist.Answer ask(String address, @Nullable String sender, String recipient) {
    return greylist.ask(InetAddress.ofLiteral(address), envelope(sender, recipient));
  }

  private Greylist.Answer ask() {
    return ask("192.0.2.1", "a@there.test", "alice@example.test");
  }

  @Test
  void whoeverComesAgainAfterTheRestMayDeliver() {
    assertThat(ask()).isEqualTo(new Greylist.Answer(DELAY, false));
    clock.advance(Duration.ofSeconds(50));
    assertThat(ask()).isEqualTo(new Greylist.Answer(Duration.ofSeconds(70), false));
    clock.advance(Duration.ofSeconds(70).minusMillis(1));
    assertThat(ask()).isEqualTo(new Greylist.Answer(Duration.ofMillis(1), false));
    clock.advance(Duration.ofMillis(1));
    assertThat(ask()).isEqualTo(new Greylist.Answer(Duration.ZERO, true));
    clock.advance(Duration.ofHours(1));
    assertThat(ask()).isEqualTo(new Greylist.Answer(Duration.ZERO, true));
  }

  @Test
  void whoeverTakesTooLongBeginsAgain() {
    assertThat(ask().rest()).isEqualTo(DELAY);
    clock.advance(Duration.ofDays(2).plusSeconds(1));
    assertThat(ask()).isEqualTo(new Greylist.Answer(DELAY, false));
  }

  @Test
  void aLargeSenderMayComeAgainFromANeighbourAndForAnotherOfItsUsers() {
    assertThat(ask().returned()).isFalse();
    clock.advance(DELAY);
    assertThat(ask("192.0.2.200", "b@there.test", "alice@example.test").returned()).isTrue();
    assertThat(ask("192.0.3.1", "a@there.test", "alice@example.test").rest()).isEqualTo(DELAY);
    assertThat(ask("192.0.2.1", "a@here.test", "alice@example.test").rest()).isEqualTo(DELAY);
    assertThat(ask("192.0.2.1", "a@there.test", "bob@example.test").rest()).isEqualTo(DELAY);
  }

  /** How many of a thousand recipients an address is remembered for, all asked for by a network. */
  private int remembered(int addresses) {
    for (int i = 0; i < 1_000; i++) {
      String recipient = "alice+" + i + "@example.test";
      assertThat(ask("192.0.2." + i % addresses, "a@there.test", recipient).rest())
          .isEqualTo(DELAY);
    }
    clock.advance(DELAY);
    int returned = 0;
    for (int i = 0; i < 1_000; i++) {
      String recipient = "alice+" + i + "@example.test";
      returned += ask("192.0.2.255", "a@there.test", recipient).returned() ? 1 : 0;
    }
    return returned;
  }

  @Test
  void oneAddressLeavesOnlySoMuchBehind() {
    assertThat(remembered(1)).isEqualTo(20);
    clock.advance(Duration.ofMinutes(10));
    assertThat(ask("192.0.2.0", "a@there.test", "bob@example.test").rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask("192.0.2.0", "a@there.test", "bob@example.test").returned()).isTrue();
  }

  @Test
  void oneNetworkLeavesOnlySoMuchBehindAndKeepsNoNeighbourOut() {
    assertThat(remembered(50)).isEqualTo(100);
    assertThat(ask("192.0.2.99", "a@here.test", "bob@example.test").rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask("192.0.2.99", "a@here.test", "bob@example.test").returned()).isTrue();
  }

  /** A bot in a network of its own, for one of many recipients. */
  private Greylist.Answer askAs(int bot, int recipient) {
    String address = "10.%d.%d.1".formatted(bot / 250, bot % 250);
    return ask(address, "a@there.test", "alice+" + recipient + "@example.test");
  }

  @Test
  void manyAddressesLeaveOnlySoMuchBehindAndKeepNobodyOut() {
    int addresses = 500;
    for (int i = 0; i < 20 * addresses; i++) {
      assertThat(askAs(i % addresses, i / addresses).rest()).isEqualTo(DELAY);
    }
    assertThat(ask("192.0.2.1", "a@there.test", "bob@example.test").rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask("192.0.2.1", "a@there.test", "bob@example.test").returned()).isTrue();
    int returned = 0;
    for (int i = 0; i < 20 * addresses; i++) {
      returned += askAs(i % addresses, i / addresses).returned() ? 1 : 0;
    }
    assertThat(returned).isEqualTo(2 * addresses + 100);
  }

  @Test
  void whoeverCameLastIsRememberedHoweverManyCame() {
    for (int i = 0; i < 60_000; i++) {
      String address = "10.%d.%d.1".formatted(i / 250, i % 250);
      assertThat(ask(address, "a@there.test", "alice@example.test").rest()).isEqualTo(DELAY);
    }
    assertThat(ask().rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask().returned()).as("which the store was not told of").isTrue();
    assertThat(ask("10.0.1.1", "a@there.test", "alice@example.test").rest())
        .as("nor of the first")
        .isEqualTo(DELAY);
  }

  @Test
  void whatTheStoreSaidIsNotAskedForAgain() throws Exception {
    assertThat(ask().rest()).isEqualTo(DELAY);
    tell(greylist);
    clock.advance(DELAY);
    Greylist other = new Greylist(DELAY, store.hints(), clock);
    InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
    assertThat(other.ask(peer, envelope("a@there.test", "alice@example.test")).returned()).isTrue();
    store.close();
    assertThat(other.ask(peer, envelope("a@there.test", "alice@example.test")).returned()).isTrue();
  }

  @Test
  void whatAWrongClockSaidKeepsNobodyOut() {
    JumpingClock wrong = new JumpingClock();
    Greylist jumping = new Greylist(DELAY, store.hints(), wrong);
    InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
    wrong.ahead = Duration.ofDays(1);
    assertThat(jumping.ask(peer, envelope(null, "bob@example.test")).rest()).isEqualTo(DELAY);
    wrong.ahead = Duration.ZERO;
    assertThat(jumping.ask(peer, envelope(null, "bob@example.test")).rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(jumping.ask(peer, envelope(null, "bob@example.test")).returned()).isTrue();
  }

  /** One that is wrong for a while. */
  private final class JumpingClock implements Clock {
    private Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return clock.instant().plus(ahead);
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      clock.sleep(duration);
    }
  }

  @Test
  void notificationsWaitAsWell() {
    assertThat(ask("192.0.2.1", null, "alice@example.test").rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask("192.0.2.1", null, "alice@example.test").returned()).isTrue();
  }

  /** What a node knows that was just started. */
  private Greylist.Answer askElsewhere() {
    Greylist other = new Greylist(DELAY, store.hints(), clock);
    return other.ask(
        InetAddress.ofLiteral("192.0.2.1"), envelope("a@there.test", "alice@example.test"));
  }

  /** Has the store told of all that is new. */
  private static void tell(Greylist node) throws InterruptedException {
    Thread writer = Thread.ofVirtual().start(node);
    writer.interrupt(); // which has it write what is left
    assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void allNodesShareIt() throws InterruptedException {
    assertThat(ask().returned()).isFalse();
    tell(greylist);
    clock.advance(DELAY);
    assertThat(askElsewhere()).isEqualTo(new Greylist.Answer(Duration.ZERO, true));
  }

  @Test
  void nobodyWaitsUntilTheStoreHasTakenIt() {
    assertThat(ask().rest()).isEqualTo(DELAY);
    clock.advance(DELAY);
    assertThat(ask().returned()).isTrue();
    assertThat(askElsewhere().returned()).isFalse();
  }

  /** A store that answers when it is told to. */
  private static final class SlowHints implements Hints {
    private final Hints hints;
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    SlowHints(Hints hints) {
      this.hints = hints;
    }

    @Override
    public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
      hints.put(table, key, value, timeToLive);
    }

    @Override
    public byte @Nullable [] get(String table, byte[] key) {
      asked.incrementAndGet();
      try {
        assertThat(answer.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return hints.get(table, key);
    }

    @Override
    public void delete(String table, byte[] key) {
      hints.delete(table, key);
    }
  }

  @Test
  void aSlowStoreIsAskedByFewAndKeepsNobodyWaiting() throws Exception {
    assertThat(ask().rest()).isEqualTo(DELAY);
    tell(greylist);
    clock.advance(DELAY);
    SlowHints hints = new SlowHints(store.hints());
    Greylist slow = new Greylist(DELAY, hints, clock);
    InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Greylist.Answer>> asking = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          Envelope other = envelope("a@there.test", "bob+" + i + "@example.test");
          asking.add(threads.submit(() -> slow.ask(peer, other)));
        }
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (hints.asked.get() < 4) {
          assertThat(System.nanoTime()).isLessThan(until);
          Thread.onSpinWait();
        }
        // Does without what the store knows, and is remembered.
        Envelope envelope = envelope("a@there.test", "alice@example.test");
        assertThat(slow.ask(peer, envelope).rest()).isEqualTo(DELAY);
        assertThat(hints.asked).hasValue(4);
      } finally {
        hints.answer.countDown();
      }
      for (Future<Greylist.Answer> answer : asking) {
        assertThat(answer.get().rest()).isEqualTo(DELAY);
      }
    }
    // The store knew of an earlier time, which counts.
    tell(slow);
    assertThat(slow.ask(peer, envelope("a@there.test", "alice@example.test")).returned()).isTrue();
    assertThat(askElsewhere().returned()).isTrue();
  }

  @Test
  void withoutADelayNobodyWaitsAndNothingIsKept() {
    Greylist none = new Greylist(Duration.ZERO, store.hints(), clock);
    store.close();
    assertThat(none.ask(InetAddress.ofLiteral("192.0.2.1"), envelope(null, "alice@example.test")))
        .isEqualTo(new Greylist.Answer(Duration.ZERO, false));
  }

  @Test
  void withoutTheStoreMailFlows() {
    store.close();
    assertThat(ask()).isEqualTo(new Greylist.Answer(Duration.ZERO, false));
  }
}
