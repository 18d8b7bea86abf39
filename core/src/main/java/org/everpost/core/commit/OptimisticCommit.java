package org.everpost.core.commit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.StoreUnavailableException;

/**
 * Changes partitions: reads, lets the caller decide, commits against the version that was read. On
 * a conflict it reads again and asks again, a bounded number of times with growing, random rests.
 */
public final class OptimisticCommit {

  private static final int ATTEMPTS = 30;
  private static final long FIRST_REST_MICROS = 500;
  private static final long LONGEST_REST_MICROS = 200_000;

  private final Ledger ledger;
  private final Clock clock;
  private final RandomSource random;

  public OptimisticCommit(Ledger ledger, Clock clock, RandomSource random) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * What to do, decided from one view.
   *
   * @param mutations none: nothing to commit
   * @param result what {@link #change} returns once that is done
   */
  public record Decision<T>(List<Mutation> mutations, T result) {
    public Decision {
      mutations = List.copyOf(mutations);
    }

    /** There is nothing to change. */
    public static <T> Decision<T> nothing(T result) {
      return new Decision<>(List.of(), result);
    }
  }

  /**
   * @param decide called once or more, each time with a fresh view
   * @throws StoreUnavailableException if the store says so (the change may have been made all the
   *     same), or others were faster every time (then it was not)
   */
  public <T> T change(Partition partition, Function<PartitionView, Decision<T>> decide) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        rest(attempt);
      }
      PartitionView view = ledger.read(partition);
      Decision<T> decision = decide.apply(view);
      if (decision.mutations().isEmpty()) {
        return decision.result();
      }
      CommitId id = new CommitId(random.nextLong(), random.nextLong());
      switch (ledger.commit(partition, view.version(), id, decision.mutations())) {
        case CommitResult.Committed _ -> {
          return decision.result();
        }
        case CommitResult.Conflict _ -> {
          // somebody was faster: look again
        }
      }
    }
    throw new StoreUnavailableException(partition + " is changed by too many at once");
  }

  private void rest(int attempt) {
    long micros = Math.min(LONGEST_REST_MICROS, FIRST_REST_MICROS << Math.min(attempt, 20));
    try {
      clock.sleep(Duration.ofNanos(1_000 * random.nextLong(micros / 2, micros)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting for others", e);
    }
  }
}
