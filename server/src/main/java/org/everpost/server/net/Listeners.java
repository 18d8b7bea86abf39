package org.everpost.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.event.ServerEvent;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Entry;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.PeerClass;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/**
 * All listening sockets and all connections of a server: admission at one end, draining at the
 * other. Safe for any number of threads.
 */
public final class Listeners implements AutoCloseable {

  /** How many connections the kernel keeps for us until they are accepted. */
  private static final int BACKLOG = 4096;

  /** How long bad peers are kept waiting for their refusal: not all until the same moment. */
  private static final Duration TARPIT_LEAST = Duration.ofSeconds(40);

  private static final Duration TARPIT_MOST = Duration.ofSeconds(80);

  /** How much they may say meanwhile, and how often. */
  private static final int TARPIT_LINES = 50;

  private static final int TARPIT_READS = 200;

  private static final int BUFFER_OCTETS = 16 << 10;
  private static final int KEPT_BUFFERS = 256;

  private final ConnectionFrame frame;
  private final EventSink events;
  private final Clock clock;
  private final Guard guard;
  private final RandomSource random;
  private final Proxies proxies;
  private final Map<Connection, Service> open = new ConcurrentHashMap<>();
  private final Map<Service, LongAdder> accepted = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final String idPrefix;
  private final AtomicLong lastId = new AtomicLong();
  private volatile boolean stopping;

  private final WaitingRoom waitingRoom;

  private record Listener(
      Service service,
      ServerSocketChannel channel,
      InetSocketAddress address,
      SessionFactory sessions) {}

  /**
   * Listens nowhere yet.
   *
   * @param tls null: neither implicit TLS nor STARTTLS
   * @param guard who gets in
   * @param proxies load balancers that say who their clients are
   */
  public Listeners(
      ConnectionSettings settings,
      @Nullable TlsContext tls,
      Guard guard,
      List<IpNetwork> proxies,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.events = Objects.requireNonNull(events, "events");
    this.frame =
        new ConnectionFrame(
            settings,
            tls,
            new BufferPool(BUFFER_OCTETS, KEPT_BUFFERS),
            new BufferPool(TlsTransport.BUFFER_OCTETS, KEPT_BUFFERS),
            clock);
    this.guard = Objects.requireNonNull(guard, "guard");
    this.random = random;
    this.proxies = new Proxies(proxies, clock);
    this.waitingRoom = new WaitingRoom(clock);
    // Ids of two runs, and of two nodes, differ: 25 bits of chance are enough to tell lines apart.
    this.idPrefix = Integer.toString((1 << 25) + random.nextInt(1 << 25), 32);
  }

