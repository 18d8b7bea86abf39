package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.row.AddressField;
import org.everpost.core.row.Proto;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * An alias as stored.
 *
 * @param address as the operator wrote it; null for a catch-all
 */
record AliasRow(@Nullable EmailAddress address, List<EmailAddress> targets) implements AddressRow {

  AliasRow {
    targets = List.copyOf(targets);
  }

  @Override
  public byte[] encode() {
    return Proto.encode(out -> Proto.writeMessage(out, ALIAS_FIELD, this::writeTo));
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    if (address != null) {
      AddressField.write(out, 1, address);
    }
    for (EmailAddress target : targets) {
      AddressField.write(out, 2, target);
    }
  }

  static AliasRow readFrom(CodedInputStream in) throws IOException {
    EmailAddress address = null;
    List<EmailAddress> targets = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> address = AddressField.read(in);
        case 2 -> targets.add(AddressField.read(in));
        default -> in.skipField(tag);
      }
    }
    return new AliasRow(address, targets);
  }
}
