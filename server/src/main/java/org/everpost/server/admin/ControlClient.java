package org.everpost.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.everpost.core.event.Reason;
import org.jspecify.annotations.Nullable;

/** The client's end of the control socket: has a command done by the running server. */
final class ControlClient implements AutoCloseable {

  private static final int PIECE_OCTETS = 64 << 10;

  private final SocketChannel channel;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to the server of a data directory, if it runs. */
  static Optional<ControlClient> connect(Path data) throws CommandException {
    Path socket = ControlSocket.path(data);
    if (!Files.exists(socket)) {
      return Optional.empty();
    }
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return Optional.of(new ControlClient(channel));
      } catch (java.net.ConnectException e) {
        // A server that was killed leaves its socket behind.
        channel.close();
        return Optional.empty();
      } catch (IOException e) {
        channel.close();
        if (!Files.exists(socket)) {
          return Optional.empty(); // the server has just stopped
        }
        throw new CommandException(
            "the server's control socket " + socket + " cannot be used: " + Reason.of(e), e);
      }
    } catch (IOException e) {
      throw new CommandException("no Unix-domain sockets here: " + Reason.of(e), e);
    }
  }

  /**
   * Has a command done.
   *
   * @return its exit code; none if the server ended before it began, so that nothing was done
   */
  OptionalInt run(List<String> words, Console console) throws IOException, CommandException {
    Frames frames = new Frames(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    try {
      frames.sendCommand(words);
      if (frames.receive().kind() != Frames.BEGUN) {
        throw new ProtocolException("the server is of another version");
      }
    } catch (ProtocolException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(serve(frames, console));
  }

  /** Failures of the console stay what they are: only those of the connection are the server's. */
  private static int serve(Frames frames, Console console) throws IOException, CommandException {
    @Nullable InputStream file = null;
    try {
      while (true) {
        Frames.Frame frame = receive(frames);
        String text = frame.contents().toString();
        switch (frame.kind()) {
          case Frames.OUT -> {
            console.out(text);
            console.flush(); // somebody may be watching
          }
          case Frames.ERR -> console.err(text);
          case Frames.IN -> send(frames, Frames.DATA, piece(console.in()));
          case Frames.OPEN -> {
            byte kind = Frames.DATA;
            byte[] answer;
            try {
              file = text.isEmpty() && file != null ? file : console.open(text);
              answer = piece(file);
            } catch (IOException e) {
              kind = Frames.FAILED;
              answer = Reason.of(e).getBytes(StandardCharsets.UTF_8);
            }
            send(frames, kind, answer);
          }
          case Frames.EXIT -> {
            console.flush();
            return ByteBuffer.wrap(frame.contents().octets()).getInt();
          }
          default -> throw new CommandException("the server is of another version");
        }
      }
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }

  private static byte[] piece(InputStream in) throws IOException {
    byte[] piece = new byte[PIECE_OCTETS];
    return Arrays.copyOf(piece, Math.max(in.read(piece), 0));
  }

  private static Frames.Frame receive(Frames frames) throws CommandException {
    try {
      return frames.receive();
    } catch (IOException e) {
      throw ended(e);
    }
  }

  private static void send(Frames frames, byte kind, byte[] contents) throws CommandException {
    try {
      frames.send(kind, contents, contents.length);
    } catch (IOException e) {
      throw ended(e);
    }
  }

  private static CommandException ended(IOException cause) {
    return new CommandException("the server ended before the command did", cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
