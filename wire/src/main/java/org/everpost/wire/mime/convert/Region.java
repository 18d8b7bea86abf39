package org.everpost.wire.mime.convert;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.convert.BodyConversion.Target;
import org.jspecify.annotations.Nullable;

/** A piece of a message; all of them one after the other are the message. */
abstract sealed class Region {

  private final long length;
  private final boolean signed;
  final OctetCount count = new OctetCount();

  private Region(long length, boolean signed) {
    this.length = length;
    this.signed = signed;
  }

  long length() {
    return length;
  }

  /** Whether it is in a part that a signature covers (RFC 1847 §2.1). */
  boolean signed() {
    return signed;
  }

  /** Whether it cannot stay as it is. */
  abstract boolean exceeds(Target target);

  /** Reads it from {@code content}, which stands at its beginning. */
  void examine(InputStream content, byte[] buffer) throws IOException {
    long left = length;
    while (left > 0) {
      int n = content.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new EOFException("the message is shorter than before");
      }
      count.add(buffer, 0, n);
      left -= n;
    }
  }

  /** The header of a part, with the empty line that ends it. */
  static final class Header extends Region {
    private final MimePart part;
    private PartFields fields = PartFields.NONE;
    private boolean convertible;

    Header(MimePart part, boolean signed) {
      super(part.headerSize(), signed);
      this.part = part;
    }

    @Override
    boolean exceeds(Target target) {
      return target == Target.SEVEN_BIT && count.hasEightBit();
    }

    @Override
    void examine(InputStream content, byte[] buffer) throws IOException {
      if (length() > PartFields.MAX_OCTETS) {
        super.examine(content, buffer);
        fields = PartFields.TOO_LONG;
      } else {
        byte[] octets = content.readNBytes((int) length());
        count.add(octets, 0, octets.length);
        fields = PartFields.of(octets);
        convertible =
            fields.readable()
                && (!count.hasEightBit()
                    || AsciiHeader.keepsStructure(octets, part.bodySize() > 0));
      }
    }

    /** Whether it says the same of the body when it is ASCII. */
    boolean convertible() {
      return convertible;
    }

    MimePart part() {
      return part;
    }

    PartFields fields() {
      return fields;
    }

    /** Why the body of this part cannot be given another encoding; null if it can. */
    @Nullable String obstacle() {
      return fields.obstacle(part);
    }
  }

  /** The body of a part without parts. */
  static final class Body extends Region {
    private final Header header;

    Body(Header header, boolean signed) {
      super(header.part.bodySize(), signed);
      this.header = header;
    }

    @Override
    boolean exceeds(Target target) {
      // Long lines are not nice but pass; unless the part says that it has no lines.
      return count.isBinary()
          || (target == Target.SEVEN_BIT && count.hasEightBit())
          || (count.hasLongLine() && header.part.encoding().equals("binary"));
    }

    Header header() {
      return header;
    }
  }

  /** What stands between the parts of a multipart: delimiters, and text that nobody sees. */
  static final class Between extends Region {
    private final MimePart multipart;

    Between(MimePart multipart, long length, boolean signed) {
      super(length, signed);
      this.multipart = multipart;
    }

    @Override
    boolean exceeds(Target target) {
      return target == Target.SEVEN_BIT && count.hasEightBit();
    }

    boolean hasDelimiterBeyondAscii() {
      return multipart.parameters().stream()
          .anyMatch(p -> p.name().equals("boundary") && p.value().chars().anyMatch(c -> c > 127));
    }
  }
}
