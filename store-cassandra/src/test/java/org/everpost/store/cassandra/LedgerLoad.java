package org.everpost.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;

/**
 * Writers and readers of some partitions through several stores, and what must be true of them.
 * Each commit to version {@code v} puts a blob, an entry {@code v} with the blob's id, {@link
 * #COPIES} rows that all say {@code v}, and deletes by a range the copies that the one before put.
 */
final class LedgerLoad {

  private static final int COPIES = 4;
  private static final int BLOB_OCTETS = 3_000;
  private static final byte ENTRY = 1;
  private static final byte COPY = 2;

  private final List<? extends Store> stores;
  private final List<Account> accounts;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * @param acknowledged the latest version a writer was told
   * @param seen the latest version anybody was shown
   */
  private record Account(Partition partition, AtomicLong acknowledged, AtomicLong seen) {}

  LedgerLoad(List<? extends Store> stores, int accounts) {
    this.stores = stores;
    this.accounts =
        IntStream.range(0, accounts)
            .mapToObj(i -> new Partition(PartitionKind.ACCOUNT, "load-" + i))
            .map(partition -> new Account(partition, new AtomicLong(), new AtomicLong()))
            .toList();
  }

  /** One writer for each store and account (so those of an account get in each other's way). */
  List<Callable<Void>> writers() {
    List<Callable<Void>> writers = new ArrayList<>();
    for (Store store : stores) {
      for (Account account : accounts) {
        writers.add(() -> {
          Random random = new Random();
          while (!stopped.get()) {
            write(store, account, random);
          }
          return null;
        });
      }
    }
    return writers;
  }

  /** One reader of all accounts for each store. */
  List<Callable<Void>> readers() {
    List<Callable<Void>> readers = new ArrayList<>();
    for (Store store : stores) {
      readers.add(() -> {
        while (!stopped.get()) {
          accounts.forEach(account -> look(store, account));
        }
        return null;
      });
    }
    return readers;
  }

  void stop() {
    stopped.set(true);
  }

  /** The sum of all acknowledged versions. */
  long progress() {
    return accounts.stream().mapToLong(account -> account.acknowledged().get()).sum();
  }

  private static void write(Store store, Account account, Random random) throws IOException {
    PartitionView view = version(store, account);
    long next = view.version() + 1;
    byte[] content = new byte[BLOB_OCTETS];
    random.nextBytes(content);
    ByteBuffer.wrap(content).putLong(next);
    BlobId blob = store.blobs().put(new ByteArrayInputStream(content));
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(new Mutation.Put(key(ENTRY, next), blob.toBytes()));
    mutations.add(new Mutation.DeleteRange(KeyRange.prefix(new byte[] {COPY})));
    for (int i = 0; i < COPIES; i++) {
      mutations.add(new Mutation.Put(key(COPY, next * COPIES + i), number(next)));
    }
    CommitId id = new CommitId(random.nextLong(), random.nextLong());
    switch (store.ledger().commit(account.partition(), view.version(), id, mutations)) {
      case CommitResult.Committed(long version) -> {
        assertThat(version).isEqualTo(next);
        account.acknowledged().accumulateAndGet(version, Math::max);
        account.seen().accumulateAndGet(version, Math::max);
      }
      case CommitResult.Conflict(long actual) -> assertThat(actual).isGreaterThan(view.version());
    }
  }

  /** A view, which must not be older than what anybody has seen before. */
  private static PartitionView version(Store store, Account account) {
    long seen = account.seen().get();
    PartitionView view = store.ledger().read(account.partition());
    assertThat(view.version()).as(account.partition().id()).isGreaterThanOrEqualTo(seen);
    account.seen().accumulateAndGet(view.version(), Math::max);
    return view;
  }

  /** One scan shows one commit whole, and none older than the view. */
  private static void look(Store store, Account account) {
    PartitionView view = version(store, account);
    List<Long> copies = copies(view);
    if (view.version() > 0) {
      assertThat(copies).hasSize(COPIES);
      assertThat(copies.stream().distinct()).hasSize(1);
      assertThat(copies.getFirst()).isGreaterThanOrEqualTo(view.version());
      assertThat(view.get(key(ENTRY, view.version()))).isNotNull();
    }
  }

  private static List<Long> copies(PartitionView view) {
    return view.scan(KeyRange.prefix(new byte[] {COPY}), 100, Direction.ASCENDING).stream()
        .map(row -> ByteBuffer.wrap(row.value()).getLong())
        .toList();
  }

  /** After the load: every acknowledged commit is there whole, with its blob, and none more. */
  static void check(Store store, LedgerLoad load) throws IOException {
    for (Account account : load.accounts) {
      PartitionView view = store.ledger().read(account.partition());
      assertThat(view.version()).isEqualTo(account.acknowledged().get());
      assertThat(copies(view)).hasSize(COPIES).containsOnly(view.version());
      List<Row> entries =
          view.scan(KeyRange.prefix(new byte[] {ENTRY}), Integer.MAX_VALUE, Direction.ASCENDING);
      assertThat(entries).hasSize(Math.toIntExact(view.version()));
      long version = 0;
      for (Row entry : entries) {
        version++;
        assertThat(entry.key()).isEqualTo(key(ENTRY, version));
        try (InputStream in =
            store.blobs().open(BlobId.fromBytes(entry.value()), 0, Long.MAX_VALUE)) {
          byte[] content = in.readAllBytes();
          assertThat(content).hasSize(BLOB_OCTETS);
          assertThat(Arrays.copyOf(content, Long.BYTES)).isEqualTo(number(version));
        }
      }
    }
  }

  private static byte[] key(byte kind, long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(number).array();
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
