package org.everpost.core.srs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.srs.SrsKeysRow.SrsKey;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * The secrets addresses are made with. The first is made when it is needed, a successor when the
 * newest has served a month; it serves as soon as every node has read it. Safe for any number of
 * threads.
 */
final class SrsKeys {

  /** How long addresses can be answered: those who retry for five days each, and some patience. */
  static final Duration LIFE = Duration.ofDays(21);

  private static final Duration SERVICE = Duration.ofDays(30);

  /** How long a node goes by what it read; and, for clocks differ, when a new secret serves. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final Duration KNOWN_TO_ALL = Duration.ofMinutes(1);

  private static final int OCTETS = 32;

  private final Ledger ledger;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;
  private volatile @Nullable Known known;

  private record Known(List<SrsKey> keys, long readAtNanos) {}

  SrsKeys(Ledger ledger, Clock clock, RandomSource random) {
    this.ledger = ledger;
    this.commits = new OptimisticCommit(ledger, clock, random);
    this.clock = clock;
    this.random = random;
  }

  /** All that count, the one that serves first; makes one if it is time. */
  List<byte[]> toMake() {
    Instant now = now();
    List<SrsKey> keys = keys();
    if (isDue(keys, now)) {
      keys =
          remember(
              commits.change(
                  SrsKeysRow.PARTITION, view -> decide(decoded(view.get(SrsKeysRow.key())), now)));
    }
    return counting(keys, now);
  }

  /** All that count, the one that serves first; none if nothing was ever made. */
  List<byte[]> toAccept() {
    return counting(keys(), now());
  }

  private List<SrsKey> keys() {
    Known present = known;
    if (present != null && clock.nanoTime() - present.readAtNanos() < FRESH.toNanos()) {
      return present.keys();
    }
    return remember(decoded(ledger.read(SrsKeysRow.PARTITION).get(SrsKeysRow.key())));
  }

  /** That there is none is not remembered: the first serves at once. */
  private List<SrsKey> remember(List<SrsKey> keys) {
    known = keys.isEmpty() ? null : new Known(keys, clock.nanoTime());
    return keys;
  }

  private static List<SrsKey> decoded(byte @Nullable [] row) {
    return row == null ? List.of() : SrsKeysRow.decode(row).keys();
  }

  private static boolean isDue(List<SrsKey> keys, Instant now) {
    return keys.isEmpty() || !now.isBefore(keys.getLast().made().plus(SERVICE));
  }

  private Decision<List<SrsKey>> decide(List<SrsKey> present, Instant now) {
    if (!isDue(present, now)) {
      return Decision.nothing(present);
    }
    List<SrsKey> keys = new ArrayList<>();
    for (int i = 0; i < present.size(); i++) {
      if (counts(present, i, now)) {
        keys.add(present.get(i));
      }
    }
    byte[] secret = new byte[OCTETS];
    random.nextBytes(secret);
    keys.add(new SrsKey(secret, now));
    byte[] row = new SrsKeysRow(keys).encode();
    return new Decision<>(List.of(new Mutation.Put(SrsKeysRow.key(), row)), keys);
  }

  private static List<byte[]> counting(List<SrsKey> keys, Instant now) {
    List<byte[]> counting = new ArrayList<>();
    int serving = 0;
    for (int i = 0; i < keys.size(); i++) {
      serving = serves(keys.get(i), now) ? i : serving;
    }
    for (int i = 0; i < keys.size(); i++) {
      if (i == serving) {
        counting.addFirst(keys.get(i).secret());
      } else if (counts(keys, i, now)) {
        counting.add(keys.get(i).secret());
      }
    }
    return counting;
  }

  private static boolean serves(SrsKey key, Instant now) {
    return !now.isBefore(key.made().plus(KNOWN_TO_ALL));
  }

  /** Whether something that was made with it may still be answered. */
  private static boolean counts(List<SrsKey> keys, int index, Instant now) {
    if (index == keys.size() - 1) {
      return true;
    }
    Instant succeeded = keys.get(index + 1).made().plus(KNOWN_TO_ALL);
    return now.isBefore(succeeded.plus(LIFE).plus(Duration.ofDays(1)));
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.epochSecond());
  }
}
