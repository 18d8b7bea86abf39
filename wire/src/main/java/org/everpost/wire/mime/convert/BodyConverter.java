package org.everpost.wire.mime.convert;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.convert.BodyConversion.Target;

/** Copies a message, and encodes the headers and bodies that must be. */
public final class BodyConverter {

  private static final int LINE_LENGTH = 76;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SOFT_LINE_BREAK = {'=', '\r', '\n'};

  private final List<Region> regions;
  private final Target target;

  BodyConverter(List<Region> regions, Target target) {
    this.regions = regions;
    this.target = target;
  }

  /**
   * Writes the converted message.
   *
   * @param content the message that the conversion was planned for, once more; is not closed
   * @param out is neither flushed nor closed
   */
  public void convert(InputStream content, OutputStream out) throws IOException {
    byte[] buffer = new byte[8 * 1024];
    LineEndWatch watched = new LineEndWatch(out);
    for (int i = 0; i < regions.size(); i++) {
      Slice slice = new Slice(content, regions.get(i).length());
      switch (regions.get(i)) {
        case Region.Header header when header.exceeds(target) -> {
          byte[] octets = AsciiHeader.of(slice.readAllBytes());
          header(header, regions.get(i + 1), new ByteArrayInputStream(octets), watched);
        }
        case Region.Header header -> header(header, regions.get(i + 1), slice, watched);
        case Region.Body body when body.exceeds(target) -> encode(body, slice, buffer, watched);
        case Region.Between between when between.exceeds(target) ->
            copy(slice, buffer, true, watched);
        case Region.Body _, Region.Between _ -> copy(slice, buffer, false, watched);
      }
      if (slice.left > 0) {
        throw new EOFException("the message is shorter than before");
      }
    }
    if (watched.last != '\n'
        && regions.getLast() instanceof Region.Body body
        && body.exceeds(target)) {
      // An encoded body ends its last line without adding to what it stands for.
      out.write(isText(body) ? SOFT_LINE_BREAK : CRLF);
    }
  }

  private void header(Region.Header header, Region next, InputStream slice, OutputStream out)
      throws IOException {
    MimePart part = header.part();
    boolean message = part.envelope() != null;
    if (next instanceof Region.Body body && body.exceeds(target)) {
      String encoding = isText(body) ? "quoted-printable" : "base64";
      byte[] octets = slice.readAllBytes();
      header.fields().rewrite(octets, encoding, message, body.count.hasEightBit(), out);
    } else if (isTooMuch(part.encoding()) && !part.parts().isEmpty() && isChangeable(header)) {
      // RFC 2045 §6.4: what holds parts is labelled as the most its parts are.
      String encoding = target == Target.SEVEN_BIT ? "7bit" : "8bit";
      header.fields().rewrite(slice.readAllBytes(), encoding, message, false, out);
    } else {
      slice.transferTo(out);
    }
  }

  private static boolean isChangeable(Region.Header header) {
    return !header.signed() && header.fields().readable();
  }

  private boolean isTooMuch(String encoding) {
    return encoding.equals("binary") || (target == Target.SEVEN_BIT && encoding.equals("8bit"));
  }

  private static boolean isText(Region.Body body) {
    return body.header().part().type().equals("text") && body.count.isMostlyAscii();
  }

  private static void encode(Region.Body body, InputStream slice, byte[] buffer, OutputStream out)
      throws IOException {
    InputStream decoded = ContentDecoder.decode(slice, body.header().part().encoding());
    try (OutputStream encoder =
        isText(body)
            ? new QuotedPrintableOutputStream(out)
            : Base64.getMimeEncoder(LINE_LENGTH, CRLF).wrap(new LeftOpen(out))) {
      for (int n = decoded.read(buffer); n >= 0; n = decoded.read(buffer)) {
        encoder.write(buffer, 0, n);
      }
    }
  }

  private static void copy(InputStream slice, byte[] buffer, boolean toAscii, OutputStream out)
      throws IOException {
    for (int n = slice.read(buffer); n >= 0; n = slice.read(buffer)) {
      for (int i = 0; toAscii && i < n; i++) {
        buffer[i] = buffer[i] < 0 ? (byte) '?' : buffer[i];
      }
      out.write(buffer, 0, n);
    }
  }

  /** So much of a stream. */
  private static final class Slice extends FilterInputStream {
    private long left;

    Slice(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      int n = left == 0 ? -1 : super.read(b, off, (int) Math.min(len, left));
      left -= Math.max(n, 0);
      return n;
    }
  }

  /** Knows the last octet. */
  private static final class LineEndWatch extends FilterOutputStream {
    private int last = '\n';

    LineEndWatch(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      last = b;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      last = len > 0 ? b[off + len - 1] : last;
    }
  }

  /** Ends with the encoder, whose last octets come when it is closed. */
  private static final class LeftOpen extends FilterOutputStream {
    LeftOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
    }

    @Override
    public void close() {}
  }
}
