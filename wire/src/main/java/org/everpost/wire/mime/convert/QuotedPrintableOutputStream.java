package org.everpost.wire.mime.convert;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a body in quoted-printable (RFC 2045 §6.7). CR LF is a line end; every other CR or LF is
 * encoded. No line it writes begins with a hyphen, or it could become a delimiter of a multipart
 * around it that it was not before.
 */
public final class QuotedPrintableOutputStream extends OutputStream {

  /** 76 with the equals sign of a soft line break. */
  private static final int LINE_LENGTH = 75;

  private static final String HEX = "0123456789ABCDEF";

  private final OutputStream out;
  private int column;
  private boolean afterCr;

  /** White space that must be encoded if a line ends here; 0 if there is none. */
  private int space;

  public QuotedPrintableOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    int octet = b & 0xff;
    if (afterCr) {
      afterCr = false;
      if (octet == '\n') {
        endLine();
        return;
      }
      put('\r');
    }
    if (octet == '\r') {
      afterCr = true;
    } else {
      put(octet);
    }
  }

  private void put(int octet) throws IOException {
    if (space != 0) {
      literal(space);
      space = 0;
    }
    boolean first = column == 0 || column == LINE_LENGTH;
    if (octet == ' ' || octet == '\t') {
      space = octet;
    } else if (octet > ' ' && octet <= '~' && octet != '=' && !(octet == '-' && first)) {
      literal(octet);
    } else {
      escape(octet);
    }
  }

  private void endLine() throws IOException {
    escapeSpace();
    out.write('\r');
    out.write('\n');
    column = 0;
  }

  private void escapeSpace() throws IOException {
    if (space != 0) {
      escape(space);
      space = 0;
    }
  }

  private void literal(int octet) throws IOException {
    makeRoom(1);
    out.write(octet);
    column++;
  }

  private void escape(int octet) throws IOException {
    makeRoom(3);
    out.write('=');
    out.write(HEX.charAt(octet >> 4));
    out.write(HEX.charAt(octet & 15));
    column += 3;
  }

  private void makeRoom(int octets) throws IOException {
    if (column + octets > LINE_LENGTH) {
      out.write('=');
      out.write('\r');
      out.write('\n');
      column = 0;
    }
  }

  /** Writes what was held back; the stream below stays open. */
  @Override
  public void close() throws IOException {
    if (afterCr) {
      afterCr = false;
      put('\r');
    }
    escapeSpace();
  }
}
