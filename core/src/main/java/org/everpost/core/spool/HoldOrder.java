package org.everpost.core.spool;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * An order to every node to hold what its queue has of a sender. Key: {@code 01}, time, a random
 * number.
 */
public record HoldOrder(Instant at, String sender, String reason) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {1});

  public HoldOrder {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(reason, "reason");
  }

  byte[] key(long random) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put((byte) 1)
        .putLong(at.toEpochMilli())
        .putLong(random)
        .array();
  }

  byte[] encode() {
    return Proto.encode(out -> {
      out.writeInt64(1, at.toEpochMilli());
      out.writeString(2, sender);
      out.writeString(3, reason);
    });
  }

  static HoldOrder decode(byte[] value) {
    return Proto.decode(value, HoldOrder::readFrom);
  }

  private static HoldOrder readFrom(CodedInputStream in) throws IOException {
    long at = 0;
    String sender = "";
    String reason = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> at = in.readInt64();
        case 2 -> sender = in.readString();
        case 3 -> reason = in.readString();
        default -> in.skipField(tag);
      }
    }
    return new HoldOrder(Instant.ofEpochMilli(at), sender, reason);
  }
}
