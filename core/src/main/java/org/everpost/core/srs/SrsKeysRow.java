package org.everpost.core.srs;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;

/** The secrets of rewritten addresses, the oldest first. The only row of its partition. */
record SrsKeysRow(List<SrsKey> keys) {

  static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "srs");

  private static final byte[] KEY = {1};

  SrsKeysRow {
    keys = List.copyOf(keys);
  }

  /** A secret, and when it was made. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record SrsKey(byte[] secret, Instant made) {
    SrsKey {
      Objects.requireNonNull(secret, "secret");
      Objects.requireNonNull(made, "made");
    }
  }

  static byte[] key() {
    return KEY.clone();
  }

  byte[] encode() {
    return Proto.encode(out -> {
      for (SrsKey key : keys) {
        Proto.writeMessage(out, 1, field -> writeTo(field, key));
      }
    });
  }

  private static void writeTo(CodedOutputStream out, SrsKey key) throws IOException {
    out.writeByteArray(1, key.secret());
    out.writeInt64(2, key.made().getEpochSecond());
  }

  static SrsKeysRow decode(byte[] value) {
    return Proto.decode(
        value,
        in -> {
          List<SrsKey> keys = new ArrayList<>();
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
              case 1 -> keys.add(Proto.readMessage(in, SrsKeysRow::readFrom));
              default -> in.skipField(tag);
            }
          }
          return new SrsKeysRow(keys);
        });
  }

  private static SrsKey readFrom(CodedInputStream in) throws IOException {
    byte[] secret = {};
    long made = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> secret = in.readByteArray();
        case 2 -> made = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new SrsKey(secret, Instant.ofEpochSecond(made));
  }
}
