package org.everpost.core.row;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/** An address as a field of a row: a message of two, the local part as it was given. */
public final class AddressField {

  private AddressField() {}

  public static void write(CodedOutputStream out, int field, EmailAddress address)
      throws IOException {
    Proto.writeMessage(
        out,
        field,
        inner -> {
          inner.writeString(1, address.localPart());
          inner.writeString(2, address.domain().ascii());
        });
  }

  public static EmailAddress read(CodedInputStream in) throws IOException {
    return Proto.readMessage(
        in,
        inner -> {
          String localPart = "";
          String domain = "";
          for (int tag = inner.readTag(); tag != 0; tag = inner.readTag()) {
            switch (tag >>> 3) {
              case 1 -> localPart = inner.readString();
              case 2 -> domain = inner.readString();
              default -> inner.skipField(tag);
            }
          }
          return new EmailAddress(localPart, new DomainName(domain));
        });
  }
}
