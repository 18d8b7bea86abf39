package org.everpost.core.commit;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.everpost.store.Blobs;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** A store with faults, as if other processes wrote to it too. Safe for any number of threads. */
public final class LossyStore implements Store, Ledger {

  private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> first = new AtomicReference<>();
  private final Store store;
  private volatile Supplier<Fault> faults = () -> Fault.NONE;
  private volatile boolean down;
  private volatile Predicate<Partition> broken = _ -> false;

  /** What becomes of a commit. */
  public enum Fault {
    NONE,
    /** It is not made, and nobody says so. */
    DROPPED,
    /** It is made, and nobody says so. */
    LOST
  }

  public LossyStore(Store store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /** Loses the answer to the next commit, after something else has happened. */
  public void loseNext(Runnable action) {
    meanwhile.set(action);
  }

  /** Does something before the next commit is made. */
  public void beforeNext(Runnable action) {
    first.set(action);
  }

  /** Asks what is to become of each commit from now on. */
  public void faults(Supplier<Fault> fault) {
    faults = fault;
  }

  /** Whether nothing can be read or written. */
  public void down(boolean isDown) {
    down = isDown;
  }

  /** Some partitions can be neither read nor written. */
  public void broken(Predicate<Partition> which) {
    broken = which;
  }

  @Override
  public Ledger ledger() {
    return this;
  }

  @Override
  public PartitionView read(Partition partition) {
    requireUp(partition);
    return store.ledger().read(partition);
  }

  private void requireUp(Partition partition) {
    if (down || broken.test(partition)) {
      throw new StoreUnavailableException("down, as a test wants it");
    }
  }

  @Override
  public CommitResult commit(
      Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
    requireUp(partition);
    run(first);
    Fault fault = faults.get();
    if (fault != Fault.DROPPED) {
      CommitResult result = store.ledger().commit(partition, expectedVersion, commitId, mutations);
      if (fault == Fault.NONE && !run(meanwhile)) {
        return result;
      }
    }
    throw new StoreUnavailableException(fault + ", as a test wants it");
  }

  private static boolean run(AtomicReference<@Nullable Runnable> once) {
    Runnable action = once.getAndSet(null);
    if (action != null) {
      action.run();
    }
    return action != null;
  }

  @Override
  public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
    store.ledger().partitions(kind, visitor);
  }

  @Override
  public Blobs blobs() {
    return store.blobs();
  }

  @Override
  public Hints hints() {
    return store.hints();
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void close() {
    store.close();
  }
}
