package org.everpost.server.guard;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.time.Duration;
import org.everpost.core.row.Proto;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an address. Times are milliseconds since 1970; 0 is never.
 *
 * @param changedAt when any of this was last changed
 * @param points for misdeeds, as they were at {@code changedAt}
 * @param last the misdeed that was counted last; null: none
 * @param passedUntil so long it need not pass the test of patience again
 * @param goodUntil so long it counts as one that brings wanted mail
 * @param homeUntil so long it counts as one that users of ours log in from
 * @param healedAt when a message that was wanted last took points away
 * @param forgottenAt when an operator had all forgotten that was known before
 */
record PeerRecord(
    long changedAt,
    float points,
    @Nullable Misdeed last,
    long passedUntil,
    long goodUntil,
    long homeUntil,
    long healedAt,
    long forgottenAt) {

  static final PeerRecord NONE = new PeerRecord(0, 0, null, 0, 0, 0, 0, 0);

  /** So many points make a stranger bad. */
  static final float BAD_FROM = 10;

  /** So many one who has earned trust, among whose many users some misbehave. */
  static final float BAD_FROM_THOUGH_GOOD = 50;

  static final Duration HALF_LIFE = Duration.ofMinutes(30);
  static final Duration PASSED_LIFE = Duration.ofDays(1);
  static final Duration GOOD_LIFE = Duration.ofDays(35);
  static final Duration HOME_LIFE = Duration.ofDays(30);

  /** Above this nothing is counted, so that everything is forgotten within two hours and a half. */
  private static final float MAX_POINTS = 300;

  /** So much a message that was wanted makes up for. */
  private static final float HEALING = 5;

  /** How long a node keeps what it does not need: what is forgotten is not before that. */
  static final Duration COPY_LIFE = Duration.ofHours(24);

  /** So much the clocks of nodes may differ. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** How long a mark of trust is not written again. */
  private static final Duration FRESH = Duration.ofHours(12);

  /** A clock that was wrong and was set right must not keep anything for ever: either way heals. */
  float pointsAt(long now) {
    double halves = (double) Math.abs(now - changedAt) / HALF_LIFE.toMillis();
    return points == 0 ? 0 : (float) (points * Math.pow(0.5, halves));
  }

  /** Rounded, as an operator sees them: ten are not nine a moment after they were counted. */
  private boolean has(float points, long now) {
    return pointsAt(now) > points - 0.5f;
  }

  boolean isGoodFor(Gate gate, long now) {
    return (gate == Gate.MX ? goodUntil : homeUntil) > now;
  }

  PeerClass at(Gate gate, long now) {
    boolean good = isGoodFor(gate, now);
    if (has(good ? BAD_FROM_THOUGH_GOOD : BAD_FROM, now)) {
      return PeerClass.BAD;
    }
    return good ? PeerClass.GOOD : PeerClass.UNKNOWN;
  }

  PeerRecord with(Misdeed misdeed, long now) {
    float sum = Math.min(MAX_POINTS, pointsAt(now) + misdeed.points());
    return new PeerRecord(
        now, sum, misdeed, passedUntil, goodUntil, homeUntil, healedAt, forgottenAt);
  }

  PeerRecord passed(long now) {
    return new PeerRecord(
        now,
        pointsAt(now),
        last,
        now + PASSED_LIFE.toMillis(),
        goodUntil,
        homeUntil,
        healedAt,
        forgottenAt);
  }

  /** A message that was wanted heals; it makes good only who was not halfway to being bad. */
  PeerRecord delivered(long now) {
    float before = pointsAt(now);
    float rest = Math.max(0, before - HEALING);
    return new PeerRecord(
        now,
        rest,
        rest == 0 ? null : last,
        now + PASSED_LIFE.toMillis(),
        !has(BAD_FROM / 2, now) || goodUntil > now ? now + GOOD_LIFE.toMillis() : goodUntil,
        homeUntil,
        before > 0 ? now : healedAt,
        forgottenAt);
  }

  PeerRecord loggedIn(long now) {
    return new PeerRecord(
        now,
        pointsAt(now),
        last,
        passedUntil,
        goodUntil,
        now + HOME_LIFE.toMillis(),
        healedAt,
        forgottenAt);
  }

  /** Nothing, from now on and on all nodes. */
  static PeerRecord forgotten(long now) {
    return new PeerRecord(now, 0, null, 0, 0, 0, now, now);
  }

  /**
   * This one with what another node knows, or this one knew before: what was earned and what was
   * done counts wherever it happened, as far as it was not healed or forgotten since.
   */
  PeerRecord with(PeerRecord other) {
    long at = Math.max(changedAt, other.changedAt);
    float mine = isOver(other) ? 0 : pointsAt(at);
    float others = other.isOver(this) ? 0 : other.pointsAt(at);
    long forgotten = Math.max(forgottenAt, other.forgottenAt);
    return new PeerRecord(
        at,
        Math.max(mine, others),
        others > mine || last == null ? other.last : last,
        earned(Math.max(passedUntil, other.passedUntil), PASSED_LIFE, forgotten),
        earned(Math.max(goodUntil, other.goodUntil), GOOD_LIFE, forgotten),
        earned(Math.max(homeUntil, other.homeUntil), HOME_LIFE, forgotten),
        Math.max(healedAt, other.healedAt),
        forgotten);
  }

  /** Whether the points were healed or forgotten elsewhere. */
  private boolean isOver(PeerRecord other) {
    return forgottenAt < other.forgottenAt || changedAt < other.healedAt;
  }

  private static long earned(long until, Duration life, long forgotten) {
    return until - life.toMillis() > forgotten ? until : 0;
  }

  /** What a clock wrote that was wrong by far must not rule for ever. */
  PeerRecord soundAt(long now) {
    return Math.max(changedAt, forgottenAt) - now > CLOCKS_DIFFER.toMillis() ? NONE : this;
  }

  /** Whether mail or logins from there are wanted. */
  boolean isTrustedAt(long now) {
    return goodUntil > now || homeUntil > now;
  }

  /** How long it is worth keeping: what only bots leave behind does not fill the store. */
  Duration lifeAt(long now) {
    double halves = Math.log(Math.max(1, 2 * pointsAt(now))) / Math.log(2);
    long until = Math.max(Math.max(goodUntil, homeUntil), passedUntil);
    if (forgottenAt > 0) {
      until = Math.max(until, forgottenAt + COPY_LIFE.toMillis());
    }
    long life = Math.max(until - now, (long) (halves * HALF_LIFE.toMillis()));
    return Duration.ofMillis(Math.clamp(life, 1_000, GOOD_LIFE.toMillis()));
  }

  /** Whether other nodes, and this one after its next start, should know how it is now. */
  boolean isNewsAfter(PeerRecord before, long now) {
    long fresh = FRESH.toMillis();
    return goodUntil - before.goodUntil > fresh
        || homeUntil - before.homeUntil > fresh
        || passedUntil - before.passedUntil > fresh
        || has(BAD_FROM, now) != before.has(BAD_FROM, now)
        || has(BAD_FROM_THOUGH_GOOD, now) != before.has(BAD_FROM_THOUGH_GOOD, now);
  }

  byte[] encode() {
    return Proto.encode(out -> {
      out.writeInt64(1, changedAt);
      out.writeFloat(2, points);
      out.writeString(3, last == null ? "" : last.name());
      out.writeInt64(4, passedUntil);
      out.writeInt64(5, goodUntil);
      out.writeInt64(6, homeUntil);
      out.writeInt64(7, healedAt);
      out.writeInt64(8, forgottenAt);
    });
  }

  /** What was encoded; nothing if it cannot be read: it is only a hint. */
  static PeerRecord decode(byte @Nullable [] value) {
    try {
      return value == null ? NONE : Proto.decode(value, PeerRecord::readFrom);
    } catch (IllegalStateException e) {
      return NONE;
    }
  }

  private static PeerRecord readFrom(CodedInputStream in) throws IOException {
    long changedAt = 0;
    float points = 0;
    Misdeed last = null;
    long passedUntil = 0;
    long goodUntil = 0;
    long homeUntil = 0;
    long healedAt = 0;
    long forgottenAt = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> changedAt = in.readInt64();
        case 2 -> points = in.readFloat();
        case 3 -> last = misdeed(in.readString());
        case 4 -> passedUntil = in.readInt64();
        case 5 -> goodUntil = in.readInt64();
        case 6 -> homeUntil = in.readInt64();
        case 7 -> healedAt = in.readInt64();
        case 8 -> forgottenAt = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    float sound = points >= 0 && points <= MAX_POINTS ? points : 0;
    return new PeerRecord(
        changedAt, sound, last, passedUntil, goodUntil, homeUntil, healedAt, forgottenAt);
  }

  private static @Nullable Misdeed misdeed(String name) {
    for (Misdeed misdeed : Misdeed.values()) {
      if (misdeed.name().equals(name)) {
        return misdeed;
      }
    }
    return null;
  }
}
