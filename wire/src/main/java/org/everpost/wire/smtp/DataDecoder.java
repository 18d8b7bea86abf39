package org.everpost.wire.smtp;

/**
 * Turns what follows DATA into the message: finds its end and takes away the dots the client put in
 * (RFC 5321 §4.5.2). One for each message.
 *
 * <p>The end is CR LF . CR LF and nothing else, or a client and a server could be made to disagree
 * on where a message ends. A CR or LF that stands alone makes the message {@link #malformed}: the
 * rest of it, up to its true end, is thrown away.
 */
public final class DataDecoder {

  private enum State {
    /** After CR LF, or before the first octet. */
    LINE_START,
    /** After a dot at the start of a line. */
    DOT,
    /** After a dot and a CR at the start of a line. */
    DOT_CR,
    IN_LINE,
    CR,
    ENDED
  }

  private State state = State.LINE_START;
  private boolean malformed;
  private int produced;

  /**
   * Decodes a piece up to its end or the end of the message. {@code out} may be {@code in} if
   * {@code outFrom} is not greater than {@code from}.
   *
   * @param out has room for {@code to - from} octets after {@code outFrom}
   * @return the octets used of the piece: fewer than it has only if the message {@link #ended}
   */
  public int decode(byte[] in, int from, int to, byte[] out, int outFrom) {
    produced = 0;
    int i = from;
    while (i < to && state != State.ENDED) {
      i = state == State.IN_LINE ? copyLines(in, i, to, out, outFrom) : step(in, i, out, outFrom);
    }
    return i - from;
  }

  /** The octets the last {@link #decode} wrote. */
  public int produced() {
    return produced;
  }

  /** Whether the end of the message was found. */
  public boolean ended() {
    return state == State.ENDED;
  }

  /** Whether a CR or LF stood alone, so that the message must be refused. */
  public boolean malformed() {
    return malformed;
  }

  /** One octet where a line begins or may have ended; returns the place of the next. */
  private int step(byte[] in, int i, byte[] out, int outFrom) {
    byte b = in[i];
    return switch (state) {
      // The dot is not part of the message whatever follows.
      case LINE_START -> b == '.' ? go(State.DOT, i + 1) : go(State.IN_LINE, i);
      case DOT -> b == '\r' ? go(State.DOT_CR, i + 1) : go(State.IN_LINE, i);
      case DOT_CR -> b == '\n' ? go(State.ENDED, i + 1) : bare(i);
      case CR -> {
        if (b != '\n') {
          yield bare(i);
        }
        emit(in, i, i + 1, out, outFrom);
        yield go(State.LINE_START, i + 1);
      }
      case IN_LINE, ENDED -> throw new IllegalStateException(state.name());
    };
  }

  private int go(State next, int i) {
    state = next;
    return i;
  }

  /** A CR was followed by something else, which is looked at again. */
  private int bare(int i) {
    malformed = true;
    return go(State.IN_LINE, i);
  }

  /** As many lines as need no dot taken away, in one copy. */
  private int copyLines(byte[] in, int from, int to, byte[] out, int outFrom) {
    int i = from;
    while (true) {
      i = LineEnds.nextLineEnd(in, i, to);
      if (i == to) {
        emit(in, from, to, out, outFrom);
        return to;
      }
      if (in[i] == '\n') {
        malformed = true;
        i++;
        continue;
      }
      if (i + 2 >= to) {
        emit(in, from, i + 1, out, outFrom);
        state = State.CR;
        return i + 1;
      }
      if (in[i + 1] != '\n') {
        malformed = true;
        i++;
        continue;
      }
      i += 2;
      if (in[i] == '.') {
        emit(in, from, i, out, outFrom);
        state = State.LINE_START;
        return i;
      }
    }
  }

  private void emit(byte[] in, int from, int to, byte[] out, int outFrom) {
    if (malformed) {
      return;
    }
    System.arraycopy(in, from, out, outFrom + produced, to - from);
    produced += to - from;
  }
}
