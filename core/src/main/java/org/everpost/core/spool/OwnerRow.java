package org.everpost.core.spool;

import org.everpost.core.row.Proto;

/**
 * Who works through a spool partition: the stamp of a node and its incarnation. Key: {@code 01}. To
 * commit it is to take the partition over, as the former owner no longer knows its version.
 */
final class OwnerRow {

  private OwnerRow() {}

  static byte[] key() {
    return new byte[] {1};
  }

  static byte[] encode(byte[] stamp) {
    return Proto.encode(out -> out.writeByteArray(1, stamp));
  }

  static byte[] decode(byte[] value) {
    return Proto.decode(
        value,
        in -> {
          byte[] stamp = {};
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
              case 1 -> stamp = in.readByteArray();
              default -> in.skipField(tag);
            }
          }
          return stamp;
        });
  }
}
