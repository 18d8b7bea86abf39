package org.everpost.core.row;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Row values as Protocol Buffers messages; each row class writes and reads its own fields. */
public final class Proto {

  private Proto() {}

  /** Writes fields. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /**
   * Reads fields up to the end; unknown ones are skipped, so that an old release reads new rows.
   */
  @FunctionalInterface
  public interface Reader<T> {
    T readFrom(CodedInputStream in) throws IOException;
  }

  public static byte[] encode(Writer writer) {
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
  public static <T> T decode(byte[] value, Reader<T> reader) {
    try {
      return reader.readFrom(CodedInputStream.newInstance(value));
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("a stored row cannot be read", e);
    }
  }

  /** A message as a field of another. */
  public static void writeMessage(CodedOutputStream out, int field, Writer writer)
      throws IOException {
    out.writeByteArray(field, encode(writer));
  }

  public static <T> T readMessage(CodedInputStream in, Reader<T> reader) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    T message = reader.readFrom(in);
    in.popLimit(limit);
    return message;
  }
}
