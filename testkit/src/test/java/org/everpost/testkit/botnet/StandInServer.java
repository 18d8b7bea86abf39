package org.everpost.testkit.botnet;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server of SMTP that takes everything, and remembers who said what before and after what. */
final class StandInServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final ServerSocket listener;
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile String greeting = "220 mx.example.test ESMTP\r\n";
  private volatile boolean greets = true;
  private volatile String rcpt = "250 2.1.5 Ok";

  /** One connection. */
  static final class Visit {
    final String from;
    final List<String> lines = new CopyOnWriteArrayList<>();
    volatile String unfinished = "";
    volatile boolean ended;

    Visit(String from) {
      this.from = from;
    }
  }

  StandInServer() {
    try {
      listener = new ServerSocket(0, 4_096, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  Target target() {
    return new Target(
        Map.of(Service.SMTP, listener.getLocalPort(), Service.SUBMISSIONS, listener.getLocalPort()),
        List.of("user@example.test"),
        "secret");
  }

  StandInServer silent() {
    greets = false;
    return this;
  }

  StandInServer greeting(String lines) {
    greeting = lines;
    return this;
  }

  /** The reply to RCPT from now on. */
  void rcpt(String reply) {
    rcpt = reply;
  }

  List<Visit> visits() {
    return visits;
  }

  static void await(BooleanSupplier condition, String what) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Visit visit = new Visit(socket.getInetAddress().getHostAddress());
        visits.add(visit);
        Thread.ofVirtual().start(() -> serve(socket, visit));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, Visit visit) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      if (greets) {
        say(out, greeting);
      }
      boolean data = false;
      while (true) {
        String line = line(in, visit);
        visit.lines.add(line);
        if (data) {
          data = !line.equals(".");
          if (!data) {
            say(out, "250 2.0.0 taken\r\n");
          }
        } else {
          data = line.equals("DATA");
          say(out, reply(line) + "\r\n");
        }
      }
    } catch (IOException e) {
      // It is gone.
    } finally {
      visit.ended = true;
      open.remove(socket);
    }
  }

  private static String line(InputStream in, Visit visit) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException();
      }
      visit.unfinished = line.append((char) octet).toString();
    }
    return line.toString().strip();
  }

  private String reply(String line) {
    return switch (line.split(" ", 2)[0]) {
      case "EHLO" -> "250-mx.example.test\r\n250 SIZE 1000000";
      case "RCPT" -> rcpt;
      case "DATA" -> "354 go on";
      case "STARTTLS" -> "220 go on";
      case "QUIT" -> "221 bye";
      default -> "250 2.0.0 Ok";
    };
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Ends all connections there are. */
  void drop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    drop();
  }
}
