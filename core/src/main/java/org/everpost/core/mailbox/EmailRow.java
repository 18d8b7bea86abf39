package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.everpost.core.row.Proto;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/**
 * The content of messages. Key: {@code 04}, email id (8 octets). Beside it, where more than one
 * message row refers to it, how many do: key {@code 06}, email id.
 */
final class EmailRow {

  private static final int KIND = 4;
  private static final int REFERENCES_KIND = 6;

  /** All contents of an account. */
  static final KeyRange RANGE = KeyRange.prefix(new byte[] {KIND});

  private EmailRow() {}

  static byte[] key(EmailId id) {
    return RowKey.of(KIND, id.value());
  }

  static byte[] referencesKey(EmailId id) {
    return RowKey.of(REFERENCES_KIND, id.value());
  }

  static byte[] encode(BlobId blob, long size, MimePart structure) {
    return Proto.encode(out -> {
      out.writeByteArray(1, blob.toBytes());
      out.writeInt64(2, size);
      Proto.writeMessage(out, 3, part -> StructureCodec.write(part, structure));
    });
  }

  static Email decode(EmailId id, byte[] value) {
    return Proto.decode(value, in -> readFrom(in, id));
  }

  private static Email readFrom(CodedInputStream in, EmailId id) throws IOException {
    byte[] blob = new byte[0];
    long size = 0;
    @Nullable MimePart structure = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> blob = in.readByteArray();
        case 2 -> size = in.readInt64();
        case 3 -> structure = Proto.readMessage(in, StructureCodec::read);
        default -> in.skipField(tag);
      }
    }
    if (structure == null) {
      throw new IllegalStateException("email row " + id + " has no structure");
    }
    return new Email(id, BlobId.fromBytes(blob), size, structure);
  }

  /** Where the content is, without reading the rest. */
  static BlobId blob(byte[] value) {
    return Proto.decode(
        value,
        in -> {
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag >>> 3 == 1) {
              return BlobId.fromBytes(in.readByteArray());
            }
            in.skipField(tag);
          }
          throw new IllegalStateException("an email row names no blob");
        });
  }

  /** How many message rows refer to an email, from the row under {@link #referencesKey}. */
  static int decodeReferences(byte @Nullable [] value) {
    return value == null ? 1 : Proto.decode(value, CodedInputStream::readRawVarint32);
  }

  static byte[] encodeReferences(int count) {
    return Proto.encode(out -> out.writeUInt32NoTag(count));
  }
}
