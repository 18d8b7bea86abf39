package org.everpost.core.spool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to one destination, in the plan. It holds no more than the plan needs, as
 * there may be a hundred thousand.
 */
public final class Job {

  private final SpoolPartition partition;
  private final SpoolId id;
  private final String destination;
  private final String sender;

  // The scheduler's own.
  long due;
  long alarm = Scheduler.NEVER;
  boolean fresh;
  State state = State.NEW;

  // Of the lane it is in, while it is ready.
  @Nullable Lane lane;
  @Nullable Job before;
  @Nullable Job after;

  enum State {
    NEW,
    /** Its time has not come. */
    WAITING,
    /** Waits for its destination. */
    READY,
    /** Being tried. */
    UNDER_WAY,
    /** Waits for an operator. */
    HELD,
    /** Out of the plan. */
    GONE
  }

  public Job(SpoolPartition partition, SpoolId id, String destination, String sender) {
    this.partition = Objects.requireNonNull(partition, "partition");
    this.id = Objects.requireNonNull(id, "id");
    this.destination = Objects.requireNonNull(destination, "destination");
    this.sender = Objects.requireNonNull(sender, "sender");
  }

  /** Where the message is. */
  public SpoolPartition partition() {
    return partition;
  }

  public SpoolId id() {
    return id;
  }

  public String destination() {
    return destination;
  }

  public String sender() {
    return sender;
  }

  @Override
  public String toString() {
    return id + " to " + destination;
  }
}
