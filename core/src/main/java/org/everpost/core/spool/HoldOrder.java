package org.everpost.core.spool;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * An order to every node to hold what its queue has of a sender. Key: {@code 01}, time, number.
 *
 * @param number random, to tell it from others of the moment
 * @param obeyed the nodes that have carried it out
 */
public record HoldOrder(
    Instant at, long number, String sender, String reason, List<NodeId> obeyed) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {1});

  public HoldOrder {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(reason, "reason");
    obeyed = List.copyOf(obeyed);
  }

  /** The same, carried out by one more. */
  HoldOrder obeyedBy(NodeId node) {
    List<NodeId> all = new ArrayList<>(obeyed);
    all.add(node);
    return new HoldOrder(at, number, sender, reason, all);
  }

  byte[] key() {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put((byte) 1)
        .putLong(at.toEpochMilli())
        .putLong(number)
        .array();
  }

  static Instant time(byte[] key) {
    return Instant.ofEpochMilli(ByteBuffer.wrap(key).getLong(1));
  }

  byte[] encode() {
    return Proto.encode(out -> {
      out.writeInt64(1, at.toEpochMilli());
      out.writeString(2, sender);
      out.writeString(3, reason);
      for (NodeId node : obeyed) {
        out.writeString(4, node.text());
      }
    });
  }

  static HoldOrder decode(byte[] key, byte[] value) {
    return Proto.decode(value, in -> readFrom(in, ByteBuffer.wrap(key).getLong(1 + Long.BYTES)));
  }

  private static HoldOrder readFrom(CodedInputStream in, long number) throws IOException {
    long at = 0;
    String sender = "";
    String reason = "";
    List<NodeId> obeyed = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> at = in.readInt64();
        case 2 -> sender = in.readString();
        case 3 -> reason = in.readString();
        case 4 -> obeyed.add(new NodeId(in.readString()));
        default -> in.skipField(tag);
      }
    }
    return new HoldOrder(Instant.ofEpochMilli(at), number, sender, reason, obeyed);
  }
}
