package org.everpost.server.imap;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Hints;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** A store that fails when a test wants it to. */
final class FaultyStore implements Store {
  private final Store store;

  /** This blob reads well up to {@link #damagedFrom}. */
  volatile @Nullable BlobId damaged;

  volatile long damagedFrom;

  /** No commit, and no blob, is taken. */
  volatile boolean full;

  /** Nothing of any account can be read or written. */
  volatile boolean away;

  /** Reading the ledger is a bug. */
  volatile boolean broken;

  FaultyStore(Store store) {
    this.store = store;
  }

  @Override
  public Ledger ledger() {
    return new FaultyLedger(store.ledger());
  }

  @Override
  public Blobs blobs() {
    return new FaultyBlobs(store.blobs());
  }

  @Override
  public Hints hints() {
    return store.hints();
  }

  @Override
  public boolean shared() {
    return store.shared();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class FaultyLedger implements Ledger {
    private final Ledger ledger;

    FaultyLedger(Ledger ledger) {
      this.ledger = ledger;
    }

    @Override
    public PartitionView read(Partition partition) {
      if (broken && partition.kind() == PartitionKind.ACCOUNT) {
        throw new IllegalStateException("a bug, as a test wants it");
      }
      failIfAway(partition);
      PartitionView view = ledger.read(partition);
      return new FaultyView(partition, view);
    }

    @Override
    public CommitResult commit(
        Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
      failIfAway(partition);
      if (full) {
        throw new StoreUnavailableException("full, as a test wants it");
      }
      return ledger.commit(partition, expectedVersion, commitId, mutations);
    }

    @Override
    public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
      ledger.partitions(kind, visitor);
    }
  }

  private void failIfAway(Partition partition) {
    if (away && partition.kind() == PartitionKind.ACCOUNT) {
      throw new StoreUnavailableException("away, as a test wants it");
    }
  }

  private final class FaultyView implements PartitionView {
    private final Partition partition;
    private final PartitionView view;

    FaultyView(Partition partition, PartitionView view) {
      this.partition = partition;
      this.view = view;
    }

    @Override
    public long version() {
      return view.version();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      failIfAway(partition);
      return view.get(key);
    }

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
      failIfAway(partition);
      return view.getAll(keys);
    }

    @Override
    public List<Row> scan(KeyRange range, int limit, Direction direction) {
      failIfAway(partition);
      return view.scan(range, limit, direction);
    }
  }

  private final class FaultyBlobs implements Blobs {
    private final Blobs blobs;

    FaultyBlobs(Blobs blobs) {
      this.blobs = blobs;
    }

    @Override
    public BlobId put(InputStream source) throws IOException {
      if (full || away) {
        source.readNBytes(3);
        throw new StoreUnavailableException("full, as a test wants it");
      }
      return blobs.put(source);
    }

    @Override
    public InputStream open(BlobId id, long offset, long length) {
      if (away) {
        throw new StoreUnavailableException("away, as a test wants it");
      }
      InputStream in = blobs.open(id, offset, length);
      return Objects.equals(id, damaged) ? new DamagedStream(in, offset, id) : in;
    }

    @Override
    public void delete(BlobId id) {
      blobs.delete(id);
    }

    @Override
    public void list(Instant before, Consumer<BlobId> visitor) {
      blobs.list(before, visitor);
    }
  }

  private final class DamagedStream extends InputStream {
    private final InputStream in;
    private final BlobId id;
    private long position;

    DamagedStream(InputStream in, long offset, BlobId id) {
      this.in = in;
      this.position = offset;
      this.id = id;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position >= damagedFrom) {
        throw new BlobDamagedException(id, "as a test wants it");
      }
      int n = in.read(target, offset, length);
      position += Math.max(n, 0);
      return n;
    }
  }
}