  /**
   * Takes an address; {@link #start} accepts. Called before that, by one thread.
   *
   * @return the address with the port it got, should 0 have been asked for
   * @throws IOException if it is in use or not ours
   */
  public InetSocketAddress listen(
      Service service, InetSocketAddress address, SessionFactory sessions) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    // The channel itself would call 0.0.0.0 by the name that it has in IPv6.
    InetSocketAddress bound =
        new InetSocketAddress(address.getAddress(), channel.socket().getLocalPort());
    listeners.add(new Listener(service, channel, bound, sessions));
    return bound;
  }

  /** Accepts from now on. */
  public void start() {
    for (Listener listener : listeners) {
      Thread.ofVirtual().name("accept-" + listener.service.key()).start(() -> accept(listener));
      events.accept(new ServerEvent.Listening(listener.service.key(), text(listener.address())));
    }
    Thread.ofPlatform()
        .daemon()
        .name("waiting-room")
        .uncaughtExceptionHandler(
            (_, e) -> events.accept(new ConnectionEvent.SessionFailed("", "waiting-room", e)))
        .start(waitingRoom);
    Thread.ofVirtual()
        .name("connection-watchdog")
        .start(new Watchdog(open.keySet(), clock, () -> stopping && open.isEmpty()));
  }

  /** An address as it is written in the configuration. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private void accept(Listener listener) {
    while (!stopping) {
      try {
        receive(listener, listener.channel.accept());
      } catch (IOException | RuntimeException e) {
        if (!stopping) {
          events.accept(new ConnectionEvent.AcceptFailed(listener.service.key(), Reason.of(e)));
          pause();
        }
      }
    }
  }

  /** One connection that has just come: only who gets in costs a thread. */
  private void receive(Listener listener, SocketChannel channel) throws IOException {
    try {
      InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
      if (proxies.has(peer.getAddress())) {
        Thread.ofVirtual().start(() -> receiveBehind(listener, channel, peer));
      } else if (admit(listener, channel, peer) instanceof Visit visit) {
        Thread.ofVirtual().start(() -> serve(listener, channel, peer, visit));
      }
    } catch (IOException | RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  /** One connection by a load balancer, which first says for whom it is. */
  private void receiveBehind(Listener listener, SocketChannel channel, InetSocketAddress proxy) {
    InetSocketAddress peer;
    try {
      peer = proxies.client(channel.socket(), proxy);
    } catch (IOException e) {
      events.accept(
          new ConnectionEvent.Refused(
              listener.service.key(), proxy.getAddress().getHostAddress(), Reason.of(e)));
      close(channel);
      return;
    }
    if (admit(listener, channel, peer) instanceof Visit visit) {
      serve(listener, channel, peer, visit);
    }
  }

  /** Asks the guard; whoever does not get in is told so. */
  private Entry admit(Listener listener, SocketChannel channel, InetSocketAddress peer) {
    Service service = listener.service;
    Entry entry = guard.enter(service.gate(), peer.getAddress());
    if (entry instanceof Entry.Refused(var _, String reason)) {
      events.accept(
          new ConnectionEvent.Refused(service.key(), peer.getAddress().getHostAddress(), reason));
      try (channel) {
        // A socket nothing was written to yet takes a line without waiting.
        channel.write(ByteBuffer.wrap(service.tooMany().getBytes(StandardCharsets.US_ASCII)));
      } catch (IOException e) {
        // Gone before it began.
      }
    }
    return entry;
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  private void pause() {
    try {
      clock.sleep(Duration.ofMillis(100));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection that got in. */
  private void serve(
      Listener listener, SocketChannel channel, InetSocketAddress peer, Visit visit) {
    Call call = null;
    try {
      visit.awaitRecall();
      visit.takeTurn();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      call = new Call(listener, channel, newConnection(listener.service, channel, peer, visit));
    } catch (IOException e) {
      // Gone before it began.
    } finally {
      if (call == null) {
        visit.close();
        close(channel);
      }
    }
    if (call != null) {
      call.carryOn();
    }
  }

  private Connection newConnection(
      Service service, SocketChannel channel, InetSocketAddress peer, Visit visit)
      throws IOException {
    String id = idPrefix + Long.toString(lastId.incrementAndGet(), 32);
    accepted.computeIfAbsent(service, s -> new LongAdder()).increment();
    return new Connection(id, service.key(), channel.socket(), peer, visit, frame);
  }

  /** One connection from its first to its last moment: a thread's, but while it is kept waiting. */
  private final class Call implements WaitingRoom.Peer {
    private final Listener listener;
    private final SocketChannel channel;
    private final Connection connection;

    /** What its thread does next. */
    private Part next = this::welcome;

    private interface Part {

      /** How long the peer is kept waiting before the next one; zero: it is over. */
      Duration run() throws IOException;
    }

    Call(Listener listener, SocketChannel channel, Connection connection) {
      this.listener = listener;
      this.channel = channel;
      this.connection = connection;
    }

    /** By its thread: until the end, or until it is kept waiting. */
    void carryOn() {
      String reason = "done";
      Duration pause = Duration.ZERO;
      try {
        pause = next.run();
      } catch (IOException e) {
        reason = Reason.of(e);
      } catch (Exception | StackOverflowError e) {
        // Our own fault: this session dies, the server lives.
        reason = "failed";
        failed(e);
      } finally {
        if (pause.isZero()) {
          end(reason);
        } else {
          waitingRoom.enter(this, pause);
        }
      }
    }

    private void failed(Throwable cause) {
      events.accept(
          new ConnectionEvent.SessionFailed(connection.id(), listener.service.key(), cause));
    }

    private Duration welcome() throws IOException {
      Visit visit = connection.visit();
      open.put(connection, listener.service);
      events.accept(
          new ConnectionEvent.Opened(
              connection.id(), listener.service.key(), connection.peerAddress()));
      visit.onCut(connection::displace);
      if (stopping) {
        connection.drain();
      }
      if (visit.peerClass() == PeerClass.BAD) {
        tarpit(listener.service, connection);
        return Duration.ZERO;
      }
      if (listener.service.implicitTls()) {
        connection.startTls();
      }
      Session session = listener.sessions.newSession();
      next = () -> talk(session);
      Duration pause = visit.greetPause();
      if (!pause.isZero()) {
        session.announceWait(connection);
        if (connection.suspend()) {
          return pause;
        }
      }
      return next.run();
    }

    private Duration talk(Session session) throws IOException {
      session.run(connection);
      return Duration.ZERO;
    }

    @Override
    public SocketChannel channel() {
      return channel;
    }

    @Override
    public Duration longer() {
      try {
        return connection.visit().standInLine();
      } catch (RuntimeException e) {
        failed(e);
        return Duration.ZERO;
      }
    }

    @Override
    public void stirs() {
      connection.stirs();
    }

    @Override
    public void leaves(boolean silent) {
      connection.resume(silent);
      if (connection.isGone()) {
        end("closed by peer");
      } else {
        Thread.ofVirtual().start(this::carryOn);
      }
    }

    private void end(String reason) {
      try {
        connection.finish();
      } finally {
        remove(connection);
        // The place is free before the peer can see the end and come again.
        connection.visit().close();
        connection.close();
        events.accept(
            new ConnectionEvent.Closed(
                connection.id(),
                listener.service.key(),
                connection.peerAddress(),
                reason,
                connection.openNanos() / 1_000_000));
      }
    }
  }

  /** Whoever has to wait cannot bother others meanwhile. */
  private void tarpit(Service service, Connection connection) throws IOException {
    connection.deadline(
        Duration.ofMillis(random.nextLong(TARPIT_LEAST.toMillis(), TARPIT_MOST.toMillis())));
    try {
      connection.ignore(TARPIT_LINES, TARPIT_READS);
    } catch (IdleTimeoutException | DisplacedException | ShuttingDownException e) {
      // It was kept long enough.
    }
    connection.write(service.tooMany());
  }

  private void remove(Connection connection) {
    open.remove(connection);
    if (stopping) {
      synchronized (open) {
        open.notifyAll();
      }
    }
  }

  /** Where we listen. */
  public Map<Service, List<InetSocketAddress>> addresses() {
    Map<Service, List<InetSocketAddress>> result = new EnumMap<>(Service.class);
    for (Listener listener : listeners) {
      result.computeIfAbsent(listener.service, s -> new ArrayList<>()).add(listener.address());
    }
    return result;
  }

  /** How many connections each service has now. */
  public Map<Service, Integer> connections() {
    Map<Service, Integer> result = new EnumMap<>(Service.class);
    open.values().forEach(service -> result.merge(service, 1, Integer::sum));
    return result;
  }

  /** How many connections each service has had. */
  public Map<Service, Long> accepted() {
    Map<Service, Long> result = new EnumMap<>(Service.class);
    accepted.forEach((service, count) -> result.put(service, count.sum()));
    return result;
  }

  /**
   * Accepts nothing more, lets every session end at its next command, and cuts off those that have
   * not after {@code grace}. Returns when all have ended, or a second after they were cut off.
   */
  public void drain(Duration grace) {
    stopping = true;
    for (Listener listener : listeners) {
      try {
        listener.channel.close();
      } catch (IOException e) {
        // It is closed in any case.
      }
    }
    open.keySet().forEach(Connection::drain);
    awaitEmpty(grace);
    waitingRoom.close();
    open.keySet().forEach(Connection::close);
    awaitEmpty(Duration.ofSeconds(1));
  }

  private void awaitEmpty(Duration limit) {
    long until = clock.nanoTime() + limit.toNanos();
    synchronized (open) {
      long left = limit.toMillis();
      while (!open.isEmpty() && left > 0) {
        try {
          open.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        left = (until - clock.nanoTime()) / 1_000_000;
      }
    }
  }

  /** Cuts everything off at once. */
  @Override
  public void close() {
    drain(Duration.ZERO);
  }
}
