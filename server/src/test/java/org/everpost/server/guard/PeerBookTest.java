package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.StillClock;
import org.everpost.store.Hints;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of addresses: at once from memory, and beside it from what all nodes share. */
class PeerBookTest {

  private static final Origin PEER = Origin.of(InetAddress.ofLiteral("192.0.2.1"));

  private final StillClock clock = new StillClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final FaultyHints hints = new FaultyHints(store.hints());
  private final List<Thread> writers = new ArrayList<>();
  private final PeerBook book = node();

  /** Hints that fail or hang as long as a test wants it. */
  private static final class FaultyHints implements Hints {
    private final Hints hints;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger read = new AtomicInteger();
    private volatile boolean failing;
    private volatile @Nullable CountDownLatch hanging;

    FaultyHints(Hints hints) {
      this.hints = hints;
    }

    private void disturb() {
      CountDownLatch latch = hanging;
      if (latch != null) {
        try {
          latch.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new StoreUnavailableException("interrupted", e);
        }
      }
      if (failing) {
        failed.incrementAndGet();
        throw new StoreUnavailableException("as a test wants it");
      }
    }

    @Override
    public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
      disturb();
      hints.put(table, key, value, timeToLive);
    }

    @Override
    public byte @Nullable [] get(String table, byte[] key) {
      read.incrementAndGet();
      disturb();
      return hints.get(table, key);
    }

