package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.everpost.store.BlobId;

/** For tests: what a failing disk does to stored bytes. */
public final class BlobDamage {

  private BlobDamage() {}

  /** Flips a bit of a chunk, on all nodes. */
  public static void damage(CassandraOptions options, BlobId id, int chunk) {
    ByteBuffer key = ByteBuffer.wrap(id.toBytes());
    String table = options.keyspace() + ".blobs";
    try (CqlSession session = Driver.connect(options)) {
      Row row =
          session
              .execute(
                  SimpleStatement.newInstance(
                      "SELECT data FROM " + table + " WHERE id = ? AND chunk = ?", key, chunk))
              .one();
      byte[] data =
          RowKeys.bytes(Objects.requireNonNull(Objects.requireNonNull(row).getByteBuffer("data")));
      data[data.length - 1] ^= 1;
      session.execute(
          SimpleStatement.newInstance(
              "UPDATE " + table + " SET data = ? WHERE id = ? AND chunk = ?",
              ByteBuffer.wrap(data),
              key,
              chunk));
    }
  }
}
