package org.everpost.core.cluster;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * A node that is up, or was when it last said so. Key: {@code 01}, node id.
 *
 * <p>What it owns stands in the same row: it then changes hands with it, and leaves no trace of
 * deleted rows where every node looks again and again.
 *
 * @param incarnation a random number of the process that runs the node
 * @param until when its lease ends if it is not renewed
 * @param spools the ids of the spool partitions it owns
 */
record NodeRow(String hostname, long incarnation, Instant until, List<String> spools) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {1});

  NodeRow {
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(until, "until");
    spools = List.copyOf(spools);
  }

  static byte[] key(NodeId node) {
    byte[] id = node.text().getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[1 + id.length];
    key[0] = 1;
    System.arraycopy(id, 0, key, 1, id.length);
    return key;
  }

  static NodeId node(byte[] key) {
    return new NodeId(
        new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.US_ASCII));
  }

  /** The same, owning these too. */
  NodeRow with(List<String> more) {
    List<String> all = new ArrayList<>(spools);
    for (String spool : more) {
      if (!all.contains(spool)) {
        all.add(spool);
      }
    }
    return new NodeRow(hostname, incarnation, until, all);
  }

  /** The same, no longer owning one. */
  NodeRow without(String spool) {
    List<String> rest = spools.stream().filter(own -> !own.equals(spool)).toList();
    return new NodeRow(hostname, incarnation, until, rest);
  }

  byte[] encode() {
    return Proto.encode(this::writeTo);
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeString(1, hostname);
    out.writeFixed64(2, incarnation);
    out.writeInt64(3, until.toEpochMilli());
    for (String spool : spools) {
      out.writeString(4, spool);
    }
  }

  static NodeRow decode(byte[] value) {
    return Proto.decode(value, NodeRow::readFrom);
  }

  private static NodeRow readFrom(CodedInputStream in) throws IOException {
    String hostname = "";
    long incarnation = 0;
    long until = 0;
    List<String> spools = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> hostname = in.readString();
        case 2 -> incarnation = in.readFixed64();
        case 3 -> until = in.readInt64();
        case 4 -> spools.add(in.readString());
        default -> in.skipField(tag);
      }
    }
    return new NodeRow(hostname, incarnation, Instant.ofEpochMilli(until), spools);
  }
}
