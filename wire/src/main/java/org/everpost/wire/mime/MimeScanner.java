package org.everpost.wire.mime;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the structure of a message while it passes by, in one pass and bounded memory. No input is
 * refused and none is too strange: what makes no sense is a leaf. One instance is for one message
 * and one thread.
 *
 * <p>A line ends with LF or CRLF. In a message whose very first line ends with a bare CR, as in
 * files from old Macs, every CR ends one; elsewhere a bare CR is text.
 */
public final class MimeScanner {

  private enum LineEnds {
    UNKNOWN,
    LF,
    CR
  }

  /** Carriage returns held back until it is known what they mean. */
  private static final int HELD_CRS = 64;

  private static final byte LF = '\n';
  private static final byte CR = '\r';

  private final PartTree tree = new PartTree();
  private LineEnds lineEnds = LineEnds.UNKNOWN;
  private int heldCrs;

  /** Whether the last octet, which is part of the current line, was a CR. */
  private boolean afterCr;

  private @Nullable MimePart root;

  /** Takes the next octets of the message. */
  public void feed(byte[] b, int off, int len) {
    Objects.checkFromIndexSize(off, len, b.length);
    if (root != null) {
      throw new IllegalStateException("the message is finished");
    }
    int to = off + len;
    int from = lineEnds == LineEnds.UNKNOWN ? firstLine(b, off, to) : off;
    scan(b, from, to);
  }

  /** The message itself as the root of its parts. */
  public MimePart finish() {
    MimePart whole = root;
    if (whole == null) {
      if (lineEnds == LineEnds.UNKNOWN) {
        decide(LineEnds.CR);
      }
      if (lineEnds == LineEnds.CR && afterCr) {
        tree.endLine(1);
      }
      whole = tree.finish();
      root = whole;
    }
    return whole;
  }

  /** Passes the first line on until its end shows how lines end; tells how far it came. */
  private int firstLine(byte[] b, int from, int to) {
    int i = from;
    if (heldCrs == 0) {
      while (i < to && b[i] != LF && b[i] != CR) {
        i++;
      }
      tree.piece(b, from, i);
    }
    while (i < to && b[i] == CR && heldCrs < HELD_CRS) {
      heldCrs++;
      i++;
    }
    if (i < to) {
      decide(b[i] == LF ? LineEnds.LF : LineEnds.CR);
    }
    return i;
  }

  private void decide(LineEnds decided) {
    lineEnds = decided;
    byte[] held = new byte[heldCrs];
    Arrays.fill(held, CR);
    scan(held, 0, held.length);
  }

  private void scan(byte[] b, int from, int to) {
    if (from == to) {
      return;
    }
    if (lineEnds == LineEnds.LF) {
      scanToLf(b, from, to);
    } else {
      scanToCr(b, from, to);
    }
  }

  private void scanToLf(byte[] b, int from, int to) {
    int start = from;
    while (start < to) {
      int lf = ByteSearch.indexOf(b, start, to, LF);
      if (lf < 0) {
        break;
      }
      boolean crlf = lf > start ? b[lf - 1] == CR : afterCr;
      tree.piece(b, start, lf + 1);
      tree.endLine(crlf ? 2 : 1);
      afterCr = false;
      start = lf + 1;
    }
    if (start < to) {
      tree.piece(b, start, to);
      afterCr = b[to - 1] == CR;
    }
  }

  private void scanToCr(byte[] b, int from, int to) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (afterCr && b[i] != LF) {
        tree.piece(b, start, i);
        tree.endLine(1);
        start = i;
      } else if (b[i] == LF) {
        tree.piece(b, start, i + 1);
        tree.endLine(afterCr ? 2 : 1);
        start = i + 1;
      }
      afterCr = b[i] == CR;
    }
    tree.piece(b, start, to);
  }
}
