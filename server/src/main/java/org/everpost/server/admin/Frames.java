package org.everpost.server.admin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What goes over the control socket: frames of a kind (one octet), a length (four) and contents.
 *
 * <p>The client sends a COMMAND. The server says BEGUN: before that nothing was done, and the
 * command may be given to another. Of a command that is UNREAD the client knows nothing but the
 * words; the server says YOURS and ends if it is not done here, or not before somebody has answered
 * a question. After BEGUN it sends OUT and ERR with text to show; IN for a piece of standard input;
 * OPEN for a piece of a file, named or, without a name, the one opened last. The client answers IN
 * and OPEN by DATA, empty at the end, or by FAILED with a reason. EXIT is last.
 */
final class Frames {

  static final byte COMMAND = 'C';
  static final byte UNREAD = 'U';
  static final byte BEGUN = 'B';
  static final byte YOURS = 'Y';
  static final byte OUT = 'O';
  static final byte ERR = 'E';
  static final byte IN = 'I';
  static final byte OPEN = 'F';
  static final byte DATA = 'D';
  static final byte FAILED = 'N';
  static final byte EXIT = 'X';

  /** The most a frame holds. */
  static final int MAX_OCTETS = 256 << 10;

  /** So many characters fit, whatever they are. */
  private static final int MAX_CHARACTERS = MAX_OCTETS / 4;

  private static final int MAX_WORDS = 1_000;

  private final DataInputStream in;
  private final DataOutputStream out;

  /** A received frame. */
  record Frame(byte kind, Contents contents) {}

  /**
   * A command line.
   *
   * @param unread nobody has read the words yet
   */
  record Typed(List<String> words, boolean unread) {}

  /** Octets that know how to show themselves. */
  static final class Contents {
    private final byte[] octets;

    Contents(byte[] octets) {
      this.octets = octets;
    }

    byte[] octets() {
      return octets;
    }

    @Override
    public String toString() {
      return new String(octets, StandardCharsets.UTF_8);
    }
  }

  Frames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.out = new DataOutputStream(new BufferedOutputStream(out));
  }

  void send(byte kind, byte[] contents, int length) throws IOException {
    out.writeByte(kind);
    out.writeInt(length);
    out.write(contents, 0, length);
    out.flush();
  }

  /** Sends text, in several frames if it is long, none with half a character. */
  void send(byte kind, String text) throws IOException {
    int from = 0;
    do {
      int to = Math.min(text.length(), from + MAX_CHARACTERS);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      byte[] octets = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
      send(kind, octets, octets.length);
      from = to;
    } while (from < text.length());
  }

  /**
   * Waits for the next frame.
   *
   * @throws IOException if the other end went away or does not keep to the rules
   */
  Frame receive() throws IOException {
    byte kind = in.readByte();
    int length = in.readInt();
    if (length < 0 || length > MAX_OCTETS) {
      throw new ProtocolException("a frame of " + length + " octets");
    }
    byte[] contents = in.readNBytes(length);
    if (contents.length < length) {
      throw new EOFException();
    }
    return new Frame(kind, new Contents(contents));
  }

  /** Sends a command line: no word can contain a NUL. */
  void sendCommand(Typed typed) throws IOException {
    byte[] octets = String.join("\0", typed.words).getBytes(StandardCharsets.UTF_8);
    if (octets.length > MAX_OCTETS || typed.words.size() > MAX_WORDS) {
      throw new ProtocolException("the command is too long");
    }
    send(typed.unread ? UNREAD : COMMAND, octets, octets.length);
  }

  Typed receiveCommand() throws IOException {
    Frame frame = receive();
    List<String> words = List.of(frame.contents.toString().split("\0", -1));
    if ((frame.kind != COMMAND && frame.kind != UNREAD) || words.size() > MAX_WORDS) {
      throw new ProtocolException("no command");
    }
    return new Typed(words, frame.kind == UNREAD);
  }
}
