package org.everpost.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.everpost.core.commit.LossyStore;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.row.Proto;
import org.everpost.core.time.Clock;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each with a clock of its own. */
class NodeLeaseTest {

  private static final NodeId A = new NodeId("aaaaaaaaaaaaaaaa");
  private static final NodeId B = new NodeId("bbbbbbbbbbbbbbbb");
  private static final Duration DEAD = NodeLease.TERM.plus(NodeLease.CLOCK_SKEW).plusSeconds(1);

  private final RandomSource random = RandomSource.seeded(1);
  private final ManualClock clockA = new ManualClock();
  private final ManualClock clockB = new ManualClock();
  private final LossyStore store = new LossyStore(new MemoryStore(clockA, random));

  private NodeLease take(NodeId node, ManualClock clock) {
    OptimisticCommit commits = new OptimisticCommit(store.ledger(), clock, random);
    return NodeLease.take(node, "host", true, commits, clock, random);
  }

  private void pass(Duration duration) {
    clockA.advance(duration);
    clockB.advance(duration);
  }

  @Test
  void aLeaseHoldsAsLongAsItIsRenewed() {
    NodeLease a = take(A, clockA);
    NodeLease b = take(B, clockB);
    assertThat(a.own("s")).isTrue();
    for (int i = 0; i < 20; i++) {
      pass(NodeLease.RENEWAL);
      assertThat(a.renew()).isTrue();
      assertThat(b.renew()).isTrue();
      assertThat(a.isValid()).isTrue();
      assertThat(b.dead()).isEmpty();
      assertThat(b.adopt(A)).isEmpty();
    }
    pass(NodeLease.TERM);
    assertThat(a.isValid()).isFalse();
    assertThat(a.isLost()).isFalse();
    assertThat(a.renew()).isTrue();
    assertThat(a.isValid()).isTrue();
    assertThat(a.spools()).containsExactly("s");
  }

  @Test
  void ofTwoProcessesOfOneNodeTheOtherHasThePlaceWhenThisOneHasEnded() {
    NodeLease first = take(A, clockA);
    first.own("s");
    NodeLease copy = take(A, clockB);
    for (int i = 0; i < 20; i++) {
      pass(NodeLease.RENEWAL);
      assertThat(copy.renew()).isTrue();
      assertThat(first.renew()).isFalse();
      assertThat(first.takeAgain(random)).isEmpty();
    }
    clockA.advance(NodeLease.TERM);
    assertThat(first.takeAgain(random)).isEmpty();
    for (int i = 0; i < 5; i++) { // copies that start and die again and again
      copy = take(A, clockB);
      assertThat(first.takeAgain(random)).isEmpty();
    }
    clockA.advance(NodeLease.CLOCK_SKEW.plusSeconds(1));
    assertThatThrownBy(
            () -> {
              store.loseNext(() -> {});
              first.takeAgain(random);
            })
        .isInstanceOf(StoreUnavailableException.class);
    NodeLease again = first.takeAgain(random).orElseThrow();
    assertThat(again.isValid()).isTrue();
    assertThat(again.spools()).containsExactly("s");
    assertThat(copy.renew()).isFalse();
  }

  /** As one that is started again and again because its ports are taken. */
  @Test
  void aCopyThatDiesAtEachStartHasThePlaceForAMinuteOnceOnly() {
    NodeLease first = take(A, clockA);
    first.own("s");
    NodeLease _ = take(A, clockB);
    assertThat(first.renew()).isFalse();
    assertThat(first.takeAgain(random)).isEmpty();
    pass(NodeLease.TERM.plus(NodeLease.CLOCK_SKEW).plusMillis(1));
    NodeLease again = first.takeAgain(random).orElseThrow();
    for (int i = 0; i < 5; i++) {
      pass(NodeLease.RENEWAL);
      NodeLease _ = take(A, clockB);
      assertThat(again.renew()).isFalse();
      again = again.takeAgain(random).orElseThrow();
      assertThat(again.spools()).containsExactly("s");
    }
    pass(Duration.ofHours(1));
    NodeLease living = take(A, clockB); // on another day
    assertThat(again.renew()).isFalse();
    assertThat(again.takeAgain(random)).isEmpty();
    pass(NodeLease.TERM);
    assertThat(living.renew()).isTrue();
    assertThat(again.takeAgain(random)).isEmpty();
  }

