package org.everpost.core.mailbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;

/**
 * Deletes blobs that nothing refers to, by mark and sweep. Why it can never delete one that is
 * referred to stands in {@code docs/decisions/0004-blob-sweep.md}; the rule it rests on is that a
 * blob older than {@link #GRACE} gets no first reference any more.
 *
 * <p>One run at a time; others may use the store meanwhile.
 */
public final class BlobSweep {

  /** A blob younger than this is never deleted. */
  public static final Duration GRACE = Duration.ofDays(2);

  /** A blob older than this can no longer be put into a mailbox or the queue. */
  public static final Duration MAX_IN_FLIGHT = Duration.ofDays(1);

  private static final int PAGE = 1_000;

  private final Store store;
  private final List<BlobReferences> references;
  private final int maxMarks;

  /**
   * @param others what refers to blobs beside mailboxes
   */
  public BlobSweep(Store store, List<BlobReferences> others) {
    this(store, others, 8 << 20);
  }

  /**
   * @param maxMarks how many references one pass remembers, 8 octets each
   */
  BlobSweep(Store store, List<BlobReferences> others, int maxMarks) {
    this.store = store;
    this.references = new ArrayList<>(others);
    this.references.add(BlobReferences.OF_MAILBOXES);
    this.maxMarks = maxMarks;
  }

  /** What time it is. */
  public interface Time {
    Instant now() throws InterruptedException;
  }

  /**
   * Sweeps everything once; returns how many blobs were deleted.
   *
   * @param time must not be ahead of that by which others put blobs; asked again before anything is
   *     deleted, as others may have come meanwhile
   */
  public long run(Time time) throws InterruptedException {
    Instant before = time.now().minus(GRACE);
    int slices = 1;
    AtomicLong deleted = new AtomicLong();
    for (int slice = 0; slice < slices; ) {
      Marks marks = new Marks(slice, slices, maxMarks);
      Instant marked = before;
      for (BlobReferences each : references) {
        store.ledger().partitions(each.kind(), partition -> mark(partition, each, marked, marks));
      }
      if (marks.overflown()) {
        slices *= 2;
        slice *= 2;
        continue;
      }
      marks.sort();
      Instant again = time.now().minus(GRACE);
      before = again.isBefore(before) ? again : before;
      store.blobs().list(before, blob -> sweep(blob, marks, deleted));
      slice++;
    }
    return deleted.get();
  }

  private void mark(Partition partition, BlobReferences which, Instant before, Marks marks) {
    PartitionView rows = store.ledger().read(partition);
    KeyRange range = which.rows();
    while (!marks.overflown()) {
      List<Row> page = rows.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        BlobId blob = which.blob().apply(row.value());
        if (blob.created().isBefore(before)) {
          marks.add(blob);
        }
      }
      if (page.size() < PAGE) {
        return;
      }
      range = range.after(page.getLast().key());
    }
  }

  private void sweep(BlobId blob, Marks marks, AtomicLong deleted) {
    if (marks.covers(blob) && !marks.contains(blob)) {
      store.blobs().delete(blob);
      deleted.incrementAndGet();
    }
  }

  /**
   * The random halves of the ids that were seen, of one slice of all ids. Two ids with the same
   * half keep each other alive, which does no harm.
   */
  private static final class Marks {
    private final int slice;
    private final int slices;
    private final int max;
    private long[] seen = new long[1024];
    private int count;
    private boolean overflown;

    Marks(int slice, int slices, int max) {
      this.slice = slice;
      this.slices = slices;
      this.max = max;
    }

    boolean covers(BlobId blob) {
      return slices == 1
          || blob.low() >>> (Long.SIZE - Integer.numberOfTrailingZeros(slices)) == slice;
    }

    void add(BlobId blob) {
      if (!covers(blob) || overflown) {
        return;
      }
      if (count == max) {
        overflown = true;
        return;
      }
      if (count == seen.length) {
        seen = Arrays.copyOf(seen, Math.min(max, 2 * count));
      }
      seen[count++] = blob.low();
    }

    boolean overflown() {
      return overflown;
    }

    void sort() {
      Arrays.sort(seen, 0, count);
    }

    boolean contains(BlobId blob) {
      return Arrays.binarySearch(seen, 0, count, blob.low()) >= 0;
    }
  }
}
