package org.everpost.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/** Opens connections to other servers, and watches over them. Safe for any number of threads. */
public final class Dialer implements AutoCloseable {

  private static final int BUFFER_OCTETS = 16 << 10;
  private static final int KEPT_BUFFERS = 64;

  private final String service;
  private final ConnectionFrame frame;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final String idPrefix;
  private final AtomicLong lastId = new AtomicLong();
  private volatile boolean stopping;

  /**
   * @param service the name of what they are for, in the log
   */
  public Dialer(String service, ConnectionSettings settings, Clock clock, RandomSource random) {
    this.service = Objects.requireNonNull(service, "service");
    this.frame =
        new ConnectionFrame(
            settings,
            null,
            new BufferPool(BUFFER_OCTETS, KEPT_BUFFERS),
            new BufferPool(TlsTransport.BUFFER_OCTETS, KEPT_BUFFERS),
            clock);
    this.idPrefix = Integer.toString((1 << 25) + random.nextInt(1 << 25), 32);
    Thread.ofVirtual().name(service + "-watchdog").start(new Watchdog(open, clock, () -> stopping));
  }

  /**
   * Connects. An interrupt of the calling thread ends the wait.
   *
   * @param source the address to come from; null: whichever the system chooses
   * @return to be given to {@link #hangUp} in the end
   * @throws IOException if nobody answers within the limit, or says no
   */
  public Connection connect(InetSocketAddress target, @Nullable InetAddress source, Duration limit)
      throws IOException {
    Socket socket = new Socket();
    try {
      if (source != null) {
        socket.bind(new InetSocketAddress(source, 0));
      }
      socket.connect(target, (int) Math.clamp(limit.toMillis(), 1L, Integer.MAX_VALUE));
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      String id = idPrefix + Long.toString(lastId.incrementAndGet(), 32);
      Connection connection = new Connection(id, service, socket, target, Visit.ours(), frame);
      open.add(connection);
      if (stopping) {
        hangUp(connection);
        throw new ConnectionClosedException("the server is stopping");
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The orderly end of a connection, by the thread that uses it; takes a moment at most. */
  public void hangUp(Connection connection) {
    connection.finish();
    connection.close();
    open.remove(connection);
  }

  /** Ends a connection at once: nothing that was written last needs to arrive. */
  public void cut(Connection connection) {
    connection.close();
    connection.finish();
    open.remove(connection);
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  /** Cuts everything off. */
  @Override
  public void close() {
    stopping = true;
    open.forEach(Connection::close);
  }
}