    @Override
    public void delete(String table, byte[] key) {
      disturb();
      hints.delete(table, key);
    }
  }

  /** Another node, or this one after a start. */
  private PeerBook node() {
    PeerBook node = new PeerBook(hints, clock);
    writers.add(Thread.ofVirtual().start(node));
    return node;
  }

  @AfterEach
  void stop() throws InterruptedException {
    hints.failing = false;
    CountDownLatch latch = hints.hanging;
    if (latch != null) {
      latch.countDown();
    }
    writers.forEach(Thread::interrupt);
    for (Thread writer : writers) {
      assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static PeerRecord look(PeerBook at) {
    return at.look(PEER, Duration.ofSeconds(10));
  }

  private PeerRecord delivered(PeerBook at) {
    return at.change(PEER, record -> record.delivered(clock.millis()));
  }

  private PeerRecord passed(PeerBook at) {
    return at.change(PEER, record -> record.passed(clock.millis()));
  }

  private PeerRecord did(PeerBook at, Misdeed misdeed) {
    return at.change(PEER, record -> record.with(misdeed, clock.millis()));
  }

  private boolean isGood(PeerRecord record) {
    return record.isGoodFor(Gate.MX, clock.millis());
  }

  private PeerRecord stored() {
    return PeerRecord.decode(store.hints().get("guard-peers", PEER.key()));
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void nothingIsKnownOfAnybodyAtFirst() {
    assertThat(book.find(PEER)).isEqualTo(PeerRecord.NONE);
    assertThat(look(book)).isEqualTo(PeerRecord.NONE);
  }

  @Test
  void whatChangesIsKnownAtOnce() {
    assertThat(isGood(delivered(book))).isTrue();
    assertThat(isGood(book.find(PEER))).isTrue();
    Origin neighbour = Origin.of(InetAddress.ofLiteral("192.0.2.2"));
    assertThat(book.find(neighbour)).isEqualTo(PeerRecord.NONE);
  }

  @Test
  void anotherNodeAndTheNextStartRecallIt() {
    PeerRecord record = delivered(book);
    await(() -> stored().equals(record));
    PeerBook other = node();
    assertThat(other.find(PEER)).as("never waits").isEqualTo(PeerRecord.NONE);
    await(() -> other.find(PEER).equals(record));
    assertThat(look(node())).as("an operator waits").isEqualTo(record);
  }

  @Test
  void whatDoesNotMatterToOthersIsNotWritten() {
    PeerRecord _ = did(book, Misdeed.ERRORS);
    PeerRecord bad = did(book, Misdeed.TRAP);
    await(() -> stored().equals(bad));
    PeerRecord _ = did(book, Misdeed.FAILED_LOGIN);
    Origin last = Origin.of(InetAddress.ofLiteral("192.0.2.9"));
    PeerRecord _ = book.change(last, record -> record.passed(clock.millis()));
    await(() -> store.hints().get("guard-peers", last.key()) != null);
    assertThat(stored()).isEqualTo(bad);
  }

  @Test
  void whatAnotherNodeLearnsIsSeenAfterFiveMinutes() {
    PeerBook other = node();
    PeerRecord _ = passed(other);
    await(() -> !stored().equals(PeerRecord.NONE));
    PeerRecord _ = look(other);
    clock.advance(Duration.ofSeconds(1));
    PeerRecord record = delivered(book);
    await(() -> isGood(stored()));
    assertThat(other.find(PEER)).isNotEqualTo(record);
    clock.advance(Duration.ofMinutes(5).plusMillis(1));
    PeerRecord _ = other.find(PEER);
    await(() -> isGood(other.find(PEER)));
  }

  /** Something too small to be told, at a node that does not know yet what another learned. */
  private PeerBook nodeThatLookedBefore(Runnable meanwhile) {
    PeerBook other = node();
    PeerRecord _ = look(other);
    clock.advance(Duration.ofSeconds(1));
    meanwhile.run();
    clock.advance(Duration.ofSeconds(1));
    PeerRecord _ = did(other, Misdeed.UNKNOWN_RECIPIENT);
    return other;
  }

  @Test
  void trustEarnedAtOneNodeIsKnownAtOneThatSawSomethingElseSince() {
    PeerBook other =
        nodeThatLookedBefore(() -> {
          PeerRecord _ = delivered(book);
          await(() -> isGood(stored()));
        });
    assertThat(isGood(look(other))).isTrue();
  }

  @Test
  void trustEarnedAtOneNodeIsNotOverwrittenByAnother() {
    PeerBook other =
        nodeThatLookedBefore(() -> {
          PeerRecord _ = delivered(book);
          await(() -> isGood(stored()));
        });
    PeerRecord _ = did(other, Misdeed.TRAP);
    await(() -> stored().points() > 20);
    assertThat(isGood(stored())).isTrue();
    for (PeerBook node : List.of(book, other, node())) {
      PeerRecord known = look(node);
      assertThat(isGood(known)).isTrue();
      assertThat(known.points()).isGreaterThan(20);
    }
  }

  @Test
  void whoeverIsBadAtOneNodeIsSoAtOneThatSawLessSince() {
    PeerBook other =
        nodeThatLookedBefore(() -> {
          PeerRecord _ = did(book, Misdeed.TRAP);
          await(() -> stored().points() == 20);
        });
    assertThat(look(other).at(Gate.MX, clock.millis())).isEqualTo(PeerClass.BAD);
  }

  @Test
  void whatIsForgottenStaysSoAtANodeThatSawSomethingSince() {
    PeerRecord _ = delivered(book);
    PeerRecord _ = did(book, Misdeed.TRAP);
    await(() -> stored().points() == 20);
    PeerBook other =
        nodeThatLookedBefore(() -> {
          book.forget(PEER);
          await(() -> !isGood(stored()));
        });
    PeerRecord known = look(other);
    assertThat(isGood(known)).isFalse();
    assertThat(known.points()).isZero();
  }

  @Test
  void aGoodDeedHealsThoughTheStoreKnowsTheWorst() {
    PeerRecord _ = did(book, Misdeed.LISTED);
    await(() -> stored().points() == 10);
    clock.advance(Duration.ofSeconds(1));
    PeerRecord _ = delivered(book);
    await(() -> stored().points() < 6);
    assertThat(look(book).points()).isLessThan(6);
    assertThat(look(node()).points()).isLessThan(6);
  }

  @Test
  void aStoreThatFailsIsNotWaitedFor() {
    hints.failing = true;
    assertThat(book.find(PEER)).isEqualTo(PeerRecord.NONE);
    assertThat(isGood(delivered(book))).isTrue();
    assertThat(isGood(book.find(PEER))).isTrue();
    // More failed recalls than may be under way: each gives its place back.
    for (int i = 0; i < 500; i++) {
      PeerRecord _ = look(book);
    }
    hints.failing = false;
    assertThat(isGood(look(book))).isTrue();
  }

  @Test
  void whatAStoreThatFailedDidNotTakeIsWrittenWhenItWorks() {
    hints.failing = true;
    PeerRecord _ = delivered(book);
    await(() -> hints.failed.get() > 3);
    PeerRecord _ = did(book, Misdeed.TRAP);
    hints.failing = false;
    await(() -> isGood(stored()) && stored().points() > 19);
    assertThat(book.lost()).isZero();
    assertThat(isGood(look(node()))).isTrue();
  }

  @Test
  void aStoreThatHangsIsWaitedForNoLongerThanIsSaid() {
    PeerRecord good = delivered(book);
    hints.hanging = new CountDownLatch(1);
    long began = System.nanoTime();
    for (int i = 0; i < 200; i++) { // more than may be asked for at once
      assertThat(book.look(PEER, Duration.ofMillis(1))).isEqualTo(good);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void trustIsWrittenHoweverMuchIsKnownOfBots() {
    CountDownLatch hanging = new CountDownLatch(1);
    hints.hanging = hanging;
    for (int i = 0; i < 3_000; i++) {
      clock.advance(Duration.ofMillis(20)); // not too many in a second
      Origin bot = Origin.of(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256));
      PeerRecord _ = book.change(bot, record -> record.with(Misdeed.TRAP, clock.millis()));
    }
    assertThat(book.lost()).isBetween(1_990L, 2_000L);
    PeerRecord _ = delivered(book);
    hints.hanging = null;
    hanging.countDown();
    await(() -> isGood(stored()));
  }

  @Test
  void whoWasNotAskedForAtTheDoorIsAskedForInside() {
    PeerRecord _ = delivered(book);
    await(() -> isGood(stored()));
    CountDownLatch hanging = new CountDownLatch(1);
    hints.hanging = hanging;
    PeerBook other = node();
    for (int i = 0; i < 4; i++) { // as many as may be asked for at the door
      PeerRecord _ = other.find(Origin.of(InetAddress.ofLiteral("192.0.2." + (i + 10))));
    }
    await(() -> hints.read.get() >= 4);
    PeerRecord _ = passed(other);
    assertThat(isGood(other.find(PEER))).isFalse();
    hints.hanging = null; // those go on hanging
    other.awaitRecall(PEER, Duration.ofSeconds(10));
    assertThat(isGood(other.find(PEER))).isTrue();
    hanging.countDown();
  }

  @Test
  void aStoreThatHangsIsNotWaitedFor() {
    hints.hanging = new CountDownLatch(1);
    for (int i = 0; i < 50_000; i++) {
      Origin origin = Origin.of(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256));
      assertThat(book.find(origin)).isEqualTo(PeerRecord.NONE);
      PeerRecord _ = book.change(origin, record -> record.delivered(clock.millis()));
      assertThat(book.find(origin).goodUntil()).isGreaterThan(clock.millis());
    }
    assertThat(book.lost()).as("what there is no room for").isBetween(29_000L, 30_000L);
  }

  private boolean isStored(Origin origin) {
    return store.hints().get("guard-peers", origin.key()) != null;
  }

  @Test
  void whatBotsDoIsWrittenAHundredTimesASecondAtMost() {
    List<Origin> bots = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      bots.add(Origin.of(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256)));
      PeerRecord _ = book.change(bots.getLast(), r -> r.with(Misdeed.EARLY_TALK, clock.millis()));
    }
    PeerRecord good = delivered(book);
    await(() -> stored().equals(good));
    assertThat(bots.stream().filter(this::isStored)).hasSize(100);
    assertThat(book.lost()).isEqualTo(20_000 - 100);
    clock.advance(Duration.ofMillis(10));
    PeerRecord _ = book.change(bots.getLast(), r -> r.passed(clock.millis()));
    await(() -> isStored(bots.getLast()));
  }

  @Test
  void whatIsOverIsKeptNoLonger() {
    Origin bot = Origin.of(InetAddress.ofLiteral("10.0.0.1"));
    PeerRecord _ = book.change(bot, record -> record.with(Misdeed.EARLY_TALK, clock.millis()));
    PeerRecord _ = delivered(book);
    await(() -> isStored(PEER));
    assertThat(isStored(bot)).isTrue();
    clock.advance(Duration.ofHours(3));
    assertThat(isStored(bot)).isFalse();
    clock.advance(Duration.ofDays(34));
    assertThat(isStored(PEER)).isTrue();
  }

  @Test
  void trustThatWasNotRecalledYetIsNotLostByWhatHappensMeanwhile() {
    PeerRecord _ = delivered(book);
    await(() -> isGood(stored()));
    clock.advance(Duration.ofDays(2));
    hints.failing = true; // the recall at the door comes to nothing
    PeerBook restarted = node();
    assertThat(isGood(restarted.find(PEER))).isFalse();
    hints.failing = false;
    PeerRecord passed = passed(restarted);
    await(() -> stored().passedUntil() == passed.passedUntil());
    assertThat(isGood(stored())).isTrue();
    PeerRecord _ = look(restarted);
    assertThat(isGood(restarted.find(PEER))).isTrue();
    assertThat(restarted.find(PEER).passedUntil()).isEqualTo(passed.passedUntil());
  }

  @Test
  void pointsThatWereNotRecalledYetAreNotLostNorCountedTwice() {
    PeerRecord _ = did(book, Misdeed.TRAP);
    await(() -> stored().points() == 20);
    PeerBook restarted = node();
    PeerRecord _ = did(restarted, Misdeed.ERRORS);
    assertThat(look(restarted).points()).isEqualTo(20);
    assertThat(look(restarted).points()).isEqualTo(20);
  }

  @Test
  void whatIsForgottenIsForgottenByAll() {
    PeerRecord _ = delivered(book);
    await(() -> isGood(stored()));
    PeerBook other = node();
    assertThat(isGood(look(other))).isTrue();
    clock.advance(Duration.ofSeconds(1));
    book.forget(PEER);
    assertThat(isGood(book.find(PEER))).isFalse();
    await(() -> !isGood(stored()));
    clock.advance(Duration.ofHours(23)); // the other does not ask before
    assertThat(isGood(look(book))).isFalse();
    assertThat(isGood(look(other))).isFalse();
    assertThat(isGood(look(node()))).isFalse();
  }

  @Test
  void whatIsForgottenWhileNobodyIsAtTheDoorStaysSo() {
    PeerRecord _ = delivered(book);
    await(() -> isGood(stored()));
    clock.advance(Duration.ofSeconds(1));
    PeerBook.forget(hints, clock, PEER);
    assertThat(isGood(look(node()))).isFalse();
    assertThat(isGood(look(book))).isFalse();
  }

  @Test
  void whatWasNotWrittenIsWrittenAtTheEnd() throws InterruptedException {
    hints.hanging = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      Origin origin = Origin.of(InetAddress.ofLiteral("10.0.0." + i));
      PeerRecord _ = book.change(origin, record -> record.passed(clock.millis()));
    }
    hints.hanging.countDown();
    writers.getFirst().interrupt();
    assertThat(writers.getFirst().join(Duration.ofSeconds(10))).isTrue();
    for (int i = 0; i < 100; i++) {
      Origin origin = Origin.of(InetAddress.ofLiteral("10.0.0." + i));
      assertThat(store.hints().get("guard-peers", origin.key())).as("address %d", i).isNotNull();
    }
  }

  @Test
  void theStoreIsNotAskedAgainForWhatItSaidALittleWhileAgo() {
    PeerBook other = node();
    assertThat(look(book)).isEqualTo(PeerRecord.NONE);
    long began = clock.nanoTime();
    assertThat(book.lookSince(began, PEER, Duration.ofSeconds(10))).isEqualTo(look(other));
    assertThat(hints.read).hasValue(2);
    clock.advance(Duration.ofSeconds(1));
    long again = clock.nanoTime();
    PeerRecord _ = book.lookSince(again, PEER, Duration.ofSeconds(10));
    PeerRecord _ = book.lookSince(again, PEER, Duration.ofSeconds(10));
    assertThat(hints.read).as("once a visit").hasValue(3);
  }
}
