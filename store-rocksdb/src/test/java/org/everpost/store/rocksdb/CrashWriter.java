package org.everpost.store.rocksdb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;

/**
 * Writes until it is killed, and says on its standard output what was acknowledged: {@code
 * partition version}. What a version holds follows from its number, except for the id of its blob.
 */
final class CrashWriter {

  static final int WRITERS = 12;
  static final int ROWS = 4;

  private static final byte[] NEWEST = {'n'};

  private CrashWriter() {}

  public static void main(String[] arguments) throws Exception {
    Store store = Stores.open(Path.of(arguments[0]));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, US_ASCII);
    List<Callable<Long>> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      writers.add(() -> write(store, number, out));
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Returns only if a writer fails; then the last lines are missing and the test says so.
      executor.invokeAny(writers);
    }
  }

  private static long write(Store store, int writer, PrintStream out) throws IOException {
    Partition partition = partition(writer);
    long version = store.ledger().read(partition).version();
    while (true) {
      BlobId blob = store.blobs().put(new ByteArrayInputStream(blob(writer, version + 1)));
      CommitId id = new CommitId(writer, version);
      CommitResult result =
          store.ledger().commit(partition, version, id, mutations(version + 1, blob));
      if (!result.equals(new CommitResult.Committed(version + 1))) {
        throw new IllegalStateException("unexpected " + result);
      }
      version++;
      out.println(writer + " " + version);
    }
  }

  static Partition partition(int writer) {
    return new Partition(PartitionKind.ACCOUNT, "crash-" + writer);
  }

  /** New rows, one that changes, and a range of old rows that goes. */
  private static List<Mutation> mutations(long version, BlobId blob) {
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(new Mutation.DeleteRange(new KeyRange(key(0, 0), key(kept(version), 0))));
    for (int row = 0; row < ROWS; row++) {
      mutations.add(new Mutation.Put(key(version, row), value(version, blob)));
    }
    mutations.add(new Mutation.Put(NEWEST, value(version, blob)));
    return mutations;
  }

  /** The first version whose rows are still there at {@code version}. */
  static long kept(long version) {
    return version % 50 == 0 ? Math.max(1, version - 100) : Math.max(1, version / 50 * 50 - 100);
  }

  static byte[] key(long version, int row) {
    return ByteBuffer.allocate(10).put((byte) 'm').putLong(version).put((byte) row).array();
  }

  static byte[] value(long version, BlobId blob) {
    return ByteBuffer.allocate(24).putLong(version).put(blob.toBytes()).array();
  }

  static byte[] newestKey() {
    return NEWEST.clone();
  }

  /** Now and then large, mostly small. */
  static byte[] blob(int writer, long version) {
    SplittableRandom random = new SplittableRandom(writer * 1_000_003L + version);
    byte[] octets = new byte[random.nextInt(20) == 0 ? 150_000 : random.nextInt(6_000)];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (i % 3 == 0 ? random.nextInt(256) : 'a');
    }
    return octets;
  }

  static byte[] read(Store store, BlobId id) throws IOException {
    try (InputStream in = store.blobs().open(id, 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    }
  }
}
