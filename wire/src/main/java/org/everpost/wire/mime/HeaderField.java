package org.everpost.wire.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** One field of a header section, where it stands in the array that was given. */
public final class HeaderField {

  private final byte[] source;
  private final int offset;
  private final int nameEnd;
  private final int valueOffset;
  private final int end;

  HeaderField(byte[] source, int offset, int nameEnd, int valueOffset, int end) {
    this.source = source;
    this.offset = offset;
    this.nameEnd = nameEnd;
    this.valueOffset = valueOffset;
    this.end = end;
  }

  /** The name as it is written; empty for a line that is no field. */
  public String name() {
    return new String(source, offset, nameEnd - offset, StandardCharsets.ISO_8859_1);
  }

  /** Whether it has that name, in any case. */
  public boolean is(String name) {
    return nameEnd - offset == name.length() && name.equalsIgnoreCase(name());
  }

  /** Where the field begins in the array. */
  public int offset() {
    return offset;
  }

  /** Its octets from the name to the last line end. */
  public int length() {
    return end - offset;
  }

  /** Where its body begins in the array: behind the colon. */
  public int valueOffset() {
    return valueOffset;
  }

  /** The body unfolded and trimmed; encoded words stay encoded. */
  public String value() {
    return HeaderText.unfold(source, valueOffset, end);
  }

  /** The body as addresses. */
  public List<EnvelopeAddress> addresses() {
    return AddressList.parse(source, valueOffset, end);
  }

  /** A copy of the whole field with its line ends. */
  public byte[] raw() {
    return Arrays.copyOfRange(source, offset, end);
  }

  @Override
  public String toString() {
    return name() + ": " + value();
  }
}
