package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/** A message in a mailbox. Key: {@code 03}, mailbox id (4 octets), UID (4 octets). */
final class MessageRow {

  private static final int KIND = 3;

  private MessageRow() {}

  static byte[] key(MailboxId mailbox, int uid) {
    return RowKey.of(KIND, mailbox.value(), uid);
  }

  /** All messages of a mailbox. */
  static KeyRange range(MailboxId mailbox) {
    return KeyRange.prefix(RowKey.of(KIND, mailbox.value()));
  }

  static byte[] encode(Message message) {
    return Proto.encode(out -> writeTo(out, message));
  }

  private static void writeTo(CodedOutputStream out, Message message) throws IOException {
    out.writeInt64(1, message.flags());
    out.writeInt64(2, message.modSeq());
    out.writeInt64(3, message.email().value());
    out.writeInt64(4, message.size());
    out.writeSInt64(5, message.internalDate());
    out.writeInt64(6, message.saveDate());
  }

  static Message decode(byte[] key, byte[] value) {
    int uid = ByteBuffer.wrap(key).getInt(5);
    return Proto.decode(value, in -> readFrom(in, uid));
  }

  private static Message readFrom(CodedInputStream in, int uid) throws IOException {
    long flags = 0;
    long modSeq = 0;
    long email = 0;
    long size = 0;
    long internalDate = 0;
    long saveDate = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> flags = in.readInt64();
        case 2 -> modSeq = in.readInt64();
        case 3 -> email = in.readInt64();
        case 4 -> size = in.readInt64();
        case 5 -> internalDate = in.readSInt64();
        case 6 -> saveDate = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new Message(uid, flags, modSeq, new EmailId(email), size, internalDate, saveDate);
  }
}
