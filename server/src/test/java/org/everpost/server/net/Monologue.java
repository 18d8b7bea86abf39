package org.everpost.server.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;

/**
 * A client that says all it has to say without waiting for an answer, and what it hears: a session
 * held in the caller's thread over a connection that is no more than two byte arrays. Ends when the
 * session does; the session finds the client gone behind its last octet.
 */
public final class Monologue {

  /** A peer that is told more than this does not listen any longer. */
  private static final int MOST_HEARD = 16 << 20;

  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1));

  private static final TlsContext TLS = TestTls.server();

  private Monologue() {}

  /**
   * @param piece how many octets arrive at once, at most
   * @return what the client hears
   */
  public static byte[] hold(Service service, Session session, byte[] said, int piece, Clock clock) {
    ConnectionFrame frame =
        new ConnectionFrame(
            SETTINGS,
            service.implicitTls() ? TLS : null,
            new BufferPool(16 << 10, 4),
            new BufferPool(TlsTransport.BUFFER_OCTETS, 4),
            clock);
    Wire wire = new Wire(said, piece);
    try {
      Connection connection =
          new Connection("c1", service.key(), wire, Wire.LOOPBACK, Visit.ours(), frame);
      try {
        if (service.implicitTls()) {
          connection.startTls();
        }
        session.run(connection);
      } catch (IOException e) {
        // The client is gone, which it is in the end.
      } finally {
        connection.finish();
      }
    } catch (IOException e) {
      throw new AssertionError("a connection could not begin", e);
    }
    return wire.heard.toByteArray();
  }

  /** Both ends of a connection from 127.0.0.1. */
  private static final class Wire extends Socket {
    private static final InetSocketAddress LOOPBACK =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1);

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final ByteArrayInputStream said;
    private final int piece;
    private volatile boolean closed;

    Wire(byte[] said, int piece) {
      this.said = new ByteArrayInputStream(said);
      this.piece = piece;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return LOOPBACK;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return LOOPBACK;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() {
          return closed ? -1 : said.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
          return closed ? -1 : said.read(target, offset, Math.min(length, piece));
        }

        @Override
        public int available() {
          return Math.min(piece, said.available());
        }
      };
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
          if (closed || heard.size() > MOST_HEARD) {
            throw new IOException("nobody listens");
          }
          heard.write(source, offset, length);
        }
      };
    }

    @Override
    public void setSoTimeout(int millis) {
      // Nothing ever waits.
    }

    @Override
    public boolean isClosed() {
      return closed;
    }

    @Override
    public boolean isInputShutdown() {
      return true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
