package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/** A mailbox, without its messages. Key: {@code 02}, mailbox id (4 octets). */
final class MailboxRow {

  static final int KIND = 2;
  static final KeyRange RANGE = KeyRange.prefix(new byte[] {KIND});

  private MailboxRow() {}

  static byte[] key(MailboxId id) {
    return RowKey.of(KIND, id.value());
  }

  static byte[] encode(MailboxView mailbox) {
    return Proto.encode(out -> writeTo(out, mailbox));
  }

  private static void writeTo(CodedOutputStream out, MailboxView mailbox) throws IOException {
    out.writeInt32(1, mailbox.id().value());
    out.writeString(2, mailbox.name());
    out.writeInt64(3, mailbox.uidValidity());
    out.writeInt32(4, mailbox.uidNext());
    out.writeInt64(5, mailbox.highestModSeq());
    out.writeInt32(6, mailbox.count());
    out.writeInt32(7, mailbox.unseen());
    out.writeInt32(8, mailbox.deleted());
    out.writeInt64(9, mailbox.sizeOctets());
    for (SpecialUse use : mailbox.specialUse()) {
      out.writeInt32(10, use.code());
    }
    for (String keyword : mailbox.keywords()) {
      out.writeString(11, keyword);
    }
  }

  static MailboxView decode(byte[] value) {
    return Proto.decode(value, MailboxRow::readFrom);
  }

  private static MailboxView readFrom(CodedInputStream in) throws IOException {
    int id = 0;
    String name = "";
    long uidValidity = 0;
    int uidNext = 1;
    long highestModSeq = 0;
    int count = 0;
    int unseen = 0;
    int deleted = 0;
    long size = 0;
    Set<SpecialUse> specialUse = EnumSet.noneOf(SpecialUse.class);
    List<String> keywords = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> id = in.readInt32();
        case 2 -> name = in.readString();
        case 3 -> uidValidity = in.readInt64();
        case 4 -> uidNext = in.readInt32();
        case 5 -> highestModSeq = in.readInt64();
        case 6 -> count = in.readInt32();
        case 7 -> unseen = in.readInt32();
        case 8 -> deleted = in.readInt32();
        case 9 -> size = in.readInt64();
        case 10 -> SpecialUse.of(in.readInt32()).ifPresent(specialUse::add);
        case 11 -> keywords.add(in.readString());
        default -> in.skipField(tag);
      }
    }
    return new MailboxView(
        new MailboxId(id),
        name,
        uidValidity,
        uidNext,
        highestModSeq,
        specialUse,
        keywords,
        count,
        unseen,
        deleted,
        size,
        null);
  }
}
