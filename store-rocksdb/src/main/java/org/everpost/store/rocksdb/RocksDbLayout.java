package org.everpost.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.jspecify.annotations.Nullable;

/**
 * Every key and value as RocksDB stores them. Numbers are big-endian, so that keys sort by them.
 *
 * <pre>
 * family   key                                          value
 * default  "layout"                                     the layout's number, one octet
 * ledger   partition, 0                                 version (8): written with every commit
 * ledger   partition, 1, version mod 64 (1)             version (8), commit id (16)
 * ledger   partition, 2, row key                        row value
 * blobs    'b', blob id (16)                            number of chunks (4), 0 while it is not known
 * blobs    'c', blob id (16), chunk number (4)          stored chunk
 * hints    length of table (1), table, hint key         end in milliseconds since 1970 (8), hint value
 *
 * partition = kind (1), length of id (2), id in UTF-8
 * </pre>
 *
 * A partition's name carries its length, so none is the beginning of another.
 */
final class RocksDbLayout {

  static final byte[] LAYOUT_KEY = "layout".getBytes(StandardCharsets.US_ASCII);
  static final byte[] LAYOUT = {1};

  static final String LEDGER = "ledger";
  static final String BLOBS = "blobs";
  static final String HINTS = "hints";

  /** Twice what the contract asks, so that a commit may be looked up while others come in. */
  static final int REMEMBERED = 2 * Ledger.REMEMBERED_COMMITS;

  private static final int KIND_AND_LENGTH = 3;
  private static final byte HEAD = 0;
  private static final byte SLOT = 1;
  private static final byte ROW = 2;
  private static final byte BEHIND_ROWS = 3;
  private static final byte BLOB = 'b';
  private static final byte CHUNK = 'c';

  private RocksDbLayout() {}

  // Ledger

  /** What every key of a partition begins with. */
  static byte[] prefix(Partition partition) {
    byte[] id = partition.id().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(KIND_AND_LENGTH + id.length)
        .put((byte) partition.kind().code())
        .putShort((short) id.length)
        .put(id)
        .array();
  }

  static byte[] headKey(byte[] prefix) {
    return with(prefix, HEAD, 0);
  }

  static byte[] slotKey(byte[] prefix, long version) {
    byte[] key = with(prefix, SLOT, 1);
    key[key.length - 1] = (byte) Math.floorMod(version, REMEMBERED);
    return key;
  }

  static byte[] rowKey(byte[] prefix, byte[] key) {
    byte[] stored = with(prefix, ROW, key.length);
    System.arraycopy(key, 0, stored, prefix.length + 1, key.length);
    return stored;
  }

  /** The row's key out of a stored one. */
  static byte[] row(byte[] prefix, byte[] stored) {
    return Arrays.copyOfRange(stored, prefix.length + 1, stored.length);
  }

  /** The stored key just behind every row of a range. */
  static byte[] rangeEnd(byte[] prefix, KeyRange range) {
    byte[] to = range.to();
    return to == null ? with(prefix, BEHIND_ROWS, 0) : rowKey(prefix, to);
  }

  private static byte[] with(byte[] prefix, byte type, int more) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + 1 + more);
    key[prefix.length] = type;
    return key;
  }

  static byte[] head(long version) {
    return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
  }

  /** The version in a head; 0 if there is none. */
  static long version(byte @Nullable [] head) {
    return head == null ? 0 : ByteBuffer.wrap(head).getLong();
  }

  static byte[] slot(long version, CommitId id) {
    return ByteBuffer.allocate(24).putLong(version).putLong(id.high()).putLong(id.low()).array();
  }

  static byte[] kindPrefix(PartitionKind kind) {
    return new byte[] {(byte) kind.code()};
  }

  /** The partition a stored key belongs to. */
  static Partition partition(byte[] stored) {
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    PartitionKind kind = PartitionKind.of(buffer.get());
    int length = Short.toUnsignedInt(buffer.getShort());
    String id = new String(stored, KIND_AND_LENGTH, length, StandardCharsets.UTF_8);
    return new Partition(kind, id);
  }

  /** The stored key behind everything of a partition. */
  static byte[] partitionEnd(byte[] prefix) {
    return with(prefix, (byte) 0xff, 0);
  }

  // Blobs

  static byte[] blobKey(BlobId id) {
    return blobKey(id.high(), id.low());
  }

  /** Where the blobs made at {@code millis} or later begin. */
  static byte[] firstBlobKey(long millis) {
    return blobKey(millis << 16, 0);
  }

  private static byte[] blobKey(long high, long low) {
    return ByteBuffer.allocate(17).put(BLOB).putLong(high).putLong(low).array();
  }

  /** The stored key behind every blob. */
  static byte[] blobsEnd() {
    return new byte[] {BLOB + 1};
  }

  static BlobId blob(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key);
    return new BlobId(buffer.getLong(1), buffer.getLong(1 + Long.BYTES));
  }

  static byte[] chunkKey(BlobId id, int index) {
    return ByteBuffer.allocate(21)
        .put(CHUNK)
        .putLong(id.high())
        .putLong(id.low())
        .putInt(index)
        .array();
  }

  static int chunkIndex(byte[] chunkKey) {
    return ByteBuffer.wrap(chunkKey).getInt(17);
  }

  static byte[] chunkCount(int count) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(count).array();
  }

  static int chunkCount(byte[] value) {
    return ByteBuffer.wrap(value).getInt();
  }

  // Hints

  static byte[] hintKey(String table, byte[] key) {
    byte[] name = table.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + name.length + key.length)
        .put((byte) name.length)
        .put(name)
        .put(key)
        .array();
  }

  static byte[] hint(long endMillis, byte[] value) {
    return ByteBuffer.allocate(Long.BYTES + value.length).putLong(endMillis).put(value).array();
  }

  static long hintEnd(byte[] stored) {
    return ByteBuffer.wrap(stored).getLong();
  }

  static byte[] hintValue(byte[] stored) {
    return Arrays.copyOfRange(stored, Long.BYTES, stored.length);
  }
}
