package org.everpost.store.cassandra;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.everpost.store.CommitId;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.jspecify.annotations.Nullable;

/**
 * How partitions and keys are stored. A row's key has one octet before it, so that the engine's own
 * rows, which remember the latest commit ids, lie before all others and never meet one.
 */
final class RowKeys {

  private static final byte COMMIT = 0;
  private static final byte ROW = 1;
  private static final byte BEHIND_ROWS = 2;

  /**
   * Far more than {@link Ledger#REMEMBERED_COMMITS}: so many others may commit while an answer is
   * waited for that a frozen node does not give. It must stay what it is: stored rows are found by
   * it.
   */
  static final int COMMIT_SLOTS = 512;

  private static final int COMMIT_OCTETS = 24;

  private RowKeys() {}

  /** One octet for the kind, then the id in UTF-8. */
  static ByteBuffer partition(Partition partition) {
    byte[] id = partition.id().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + id.length).put((byte) partition.kind().code()).put(id).flip();
  }

  static boolean isOfKind(ByteBuffer partition, PartitionKind kind) {
    return partition.get(partition.position()) == kind.code();
  }

  static Partition partition(ByteBuffer stored) {
    ByteBuffer bytes = stored.duplicate();
    PartitionKind kind = PartitionKind.of(bytes.get());
    return new Partition(kind, StandardCharsets.UTF_8.decode(bytes).toString());
  }

  static ByteBuffer row(byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(ROW).put(key).flip();
  }

  /** The end of a range; null: behind every row. */
  static ByteBuffer rangeEnd(byte @Nullable [] to) {
    return to == null ? ByteBuffer.wrap(new byte[] {BEHIND_ROWS}) : row(to);
  }

  /** The key a row was stored by. */
  static byte[] key(ByteBuffer stored) {
    byte[] key = new byte[stored.remaining() - 1];
    stored.get(stored.position() + 1, key);
    return key;
  }

  static byte[] bytes(ByteBuffer stored) {
    byte[] bytes = new byte[stored.remaining()];
    stored.get(stored.position(), bytes);
    return bytes;
  }

  /**
   * The row that remembers which commit made {@code version}, until a later one needs its place.
   */
  static ByteBuffer commitSlot(long version) {
    return ByteBuffer.allocate(3).put(COMMIT).putShort((short) (version % COMMIT_SLOTS)).flip();
  }

  /** Which version a commit made, from its {@link #commitValue}. */
  static long commitVersion(byte[] value) {
    return ByteBuffer.wrap(value).getLong(2 * Long.BYTES);
  }

  static ByteBuffer commitValue(CommitId id, long version) {
    return ByteBuffer.allocate(COMMIT_OCTETS)
        .putLong(id.high())
        .putLong(id.low())
        .putLong(version)
        .flip();
  }
}
