package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * What one commit changed, so that another node brings its view up to date by reading these rows
 * alone. Key: {@code 05}, version (8 octets).
 *
 * @param mailboxes what happened in each touched mailbox
 */
record ChangeRow(long version, List<MailboxChange> mailboxes) {

  private static final int KIND = 5;

  ChangeRow {
    mailboxes = List.copyOf(mailboxes);
  }

  /**
   * One mailbox's part. A mailbox made, renamed or deleted is named here too, with empty sets.
   *
   * @param touched UIDs that came or whose flags changed
   * @param vanished UIDs that went
   */
  record MailboxChange(MailboxId mailbox, UidSet touched, UidSet vanished) {}

  static byte[] key(long version) {
    return RowKey.of(KIND, version);
  }

  /** The rows of versions {@code first} to {@code last}, both included. */
  static KeyRange range(long first, long last) {
    return new KeyRange(key(first), key(last + 1));
  }

  byte[] encode() {
    return Proto.encode(out -> {
      for (MailboxChange change : mailboxes) {
        Proto.writeMessage(out, 1, inner -> write(inner, change));
      }
    });
  }

  private static void write(CodedOutputStream out, MailboxChange change) throws IOException {
    out.writeInt32(1, change.mailbox().value());
    PackedUids.write(out, 2, change.touched());
    PackedUids.write(out, 3, change.vanished());
  }

  static ChangeRow decode(byte[] key, byte[] value) {
    long version = ByteBuffer.wrap(key).getLong(1);
    return Proto.decode(value, in -> new ChangeRow(version, readFrom(in)));
  }

  private static List<MailboxChange> readFrom(CodedInputStream in) throws IOException {
    List<MailboxChange> changes = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag >>> 3 == 1) {
        changes.add(Proto.readMessage(in, ChangeRow::readChange));
      } else {
        in.skipField(tag);
      }
    }
    return changes;
  }

  private static MailboxChange readChange(CodedInputStream in) throws IOException {
    int mailbox = 0;
    UidSet touched = UidSet.EMPTY;
    UidSet vanished = UidSet.EMPTY;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> mailbox = in.readInt32();
        case 2 -> touched = PackedUids.read(in);
        case 3 -> vanished = PackedUids.read(in);
        default -> in.skipField(tag);
      }
    }
    return new MailboxChange(new MailboxId(mailbox), touched, vanished);
  }
}
