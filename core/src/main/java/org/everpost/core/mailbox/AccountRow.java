package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.row.Proto;

/**
 * The one row of an account as a whole. Key: {@code 01}.
 *
 * @param nextMailboxId the number the next mailbox gets
 * @param lastUidValidity the highest UIDVALIDITY ever given out (RFC 9051 §2.3.1.1)
 */
record AccountRow(
    int nextMailboxId,
    long lastUidValidity,
    long usedOctets,
    long usedMessages,
    List<String> subscriptions) {

  static final byte[] KEY = {1};

  AccountRow {
    subscriptions = List.copyOf(subscriptions);
  }

  byte[] encode() {
    return Proto.encode(this::writeTo);
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeInt32(1, nextMailboxId);
    out.writeInt64(2, lastUidValidity);
    out.writeInt64(3, usedOctets);
    out.writeInt64(4, usedMessages);
    for (String name : subscriptions) {
      out.writeString(5, name);
    }
  }

  static AccountRow decode(byte[] value) {
    return Proto.decode(value, AccountRow::readFrom);
  }

  private static AccountRow readFrom(CodedInputStream in) throws IOException {
    int nextMailboxId = 1;
    long lastUidValidity = 0;
    long usedOctets = 0;
    long usedMessages = 0;
    List<String> subscriptions = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> nextMailboxId = in.readInt32();
        case 2 -> lastUidValidity = in.readInt64();
        case 3 -> usedOctets = in.readInt64();
        case 4 -> usedMessages = in.readInt64();
        case 5 -> subscriptions.add(in.readString());
        default -> in.skipField(tag);
      }
    }
    return new AccountRow(nextMailboxId, lastUidValidity, usedOctets, usedMessages, subscriptions);
  }
}
