package org.everpost.core.spool;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.everpost.core.row.AddressField;
import org.everpost.core.row.Proto;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/** A path as a field of a row: a message that is empty for the null path. */
final class PathField {

  private PathField() {}

  static void write(CodedOutputStream out, int field, Path path) throws IOException {
    Proto.writeMessage(
        out,
        field,
        inner -> {
          switch (path) {
            case Path.Null _ -> {}
            case Path.Address a -> AddressField.write(inner, 1, a.address());
            case Path.AtLiteral l -> {
              inner.writeString(2, l.localPart());
              inner.writeString(3, l.literal().text());
            }
            case Path.Postmaster _ -> throw new IllegalArgumentException("Postmaster is local");
          }
        });
  }

  static Path read(CodedInputStream in) throws IOException {
    return Proto.readMessage(
        in,
        inner -> {
          EmailAddress address = null;
          String localPart = "";
          String literal = null;
          for (int tag = inner.readTag(); tag != 0; tag = inner.readTag()) {
            switch (tag >>> 3) {
              case 1 -> address = AddressField.read(inner);
              case 2 -> localPart = inner.readString();
              case 3 -> literal = inner.readString();
              default -> inner.skipField(tag);
            }
          }
          return path(address, localPart, literal);
        });
  }

  private static Path path(
      @Nullable EmailAddress address, String localPart, @Nullable String literal) {
    if (address != null) {
      return new Path.Address(address);
    }
    return literal == null
        ? new Path.Null()
        : new Path.AtLiteral(localPart, new AddressLiteral(literal));
  }
}
