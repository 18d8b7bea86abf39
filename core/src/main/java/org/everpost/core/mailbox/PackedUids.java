package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.everpost.core.row.Proto;

/** A UID set as a packed field of a row: for each range the gap before it and its length. */
final class PackedUids {

  private PackedUids() {}

  static void write(CodedOutputStream out, int field, UidSet uids) throws IOException {
    if (uids.isEmpty()) {
      return;
    }
    Proto.writeMessage(
        out,
        field,
        packed -> {
          int behind = 0;
          for (int i = 0; i < uids.ranges(); i++) {
            packed.writeUInt32NoTag(uids.first(i) - behind);
            packed.writeUInt32NoTag(uids.last(i) - uids.first(i));
            behind = uids.last(i);
          }
        });
  }

  static UidSet read(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    UidSet.Builder uids = new UidSet.Builder();
    int behind = 0;
    while (!in.isAtEnd()) {
      int first = behind + in.readUInt32();
      behind = first + in.readUInt32();
      uids.add(first, behind);
    }
    in.popLimit(limit);
    return uids.build();
  }
}
