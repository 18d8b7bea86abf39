package org.everpost.e2e;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A connection that talks in lines and octets. */
final class LineSocket implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int PATIENCE = (int) Duration.ofMinutes(2).toMillis();

  private Socket socket;
  private InputStream in;
  private OutputStream out;

  private LineSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 65_536);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
  }

  static LineSocket plain(int port) throws IOException {
    return new LineSocket(new Socket(LOOPBACK, port));
  }

  /** From another address of this machine, which to the server is the Internet. */
  static LineSocket plainFrom(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(LOOPBACK, port));
    return new LineSocket(socket);
  }

  static LineSocket tls(int port) throws IOException {
    LineSocket connection = plain(port);
    connection.startTls();
    return connection;
  }

  /** The handshake; whatever was read ahead in plain text is forgotten. */
  void startTls() throws IOException {
    SSLSocket tls =
        (SSLSocket) trustingAll().getSocketFactory().createSocket(socket, "127.0.0.1", 0, true);
    tls.startHandshake();
    socket = tls;
    in = new BufferedInputStream(tls.getInputStream(), 65_536);
    out = new BufferedOutputStream(tls.getOutputStream(), 65_536);
  }

  private static SSLContext trustingAll() {
    X509TrustManager all =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {all}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whom the server says it is. */
  X509Certificate certificate() throws IOException {
    if (socket instanceof SSLSocket tls
        && tls.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
      return certificate;
    }
    throw new IOException("no TLS");
  }

  /** Only puts it into the buffer. */
  void write(byte[] octets) throws IOException {
    out.write(octets);
  }

  void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Sends a line. */
  void send(String line) throws IOException {
    write(line + "\r\n");
    flush();
  }

  /** Without its end; octets above 127 as ISO 8859-1. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException("closed after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
      }
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(octet);
    }
  }

  byte[] read(int count) throws IOException {
    byte[] octets = in.readNBytes(count);
    if (octets.length < count) {
      throw new EOFException("closed after " + octets.length + " of " + count + " octets");
    }
    return octets;
  }

  /** Everything until the server closes, but no more than that. */
  String rest(int atMost) throws IOException {
    return new String(in.readNBytes(atMost), StandardCharsets.ISO_8859_1);
  }

  /** We say no more, but could listen. */
  void shutdownOutput() throws IOException {
    flush();
    socket.shutdownOutput();
  }

  /** Ends without a goodbye: the other end gets a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