  @Test
  void whoTookThePlaceBackKeepsItFromOneThatLives() {
    NodeLease first = take(A, clockA);
    NodeLease _ = take(A, clockB);
    assertThat(first.renew()).isFalse();
    assertThat(first.takeAgain(random)).isEmpty();
    pass(NodeLease.TERM.plus(NodeLease.CLOCK_SKEW).plusMillis(1));
    NodeLease again = first.takeAgain(random).orElseThrow();
    NodeLease copy = take(A, clockB); // one that lives waits until the other is seen to die
    assertThat(again.renew()).isFalse();
    again = again.takeAgain(random).orElseThrow();
    assertThat(copy.renew()).isFalse();
    assertThat(copy.takeAgain(random)).isEmpty();
    pass(NodeLease.TERM);
    assertThat(again.renew()).isTrue();
    assertThat(copy.takeAgain(random)).isEmpty();
  }

  @Test
  void theTimeIsWhatTwoClocksSay() throws InterruptedException {
    assertThat(timeSeenBy(clockA)).isEqualTo(clockA.instant());
    NodeLease a = take(A, clockA);
    NodeLease b = take(B, clockB);
    clockA.advance(Duration.ofDays(3));
    assertThat(timeSeenBy(clockA, a, b)).as("one is ahead").isEqualTo(clockB.instant());
    assertThat(timeSeenBy(clockB, a, b)).isEqualTo(clockB.instant());
    assertThat(timeSeenBy(clockA, a)).as("only one is alive").isEqualTo(clockA.instant());
    assertThat(timeSeenBy(clockA, b)).as("one without a lease").isEqualTo(clockB.instant());
    assertThat(timeSeenBy(clockA)).as("all are dead").isEqualTo(clockA.instant());
  }

  /** While others renew their leases. */
  private Instant timeSeenBy(ManualClock clock, NodeLease... alive) throws InterruptedException {
    Clock resting =
        new Clock() {
          @Override
          public Instant instant() {
            return clock.instant();
          }

          @Override
          public long nanoTime() {
            return clock.nanoTime();
          }

          @Override
          public void sleep(Duration duration) {
            pass(duration);
            for (NodeLease each : alive) {
              each.renew();
            }
          }
        };
    return CommonTime.now(store.ledger(), resting);
  }

  @Test
  void whatADeadNodeOwnedIsTheAdopters() {
    NodeLease a = take(A, clockA);
    a.own("one");
    a.own("two");
    a.own("two");
    a.own("three");
    a.disown("three");
    NodeLease b = take(B, clockB);
    b.own("four");
    pass(DEAD);
    assertThat(b.renew()).isTrue();
    assertThat(b.dead()).containsExactly(A);
    assertThat(b.adopt(A)).containsExactly("one", "two");
    assertThat(b.spools()).containsExactly("four", "one", "two");
    assertThat(b.dead()).isEmpty();
    assertThat(b.adopt(A)).isEmpty();

    assertThat(a.owns("one")).isFalse();
    assertThat(a.own("five")).isFalse();
    a.disown("one");
    assertThat(a.renew()).isFalse();
    assertThat(a.isLost()).isTrue();
    assertThat(a.isValid()).isFalse();
    assertThat(a.adopt(B)).isEmpty();
    assertThat(b.spools()).containsExactly("four", "one", "two");
    assertThat(take(A, clockA).spools()).isEmpty();
  }

  @Test
  void whoComesBackInTimeKeepsWhatItHas() {
    NodeLease a = take(A, clockA);
    a.own("s");
    NodeLease b = take(B, clockB);
    pass(DEAD);
    b.renew();
    assertThat(b.dead()).containsExactly(A);
    store.beforeNext(() -> assertThat(a.renew()).isTrue()); // between B's look and its commit
    assertThat(b.adopt(A)).isEmpty();
    assertThat(a.spools()).containsExactly("s");
    assertThat(b.spools()).isEmpty();
  }

  @Test
  void whoComesBackTooLateHasLostIt() {
    NodeLease a = take(A, clockA);
    a.own("s");
    NodeLease b = take(B, clockB);
    pass(DEAD);
    b.renew();
    store.beforeNext(() -> assertThat(b.adopt(A)).containsExactly("s"));
    assertThat(a.renew()).isFalse();
    assertThat(a.isLost()).isTrue();
    assertThat(b.spools()).containsExactly("s");
  }

  @Test
  void anAdopterThatIsDeadItselfAdoptsNothing() {
    NodeLease a = take(A, clockA);
    a.own("s");
    NodeLease b = take(B, clockB);
    pass(DEAD);
    NodeLease later = take(B, clockB);
    assertThat(b.adopt(A)).isEmpty();
    assertThat(later.adopt(A)).containsExactly("s");
  }

