package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.everpost.core.row.Proto;
import org.junit.jupiter.api.Test;

/** What is remembered of an address, and what it is taken for. */
class PeerRecordTest {

  private static final long NOW = 1_800_000_000_000L;

  private static long after(Duration duration) {
    return NOW + duration.toMillis();
  }

  @Test
  void nothingIsKnownAtFirst() {
    for (Gate gate : Gate.values()) {
      assertThat(PeerRecord.NONE.at(gate, NOW)).isEqualTo(PeerClass.UNKNOWN);
    }
    assertThat(PeerRecord.NONE.pointsAt(NOW)).isZero();
  }

  @Test
  void halfOfThePointsAreForgottenInHalfAnHour() {
    PeerRecord record = PeerRecord.NONE.with(Misdeed.TRAP, NOW);
    assertThat(record.pointsAt(NOW)).isEqualTo(20);
    assertThat(record.pointsAt(after(Duration.ofMinutes(30)))).isCloseTo(10, within(0.01f));
    assertThat(record.pointsAt(after(Duration.ofHours(1)))).isCloseTo(5, within(0.01f));
    assertThat(record.pointsAt(NOW - 1_000))
        .as("a clock that went back")
        .isCloseTo(20, within(0.01f));
    assertThat(record.pointsAt(NOW - Duration.ofDays(365).toMillis()))
        .as("a clock that was wrong")
        .isZero();
  }

  @Test
  void tenPointsMakeAStrangerBadUntilSomeAreForgotten() {
    PeerRecord record = PeerRecord.NONE.with(Misdeed.ERRORS, NOW).with(Misdeed.ERRORS, NOW);
    assertThat(record.at(Gate.MX, NOW)).isEqualTo(PeerClass.UNKNOWN);
    record = record.with(Misdeed.IDLENESS, NOW).with(Misdeed.FAILED_LOGIN, NOW);
    assertThat(record.points()).isEqualTo(PeerRecord.BAD_FROM);
    for (Gate gate : Gate.values()) {
      assertThat(record.at(gate, NOW)).isEqualTo(PeerClass.BAD);
    }
    assertThat(record.at(Gate.MX, after(Duration.ofMinutes(3)))).isEqualTo(PeerClass.UNKNOWN);
    assertThat(record.last()).isEqualTo(Misdeed.FAILED_LOGIN);
  }

  @Test
  void tenPointsAreNotLessAMomentLater() {
    long later = after(Duration.ofSeconds(2));
    PeerRecord record = PeerRecord.NONE.with(Misdeed.FALSE_NAME, NOW);
    PeerRecord twice = record.with(Misdeed.FALSE_NAME, later);
    assertThat(twice.at(Gate.MX, later)).isEqualTo(PeerClass.BAD);
    assertThat(twice.isNewsAfter(record, later)).isTrue();
    PeerRecord listed = PeerRecord.NONE.with(Misdeed.LISTED, NOW);
    assertThat(listed.at(Gate.MX, later)).isEqualTo(PeerClass.BAD);
  }

