package org.everpost.server.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The other end of a connection, for tests: says lines, expects lines, within ten seconds. */
public final class TestClient implements AutoCloseable {

  private Socket socket;
  private InputStream in;
  private OutputStream out;

  private TestClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Connects from 127.0.0.1. */
  public static TestClient connect(InetSocketAddress server) {
    return connect(server, "127.0.0.1");
  }

  /** Connects from another address of the loopback network: the Internet, to us. */
  public static TestClient connect(InetSocketAddress server, String from) {
    try {
      return new TestClient(
          new Socket(server.getAddress(), server.getPort(), InetAddress.ofLiteral(from), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins TLS. */
  public TestClient tls() {
    try {
      SSLSocket tls =
          (SSLSocket) TestTls.client().createSocket(socket, "localhost", socket.getPort(), true);
      tls.startHandshake();
      socket = tls;
      in = new BufferedInputStream(tls.getInputStream());
      out = tls.getOutputStream();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  /** Replaces both ways, for compression. */
  public TestClient streams(InputStream newIn, OutputStream newOut) {
    in = newIn;
    out = newOut;
    return this;
  }

  public InputStream in() {
    return in;
  }

  public OutputStream out() {
    return out;
  }

  /** Sends octets as they are, given as ISO 8859-1. */
  public TestClient send(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends these octets over and over, one every 20 ms, until the connection is gone; below whatever
   * {@link #streams} put on top.
   */
  public CompletableFuture<Void> drip(String octets) {
    return CompletableFuture.runAsync(() -> {
      try {
        OutputStream raw = socket.getOutputStream();
        for (int i = 0; !socket.isClosed(); i++) {
          raw.write(octets.charAt(i % octets.length()));
          TimeUnit.MILLISECONDS.sleep(20);
        }
      } catch (IOException | InterruptedException e) {
        // It is gone.
      }
    });
  }

  /** Sends a line with CRLF. */
  public TestClient line(String line) {
    return send(line + "\r\n");
  }

  /** The next line without its end, or null at the end of the stream. */
  public @Nullable String readLine() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
        }
        line.write(b);
      }
      String text = line.toString(StandardCharsets.ISO_8859_1);
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    } catch (java.net.SocketException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a line and reads one. */
  public @Nullable String ask(String line) {
    return line(line).readLine();
  }

  /** Closes, in the middle of a try-with-resources. */
  public void hangUp() {
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