  @Test
  void anotherProcessOfTheSameNodeTakesItsPlace() {
    NodeLease first = take(A, clockA);
    first.own("s");
    NodeLease second = take(A, clockB);
    assertThat(second.spools()).containsExactly("s");
    assertThat(first.stamp()).isNotEqualTo(second.stamp()).hasSize(32);
    assertThat(first.spools()).isEmpty();
    assertThat(first.own("t")).isFalse();
    assertThat(first.isLost()).isTrue();
    assertThat(second.renew()).isTrue();
  }

  @Test
  void aLeaseEndsByEitherClock() {
    NodeLease asleep = take(A, clockA);
    clockA.wallClock(NodeLease.TERM); // as after suspension, through which the other stood still
    assertThat(asleep.isValid()).isFalse();
    assertThat(asleep.renew()).isTrue();
    assertThat(asleep.isValid()).isTrue();
    clockA.advance(NodeLease.TERM);
    clockA.wallClock(NodeLease.TERM.negated()); // set back
    assertThat(asleep.isValid()).isFalse();
  }

  @Test
  void theTimeTheStoreTakesIsNotGivenToTheLease() {
    NodeLease a = take(A, clockA);
    store.beforeNext(() -> clockA.advance(NodeLease.TERM));
    assertThat(a.renew()).isTrue();
    assertThat(a.isValid()).isFalse();
  }

  @Test
  void clocksMayDifferByTenSeconds() {
    clockB.advance(NodeLease.CLOCK_SKEW);
    NodeLease a = take(A, clockA);
    a.own("s");
    NodeLease b = take(B, clockB);
    pass(NodeLease.TERM.minusMillis(1));
    assertThat(a.isValid()).isTrue();
    assertThat(b.dead()).isEmpty();
  }

  @Test
  void anUnknownOutcomeIsSortedOutByTheNextCall() {
    NodeLease a = take(A, clockA);
    a.own("s");
    NodeLease b = take(B, clockB);
    pass(DEAD);
    b.renew();
    store.loseNext(() -> {});
    assertThatThrownBy(() -> b.adopt(A)).isInstanceOf(StoreUnavailableException.class);
    assertThat(b.adopt(A)).isEmpty();
    assertThat(b.spools()).containsExactly("s");
    store.loseNext(() -> {});
    assertThatThrownBy(b::renew).isInstanceOf(StoreUnavailableException.class);
    assertThat(b.renew()).isTrue();
    assertThat(b.isValid()).isTrue();
  }

  // ---- rows and names ----

  private static final NodeRow ROW =
      new NodeRow(
          "mail.example.test", -5, Instant.ofEpochMilli(1_800_000_000_123L), List.of("x", "y"));

  /** Written by 0.1. If this fails, the stored form has changed: keep reading the old one. */
  @Test
  void rowsOfRelease01() {
    String stored =
        "0a116d61696c2e6578616d706c652e7465737411fbffffffffffffff18fba0f1c2b134220178220179";
    assertThat(HexFormat.of().formatHex(ROW.encode())).isEqualTo(stored);
    assertThat(NodeRow.decode(HexFormat.of().parseHex(stored))).isEqualTo(ROW);
    assertThat(HexFormat.of().formatHex(NodeRow.key(A))).isEqualTo("01" + "61".repeat(16));
    assertThat(NodeRow.node(NodeRow.key(A))).isEqualTo(A);
  }

  @Test
  void fieldsOfALaterReleaseAreSkipped() {
    byte[] later =
        Proto.encode(out -> {
          writeUnknown(out);
          out.writeRawBytes(ROW.encode());
          writeUnknown(out);
        });
    assertThat(NodeRow.decode(later)).isEqualTo(ROW);
    assertThatIllegalStateException().isThrownBy(() -> NodeRow.decode(new byte[] {9, 9}));
  }

  private static void writeUnknown(CodedOutputStream out) throws IOException {
    out.writeString(99, "later");
    out.writeFixed64(101, 6);
  }

  @Test
  void aNodeKeepsItsName(@TempDir Path data) throws IOException {
    NodeId made = NodeId.of(data, random);
    assertThat(NodeId.of(data, random)).isEqualTo(made);
    assertThat(data.resolve("node.new")).doesNotExist();
    assertThat(new NodeId(made.text())).isEqualTo(made).hasToString(made.text());
    for (String damaged : List.of("", "0123", "0123456789ABCDEF", "0123456789abcdeg", "\u00e9")) {
      Files.writeString(data.resolve("node"), damaged);
      assertThatIOException().isThrownBy(() -> NodeId.of(data, random));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeId("\uff11".repeat(16)));
  }
}