  @Test
  void onceIsEnoughForWhatOnlyBotsDo() {
    PeerRecord early = PeerRecord.NONE.with(Misdeed.EARLY_TALK, NOW);
    assertThat(early.at(Gate.MX, after(Duration.ofMinutes(19)))).isEqualTo(PeerClass.BAD);
    assertThat(early.at(Gate.MX, after(Duration.ofMinutes(20)))).isEqualTo(PeerClass.UNKNOWN);
    PeerRecord trapped = PeerRecord.NONE.with(Misdeed.TRAP, NOW);
    assertThat(trapped.at(Gate.MX, after(Duration.ofMinutes(32)))).isEqualTo(PeerClass.BAD);
    assertThat(trapped.at(Gate.MX, after(Duration.ofMinutes(33)))).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void aRecordIsKeptAsLongAsItMatters() {
    PeerRecord bad = PeerRecord.NONE.with(Misdeed.TRAP, NOW);
    assertThat(bad.lifeAt(NOW)).isBetween(Duration.ofHours(2), Duration.ofHours(3));
    assertThat(bad.passed(NOW).lifeAt(NOW)).isEqualTo(PeerRecord.PASSED_LIFE);
    assertThat(bad.loggedIn(NOW).lifeAt(NOW)).isEqualTo(PeerRecord.HOME_LIFE);
    assertThat(PeerRecord.NONE.delivered(NOW).lifeAt(NOW)).isEqualTo(PeerRecord.GOOD_LIFE);
    assertThat(PeerRecord.NONE.lifeAt(NOW)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whoeverEarnedTrustMayDoMoreWrong() {
    PeerRecord record = PeerRecord.NONE.delivered(NOW);
    for (int i = 0; i < 3; i++) {
      record = record.with(Misdeed.EARLY_TALK, NOW);
    }
    assertThat(record.at(Gate.MX, NOW)).isEqualTo(PeerClass.GOOD);
    assertThat(record.at(Gate.IMAP, NOW)).as("trust in mail is for mail").isEqualTo(PeerClass.BAD);
    assertThat(record.with(Misdeed.EARLY_TALK, NOW).at(Gate.MX, NOW)).isEqualTo(PeerClass.BAD);
  }

  @Test
  void theWorstIsForgottenWithinTwoHoursAndAHalf() {
    PeerRecord record = PeerRecord.NONE;
    for (int i = 0; i < 1_000; i++) {
      record = record.with(Misdeed.TRAP, NOW);
    }
    assertThat(record.at(Gate.MX, after(Duration.ofHours(2)))).isEqualTo(PeerClass.BAD);
    assertThat(record.at(Gate.MX, after(Duration.ofMinutes(150)))).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void eachServiceHasItsOwnTrust() {
    PeerRecord delivered = PeerRecord.NONE.delivered(NOW);
    assertThat(delivered.at(Gate.MX, NOW)).isEqualTo(PeerClass.GOOD);
    assertThat(delivered.at(Gate.SUBMISSION, NOW)).isEqualTo(PeerClass.UNKNOWN);
    PeerRecord home = PeerRecord.NONE.loggedIn(NOW);
    assertThat(home.at(Gate.MX, NOW)).isEqualTo(PeerClass.UNKNOWN);
    for (Gate gate : new Gate[] {Gate.SUBMISSION, Gate.IMAP, Gate.POP3}) {
      assertThat(home.at(gate, NOW)).isEqualTo(PeerClass.GOOD);
    }
  }

  @Test
  void trustEnds() {
    PeerRecord record = PeerRecord.NONE.delivered(NOW).loggedIn(NOW);
    long delivery = after(PeerRecord.GOOD_LIFE);
    assertThat(record.at(Gate.MX, delivery - 1)).isEqualTo(PeerClass.GOOD);
    assertThat(record.at(Gate.MX, delivery)).isEqualTo(PeerClass.UNKNOWN);
    long login = after(PeerRecord.HOME_LIFE);
    assertThat(record.at(Gate.IMAP, login - 1)).isEqualTo(PeerClass.GOOD);
    assertThat(record.at(Gate.IMAP, login)).isEqualTo(PeerClass.UNKNOWN);
    assertThat(PeerRecord.NONE.passed(NOW).passedUntil()).isEqualTo(after(Duration.ofDays(1)));
  }

  @Test
  void aWantedMessageHeals() {
    PeerRecord record = PeerRecord.NONE.with(Misdeed.ERRORS, NOW).delivered(NOW);
    assertThat(record.points()).isZero();
    assertThat(record.last()).isNull();
    record = PeerRecord.NONE.with(Misdeed.TRAP, NOW).delivered(NOW);
    assertThat(record.points()).isEqualTo(15);
    assertThat(record.last()).isEqualTo(Misdeed.TRAP);
  }

  @Test
  void whoeverWroteToATrapIsNotGoodByAMessage() {
    PeerRecord trapped = PeerRecord.NONE.with(Misdeed.TRAP, NOW);
    assertThat(trapped.delivered(NOW).goodUntil()).isZero();
    PeerRecord halfway = PeerRecord.NONE.with(Misdeed.FALSE_NAME, NOW);
    for (long at : new long[] {NOW, after(Duration.ofSeconds(2))}) {
      assertThat(halfway.delivered(at).isGoodFor(Gate.MX, at)).isFalse();
    }
    PeerRecord less = PeerRecord.NONE.with(Misdeed.ERRORS, NOW);
    assertThat(less.delivered(NOW).isGoodFor(Gate.MX, NOW)).isTrue();
  }

  @Test
  void whoeverIsGoodStaysSoByMoreMessages() {
    PeerRecord record = PeerRecord.NONE.delivered(NOW).with(Misdeed.TRAP, NOW);
    long later = after(Duration.ofMinutes(1));
    assertThat(record.delivered(later).goodUntil())
        .isEqualTo(later + PeerRecord.GOOD_LIFE.toMillis());
  }

  @Test
  void onlyWhatMattersToOthersIsNews() {
    PeerRecord none = PeerRecord.NONE;
    assertThat(none.isNewsAfter(none, NOW)).isFalse();
    assertThat(none.with(Misdeed.ERRORS, NOW).isNewsAfter(none, NOW)).isFalse();
    assertThat(none.with(Misdeed.EARLY_TALK, NOW).isNewsAfter(none, NOW)).isTrue();
    assertThat(none.passed(NOW).isNewsAfter(none, NOW)).isTrue();
    assertThat(none.delivered(NOW).isNewsAfter(none, NOW)).isTrue();
    assertThat(none.loggedIn(NOW).isNewsAfter(none, NOW)).isTrue();
    PeerRecord good = none.delivered(NOW);
    long soon = after(Duration.ofHours(11));
    assertThat(good.delivered(soon).isNewsAfter(good, soon)).isFalse();
    long late = after(Duration.ofHours(13));
    assertThat(good.delivered(late).isNewsAfter(good, late)).isTrue();
    PeerRecord bad = none.with(Misdeed.TRAP, NOW);
    assertThat(bad.with(Misdeed.EARLY_TALK, NOW).isNewsAfter(bad, NOW)).isFalse();
    PeerRecord healed = bad.delivered(NOW).delivered(NOW).delivered(NOW);
    assertThat(healed.isNewsAfter(bad, NOW)).isTrue();
    PeerRecord worst = bad.with(Misdeed.TRAP, NOW).with(Misdeed.EARLY_TALK, NOW);
    assertThat(worst.isNewsAfter(bad, NOW)).isTrue();
  }

  @Test
  void aClockThatIsSomeSecondsAheadChangesNothingAndOneThatIsWrongDoesNotCount() {
    PeerRecord ahead = PeerRecord.NONE.with(Misdeed.TRAP, after(Duration.ofSeconds(20)));
    assertThat(ahead.soundAt(NOW)).isEqualTo(ahead);
    assertThat(PeerRecord.NONE.delivered(NOW).with(ahead).at(Gate.IMAP, NOW))
        .isEqualTo(PeerClass.BAD);
    long wrong = after(Duration.ofDays(365));
    assertThat(PeerRecord.NONE.delivered(wrong).soundAt(NOW)).isEqualTo(PeerRecord.NONE);
    assertThat(PeerRecord.forgotten(wrong).soundAt(NOW)).isEqualTo(PeerRecord.NONE);
  }

  @Test
  void itMakesNoDifferenceWhoHearsOfWhomFirst() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      PeerRecord[] nodes = {PeerRecord.NONE, PeerRecord.NONE, PeerRecord.NONE};
      long now = NOW;
      for (int step = 0; step < 12; step++) {
        now += random.nextInt(1, 600_000);
        int node = random.nextInt(nodes.length);
        nodes[node] = happens(nodes[node], random, now);
        int other = random.nextInt(nodes.length);
        if (random.nextBoolean()) {
          nodes[other] = nodes[other].with(nodes[node]);
        }
      }
      PeerRecord one = nodes[0].with(nodes[1]).with(nodes[2]);
      PeerRecord another = nodes[2].with(nodes[0]).with(nodes[1]);
      assertThat(one.with(one)).as("seed %d", seed).isEqualTo(one);
      assertThat(one.with(another)).as("seed %d", seed).isEqualTo(another.with(one));
      for (Gate gate : Gate.values()) {
        assertThat(one.isGoodFor(gate, now)).isEqualTo(another.isGoodFor(gate, now));
      }
    }
  }

  private static PeerRecord happens(PeerRecord to, Random random, long now) {
    return switch (random.nextInt(6)) {
      case 0 -> to.passed(now);
      case 1 -> to.delivered(now);
      case 2 -> to.loggedIn(now);
      case 3 -> PeerRecord.forgotten(now);
      default -> to.with(Misdeed.TRAP, now);
    };
  }

  @Test
  void whatIsEncodedIsDecodedTheSame() {
    for (Misdeed misdeed : Misdeed.values()) {
      PeerRecord record =
          new PeerRecord(NOW, 12.5f, misdeed, NOW + 1, NOW + 2, NOW + 3, NOW + 4, NOW + 5);
      assertThat(PeerRecord.decode(record.encode())).isEqualTo(record);
    }
    assertThat(PeerRecord.decode(PeerRecord.NONE.encode())).isEqualTo(PeerRecord.NONE);
    assertThat(PeerRecord.decode(null)).isEqualTo(PeerRecord.NONE);
  }

  @Test
  void whatIsDamagedDoesNoHarm() {
    byte[] whole = new PeerRecord(NOW, 12.5f, Misdeed.TRAP, NOW, NOW, NOW, NOW, NOW).encode();
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      PeerRecord record = PeerRecord.decode(damaged);
      assertThat(record.pointsAt(NOW)).as("round %d", i).isBetween(0f, 300f);
      assertThat(record.at(Gate.MX, NOW)).isNotNull();
    }
    for (float points : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1, 301}) {
      byte[] value = Proto.encode(out -> out.writeFloat(2, points));
      assertThat(PeerRecord.decode(value).points()).isZero();
    }
    byte[] value = Proto.encode(out -> out.writeString(3, "SOMETHING_NEW"));
    assertThat(PeerRecord.decode(value).last()).isNull();
  }
}
