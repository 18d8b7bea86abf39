package org.everpost.testkit.botnet;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** The connection of somebody honest, who waits for a reply until his time is over. */
final class LineClient implements AutoCloseable {

  private static final int MAX_LINE = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private long deadline;

  private LineClient(Socket socket, Duration limit) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    limit(limit);
  }

  /** With TLS from the start, if the service is one with it; any certificate will do. */
  static LineClient open(InetAddress from, Target target, Service service, Duration limit)
      throws IOException {
    Socket plain = new Socket();
    try {
      int millis = (int) limit.toMillis();
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(millis);
      plain.bind(new InetSocketAddress(from, 0));
      plain.connect(target.address(service), millis);
      return new LineClient(service.implicitTls() ? secured(plain) : plain, limit);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket secured(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            AnyCertificate.CONTEXT.getSocketFactory().createSocket(plain, "127.0.0.1", 0, true);
    socket.startHandshake();
    return socket;
  }

  /** For what follows. */
  void limit(Duration limit) {
    deadline = System.nanoTime() + limit.toNanos();
  }

  void say(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < MAX_LINE) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new SocketTimeoutException("no reply in time");
      }
      socket.setSoTimeout((int) millis);
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (octet == '\n') {
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
      }
      line.append((char) octet);
    }
    throw new IOException("a line without an end");
  }

  /** The last line of a reply of SMTP. */
  String reply() throws IOException {
    String line = line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = line();
    }
    return line;
  }

  /** The line that ends an IMAP command. */
  String tagged(String tag) throws IOException {
    String line = line();
    while (!line.startsWith(tag + " ")) {
      if (line.startsWith("* BYE")) {
        throw new EOFException(line);
      }
      line = line();
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
