package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;

/**
 * One local part of a domain: an account or an alias. Key: {@code 02}, folded local part in UTF-8;
 * the catch-all is {@code 03} alone. Value: a message with the one or the other as its field.
 */
sealed interface AddressRow permits AccountRow, AliasRow {

  /** All local parts, without the catch-all. */
  KeyRange LOCAL_PARTS = KeyRange.prefix(new byte[] {2});

  /** Stands for the folded local part of a catch-all: no local part is empty. */
  String CATCH_ALL = "";

  int ACCOUNT_FIELD = 1;
  int ALIAS_FIELD = 2;

  static byte[] key(String folded) {
    if (folded.equals(CATCH_ALL)) {
      return new byte[] {3};
    }
    byte[] local = folded.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[local.length + 1];
    key[0] = 2;
    System.arraycopy(local, 0, key, 1, local.length);
    return key;
  }

  /** The folded local part of a key. */
  static String folded(byte[] key) {
    return new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.UTF_8);
  }

  static AddressRow decode(byte[] value) {
    return Proto.decode(value, AddressRow::readFrom);
  }

  private static AddressRow readFrom(CodedInputStream in) throws IOException {
    AddressRow row = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case ACCOUNT_FIELD -> row = Proto.readMessage(in, AccountRow::readFrom);
        case ALIAS_FIELD -> row = Proto.readMessage(in, AliasRow::readFrom);
        default -> in.skipField(tag);
      }
    }
    if (row == null) {
      throw new IllegalStateException("a stored address is neither an account nor an alias");
    }
    return row;
  }

  byte[] encode();
}
