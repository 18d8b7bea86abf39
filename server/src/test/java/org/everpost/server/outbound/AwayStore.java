package org.everpost.server.outbound;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

/** A store whose ledger is away when a test wants it. */
public final class AwayStore implements Store, Ledger {

  private final Store store;
  public volatile boolean away;

  /** Whether nothing can be written, though it can be read. */
  volatile boolean full;

  /** A partition that cannot be written to, though it can be read. */
  volatile @Nullable String stuck;

  /** How many times writing fails beyond repair. */
  final AtomicInteger failures = new AtomicInteger();

  /** Whether other nodes may use it, too. */
  volatile boolean shared;

  /** Whether the next commit to a queue is made, and nobody hears of it. */
  final AtomicBoolean unheard = new AtomicBoolean();

  /** Hears what is read or committed to, before it is. */
  public volatile Consumer<Partition> watch = _ -> {};

  public AwayStore(Store store) {
    this.store = store;
  }

  private void check() {
    if (away) {
      throw new StoreUnavailableException("away, as a test wants it");
    }
  }

  @Override
  public Ledger ledger() {
    return this;
  }

  @Override
  public PartitionView read(Partition partition) {
    check();
    watch.accept(partition);
    return store.ledger().read(partition);
  }

  @Override
  public CommitResult commit(
      Partition partition, long expectedVersion, CommitId id, List<Mutation> mutations) {
    check();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("broken, as a test wants it");
    }
    if (full || partition.id().equals(stuck)) {
      throw new StoreUnavailableException("full, as a test wants it");
    }
    watch.accept(partition);
    CommitResult result = store.ledger().commit(partition, expectedVersion, id, mutations);
    if (partition.kind() == PartitionKind.SPOOL && unheard.compareAndSet(true, false)) {
      throw new StoreUnavailableException("not heard, as a test wants it");
    }
    return result;
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
    return shared;
  }

  @Override
  public void close() {
    store.close();
  }
}
