package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/** Row values as Protocol Buffers messages; each row class writes and reads its own fields. */
final class RowCodec {

  private RowCodec() {}

  /** Writes fields. */
  interface Writer {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** Reads fields up to the end, skipping unknown ones: an old release reads new rows. */
  interface Reader<T> {
    T readFrom(CodedInputStream in) throws IOException;
  }

  static byte[] encode(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, 256);
    try {
      writer.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalStateException if the bytes are no such message: the row is damaged
   */
  static <T> T decode(byte[] value, Reader<T> reader) {
    try {
      return reader.readFrom(CodedInputStream.newInstance(value));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("a stored row of the directory cannot be read", e);
    }
  }

  static <T> T readMessage(CodedInputStream in, Reader<T> reader) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    T message = reader.readFrom(in);
    in.popLimit(limit);
    return message;
  }

  /** An address as two fields of a message, the local part as it was given. */
  static void writeAddress(CodedOutputStream out, int field, EmailAddress address)
      throws IOException {
    out.writeByteArray(
        field,
        encode(inner -> {
          inner.writeString(1, address.localPart());
          inner.writeString(2, address.domain().ascii());
        }));
  }

  static EmailAddress readAddress(CodedInputStream in) throws IOException {
    return readMessage(
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
