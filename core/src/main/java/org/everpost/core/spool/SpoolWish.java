package org.everpost.core.spool;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.everpost.core.spool.SpoolDraft.Stored;
import org.jspecify.annotations.Nullable;

/** Something somebody wants done to a partition, and waits for. */
final class SpoolWish {

  final What what;
  Outcome outcome = Outcome.NONE;

  /** What an update left. */
  @Nullable SpooledMessage after;

  @Nullable RuntimeException failure;

  SpoolWish(What what) {
    this.what = what;
  }

  enum Outcome {
    NONE,
    DONE,
    /** Nothing was done, as the partition had ended. */
    TOO_LATE
  }

  /** What is wanted. */
  sealed interface What {

    /** All of them, or none. */
    record Add(List<Stored> messages) implements What {}

    /** A change of a message that is there; may be asked more than once. */
    record Update(SpoolId id, Function<SpooledMessage, Optional<SpooledMessage>> change)
        implements What {}

    /** Nothing but what every commit does on the side: to delete what was refused. */
    record Tidy() implements What {}

    /** The end of the partition, if nothing is in it. */
    record End() implements What {}
  }
}
