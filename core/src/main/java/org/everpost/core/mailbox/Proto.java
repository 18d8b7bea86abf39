package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Row values as Protocol Buffers messages; each row class writes and reads its own fields. */
final class Proto {

  private Proto() {}

  /** Writes fields. */
  interface Writer {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /**
   * Reads fields up to the end; unknown ones are skipped, so that an old release reads new rows.
   */
  interface Reader<T> {
    T readFrom(CodedInputStream in) throws IOException;
  }

  static byte[] encode(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
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
    } catch (IOException e) {
      throw new IllegalStateException("a stored row cannot be read", e);
    }
  }

  /** A message as a field of another. */
  static void writeMessage(CodedOutputStream out, int field, Writer writer) throws IOException {
    out.writeByteArray(field, encode(writer));
  }

  static <T> T readMessage(CodedInputStream in, Reader<T> reader) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    T message = reader.readFrom(in);
    in.popLimit(limit);
    return message;
  }

  /** A UID set as a packed field: for each range the gap before it and its length. */
  static void writeUids(CodedOutputStream out, int field, UidSet uids) throws IOException {
    if (uids.isEmpty()) {
      return;
    }
    writeMessage(
        out,
        field,
        packed -> {
          int behind = 0;
          for (int i = 0; i < uids.ranges(); i++) {
            packed.writeUInt32NoTag(uids.first(i) - behind);
            packed.writeUInt32NoTag(uids.last(i) - uids.first(i));
            behind = uids.last(i);
          }
        });
  }

  static UidSet readUids(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    UidSet.Builder uids = new UidSet.Builder();
    int behind = 0;
    while (!in.isAtEnd()) {
      int first = behind + in.readUInt32();
      behind = first + in.readUInt32();
      uids.add(first, behind);
    }
    in.popLimit(limit);
    return uids.build();
  }

  /** The key of a row: its kind and big-endian numbers, so that byte order is their order. */
  static byte[] key(int kind, int first) {
    return ByteBuffer.allocate(5).put((byte) kind).putInt(first).array();
  }

  static byte[] key(int kind, int first, int second) {
    return ByteBuffer.allocate(9).put((byte) kind).putInt(first).putInt(second).array();
  }

  static byte[] key(int kind, long first) {
    return ByteBuffer.allocate(9).put((byte) kind).putLong(first).array();
  }
}
