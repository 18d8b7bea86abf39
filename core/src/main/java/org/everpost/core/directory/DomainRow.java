package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a domain; a domain with this row may have accounts and aliases. Key: {@code 01}.
 *
 * @param firstAccount folded local part of the account that is here longest, who gets the
 *     postmaster's mail if nobody else does; null if there never was one
 */
record DomainRow(Instant created, @Nullable String firstAccount) {

  DomainRow {
    Objects.requireNonNull(created, "created");
  }

  static byte[] key() {
    return new byte[] {1};
  }

  byte[] encode() {
    return Proto.encode(this::writeTo);
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeInt64(1, created.getEpochSecond());
    if (firstAccount != null) {
      out.writeString(2, firstAccount);
    }
  }

  static DomainRow decode(byte[] value) {
    return Proto.decode(value, DomainRow::readFrom);
  }

  private static DomainRow readFrom(CodedInputStream in) throws IOException {
    long created = 0;
    String firstAccount = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> created = in.readInt64();
        case 2 -> firstAccount = in.readString();
        default -> in.skipField(tag);
      }
    }
    return new DomainRow(Instant.ofEpochSecond(created), firstAccount);
  }
}
