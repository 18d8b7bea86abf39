package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.ContractLimits;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.chunk.ChunkCodec;
import org.everpost.store.chunk.ChunkCodec.Chunk;
import org.everpost.store.chunk.ChunkInputStream;
import org.everpost.store.chunk.ChunkSplitter;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as one table of chunks, written and read at QUORUM. A chunk is on the disks of a quorum
 * when its write returns. A copy that was found damaged is replaced by a good one. Safe for any
 * number of threads.
 */
final class CassandraBlobs implements Blobs {

  /** What of a disk of ours is left to everything but blobs. */
  private static final long RESERVED_OCTETS = 256L << 20;

  private final Requests requests;
  private final @Nullable Path disk;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ChunkCodec codec = new ChunkCodec();
  private final PreparedStatement writeChunk;
  private final PreparedStatement readChunk;
  private final PreparedStatement readCopy;
  private final PreparedStatement replaceCopy;
  private final PreparedStatement deleteBlob;
  private final PreparedStatement listBlobs;

  CassandraBlobs(
      Requests requests, CassandraOptions options, InstantSource clock, RandomGenerator random) {
    String table = options.keyspace() + ".blobs";
    this.requests = requests;
    this.disk = options.disk();
    this.clock = clock;
    this.random = random;
    this.writeChunk =
        requests.prepare("INSERT INTO " + table + " (id, chunk, data) VALUES (?, ?, ?)");
    this.readChunk = requests.prepare("SELECT data FROM " + table + " WHERE id = ? AND chunk = ?");
    this.readCopy =
        requests.prepare(
            "SELECT data, writetime(data) AS written FROM "
                + table
                + " WHERE id = ? AND chunk = ?");
    this.replaceCopy =
        requests.prepare(
            "INSERT INTO " + table + " (id, chunk, data) VALUES (?, ?, ?) USING TIMESTAMP ?");
    this.deleteBlob = requests.prepare("DELETE FROM " + table + " WHERE id = ?");
    this.listBlobs = requests.prepare("SELECT DISTINCT id FROM " + table);
  }

  @Override
  public BlobId put(InputStream source) throws IOException {
    BlobId id = BlobId.of(clock.instant(), random.nextLong(), random.nextLong());
    ByteBuffer key = key(id);
    ChunkSplitter.split(
        codec,
        id,
        source,
        (index, last, stored) -> {
          requireSpace();
          requests.rows(
              quorum(writeChunk.bind(key, index, ByteBuffer.wrap(stored)))
                  .setTimeout(Requests.WRITE_LIMIT));
        });
    return id;
  }

  private void requireSpace() {
    try {
      if (disk != null && Files.getFileStore(disk).getUsableSpace() < RESERVED_OCTETS) {
        throw new StoreUnavailableException("the disk is nearly full");
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot tell how full the disk is", e);
    }
  }

  @Override
  public InputStream open(BlobId id, long offset, long length) {
    ContractLimits.checkBlobRange(offset, length);
    return new ChunkInputStream(codec, id, new Chunks(id), offset, length);
  }

  /** The chunks of one blob. */
  private final class Chunks implements ChunkInputStream.Source {
    private final BlobId id;
    private final ByteBuffer key;

    Chunks(BlobId id) {
      this.id = id;
      this.key = key(id);
    }

    @Override
    public byte @Nullable [] read(int index) {
      Row row = requests.row(quorum(readChunk.bind(key, index)).setTimeout(Requests.READ_LIMIT));
      ByteBuffer data = row == null ? null : row.getByteBuffer("data");
      return data == null ? null : RowKeys.bytes(data);
    }

    /** Of copies that differ, a quorum gives the greater: it says nothing of the others. */
    @Override
    public Chunk recover(int index, BlobDamagedException damage) {
      return requests
          .copy(
              readCopy.bind(key, index).setIdempotent(true).setTimeout(Requests.READ_LIMIT),
              row -> good(index, row))
          .orElseThrow(() -> damage);
    }

    private @Nullable Chunk good(int index, Row row) {
      ByteBuffer data = row.getByteBuffer("data");
      if (data == null) {
        return null;
      }
      try {
        Chunk good = codec.decode(id, index, RowKeys.bytes(data));
        replace(index, data, row.getLong("written") + 1);
        return good;
      } catch (BlobDamagedException e) {
        return null;
      }
    }

    /** A little younger than the damaged copy, and older than whatever deletes the blob. */
    private void replace(int index, ByteBuffer data, long written) {
      try {
        requests.rows(
            quorum(replaceCopy.bind(key, index, data, written)).setTimeout(Requests.WRITE_LIMIT));
      } catch (StoreUnavailableException e) {
        // It is read all the same; the next reader tries it again.
      }
    }
  }

  @Override
  public void delete(BlobId id) {
    requests.rows(quorum(deleteBlob.bind(key(id))).setTimeout(Requests.WRITE_LIMIT));
  }

  @Override
  public void list(Instant before, Consumer<BlobId> visitor) {
    requests.list(
        quorum(listBlobs.bind()).setTimeout(Requests.LIST_LIMIT),
        row -> {
          ByteBuffer key = row.getByteBuffer("id");
          if (key != null) {
            BlobId id = BlobId.fromBytes(RowKeys.bytes(key));
            if (id.created().isBefore(before)) {
              visitor.accept(id);
            }
          }
        });
  }

  private static ByteBuffer key(BlobId id) {
    return ByteBuffer.wrap(id.toBytes());
  }

  private static BoundStatement quorum(BoundStatement statement) {
    return statement.setConsistencyLevel(ConsistencyLevel.QUORUM).setIdempotent(true);
  }
}
