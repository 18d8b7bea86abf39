package org.everpost.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
   * Has a command done by the server of a data directory; none if nothing was done.
   *
   * @param patience how long to wait for the server to begin with it
   */
  static OptionalInt ask(Path data, Frames.Typed typed, Duration patience, Console console)
      throws IOException, CommandException {
    Optional<ControlClient> running = connect(data);
    if (running.isEmpty()) {
      return OptionalInt.empty();
    }
    try (ControlClient client = running.get()) {
      return client.run(typed, patience, console);
    }
  }

  /**
   * Has a command done.
   *
   * @return its exit code; none if nothing was done: the server ended before it began, or left it
   *     to us
   */
  private OptionalInt run(Frames.Typed typed, Duration patience, Console console)
      throws IOException, CommandException {
    Frames frames = new Frames(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    try {
      frames.sendCommand(typed);
      awaitAnswer(patience);
      byte answer = frames.receive().kind();
      if (answer == Frames.YOURS) {
        return OptionalInt.empty();
      }
      if (answer != Frames.BEGUN) {
        throw new ProtocolException("the server is of another version");
      }
    } catch (ProtocolException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(serve(frames, typed.words(), console));
  }

  /** A server that was stopped in its tracks (SIGSTOP) takes connections and says nothing. */
  private void awaitAnswer(Duration patience) throws IOException, CommandException {
    try (Selector selector = channel.provider().openSelector()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      if (selector.select(Math.max(1, patience.toMillis())) == 0) {
        throw new CommandException(
            "the server has not answered for %d s".formatted(patience.toSeconds()));
      }
    }
    channel.configureBlocking(true);
  }

  /** Failures of the console stay what they are: only those of the connection are the server's. */
  private static int serve(Frames frames, List<String> words, Console console)
      throws IOException, CommandException {
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
              file = text.isEmpty() && file != null ? file : open(text, words, console);
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

  /** Whoever is at the other end reads nothing but what was typed. */
  private static InputStream open(String name, List<String> words, Console console)
      throws IOException {
    if (!words.contains(name)) {
      throw new IOException(name + " was not named");
    }
    return console.open(name);
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
