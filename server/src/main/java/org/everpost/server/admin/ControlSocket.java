package org.everpost.server.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;

/**
 * The server's end of the control socket: does commands for whoever may open the socket, which is
 * the server's own user alone. Safe for any number of threads.
 */
public final class ControlSocket implements AutoCloseable {

  private static final int MAX_COMMANDS_AT_ONCE = 16;
  private static final String SERVICE = "control";

  /** How long it waits after a connection could not be accepted, for want of descriptors mostly. */
  private static final long PAUSE_NANOS = 100_000_000;

  /** How long commands under way may take to finish when the server stops. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Path path;
  private final ServerSocketChannel server;
  private final Commands commands;
  private final EventSink events;
  private final Semaphore permits = new Semaphore(MAX_COMMANDS_AT_ONCE);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  /** What is done for clients. */
  interface Commands {
    /** Whether a command is done by the server alone, or else told to be mistyped. */
    boolean takes(List<String> words);

    /** Does one, for the console given, and returns its exit code. */
    int run(List<String> words, Console console) throws IOException;
  }

  private ControlSocket(
      Path path, ServerSocketChannel server, Commands commands, EventSink events) {
    this.path = path;
    this.server = server;
    this.commands = commands;
    this.events = events;
  }

  /** Where it is in a data directory. */
  static Path path(Path data) {
    return data.resolve("control.sock");
  }

  /**
   * Listens, in the place of what an earlier server may have left there: the caller owns the data
   * directory.
   */
  static ControlSocket listen(Path data, Commands commands, EventSink events) throws IOException {
    Path path = path(data);
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      // Only its owner may enter the data directory, so nobody is quicker than this.
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    ControlSocket socket = new ControlSocket(path, server, commands, events);
    Thread.ofVirtual().name("control").start(socket::accept);
    return socket;
  }

  private void accept() {
    while (server.isOpen()) {
      permits.acquireUninterruptibly();
      try {
        SocketChannel client = server.accept();
        open.add(client);
        Thread.ofVirtual().name("control-command").start(() -> serve(client));
      } catch (IOException e) {
        permits.release();
        if (server.isOpen()) {
          events.accept(new ConnectionEvent.AcceptFailed(SERVICE, Reason.of(e)));
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      Frames frames = new Frames(Channels.newInputStream(client), Channels.newOutputStream(client));
      Frames.Typed typed = frames.receiveCommand();
      if (typed.unread() && !commands.takes(typed.words())) {
        frames.send(Frames.YOURS, "");
        return;
      }
      frames.send(Frames.BEGUN, "");
      ControlConsole console = new ControlConsole(frames);
      int exit = commands.run(typed.words(), console);
      console.flush();
      frames.send(Frames.EXIT, ByteBuffer.allocate(4).putInt(exit).array(), 4);
    } catch (IOException e) {
      // The client went away; what was done is done.
    } catch (RuntimeException e) {
      events.accept(new ConnectionEvent.SessionFailed(SERVICE, SERVICE, e));
    } finally {
      open.remove(client);
      permits.release();
    }
  }

  /** Takes no more commands, and lets those that have begun finish, for a second. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    server.close();
    try {
      // The thread that accepts has one, or gives it back now.
      permits.tryAcquire(MAX_COMMANDS_AT_ONCE, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel client : open) {
      client.close();
    }
  }
}
