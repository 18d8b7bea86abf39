package org.everpost.core.cluster;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * A spool partition and the node that works through it. Key: {@code 02}, the partition's id.
 *
 * @param owner changes when another node adopts it
 */
record OwnedSpoolRow(NodeId owner) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {2});

  OwnedSpoolRow {
    Objects.requireNonNull(owner, "owner");
  }

  static byte[] key(String spool) {
    byte[] id = spool.getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[1 + id.length];
    key[0] = 2;
    System.arraycopy(id, 0, key, 1, id.length);
    return key;
  }

  static String spool(byte[] key) {
    return new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.US_ASCII);
  }

  byte[] encode() {
    return Proto.encode(out -> out.writeString(1, owner.text()));
  }

  static OwnedSpoolRow decode(byte[] value) {
    return Proto.decode(value, OwnedSpoolRow::readFrom);
  }

  private static OwnedSpoolRow readFrom(CodedInputStream in) throws IOException {
    String owner = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> owner = in.readString();
        default -> in.skipField(tag);
      }
    }
    return new OwnedSpoolRow(new NodeId(owner));
  }
}
