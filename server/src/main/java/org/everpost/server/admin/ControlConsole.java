package org.everpost.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The server's end of a client's console: what is read and written here happens there. */
final class ControlConsole implements Console {

  private static final int FLUSH_CHARACTERS = 32 << 10;

  private final Frames frames;
  private final StringBuilder text = new StringBuilder();
  private final InputStream in;

  ControlConsole(Frames frames) {
    this.frames = frames;
    this.in = new RemoteInput(Frames.IN, "", new byte[0]);
  }

  @Override
  public void out(String more) throws IOException {
    text.append(more);
    if (text.length() > FLUSH_CHARACTERS) {
      flush();
    }
  }

  @Override
  public void err(String line) throws IOException {
    flush();
    frames.send(Frames.ERR, line);
  }

  @Override
  public void flush() throws IOException {
    if (!text.isEmpty()) {
      String ready = text.toString();
      text.setLength(0);
      frames.send(Frames.OUT, ready);
    }
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public InputStream open(String file) throws IOException {
    // Asked for at once, so that a file that is not there is known before anything is done.
    return file.equals("-") ? in : new RemoteInput(Frames.OPEN, "", ask(Frames.OPEN, file));
  }

  private byte[] ask(byte kind, String file) throws IOException {
    flush();
    frames.send(kind, file);
    Frames.Frame answer = frames.receive();
    if (answer.kind() == Frames.FAILED) {
      throw new IOException(answer.contents().toString());
    }
    if (answer.kind() != Frames.DATA) {
      throw new IOException("the client does not keep to the rules");
    }
    return answer.contents().octets();
  }

  /** A stream at the client, piece by piece. */
  private final class RemoteInput extends InputStream {
    private final byte kind;
    private final String file;
    private byte[] piece;
    private int position;
    private boolean ended;

    RemoteInput(byte kind, String file, byte[] first) {
      this.kind = kind;
      this.file = file;
      this.piece = first;
      this.ended = kind == Frames.OPEN && first.length == 0;
    }

    private boolean fill() throws IOException {
      if (position == piece.length && !ended) {
        piece = ask(kind, file);
        position = 0;
        ended = piece.length == 0;
      }
      return !ended;
    }

    @Override
    public int read() throws IOException {
      return fill() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, piece.length - position);
      System.arraycopy(piece, position, target, offset, n);
      position += n;
      return n;
    }

    @Override
    public String toString() {
      return new String(new byte[] {kind}, StandardCharsets.US_ASCII);
    }
  }
}
