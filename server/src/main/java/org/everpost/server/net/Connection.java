package org.everpost.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.everpost.core.password.ConnectionInfo;
import org.everpost.server.guard.GuardSettings;
import org.everpost.server.guard.Misdeed;
import org.everpost.server.guard.PeerClass;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/**
 * One connection as its session sees it: lines and octets in, octets out, TLS and compression put
 * in between on the way. Used by the session's thread, or the one that keeps its peer waiting;
 * another may read while it writes; {@link #close} is for everybody.
 */
public final class Connection implements AutoCloseable, ConnectionInfo {

  /** How much unread input is taken at the end so that the last reply arrives: not any amount. */
  private static final int MAX_LINGER_OCTETS = 1 << 20;

  /** So much of a message counts as if a command had come: who drips octets gets nowhere. */
  private static final int STEP_OCTETS = 4 << 10;

  private static final byte[] CRLF = {'\r', '\n'};

  private final String id;
  private final String service;
  private final Socket socket;
  private final InetSocketAddress peer;
  private final ConnectionFrame frame;
  private final Visit visit;
  private final Drain drain;
  private final InputBuffer in;
  private final OutputBuffer out;
  private final long openedNanos;
  private final SocketTransport bottom;
  private Transport transport;
  private @Nullable TlsTransport tls;
  private boolean compressed;
  private int stepOctets;
  private boolean wasKeptWaiting;

  /** Whether the peer did something while it was kept waiting. */
  private boolean stirred;

  /** When all has to be over, if {@code hasEnd}. Read by the watchdog. */
  private volatile long endsAt;

  private volatile boolean hasEnd;

  /**
   * @param peer who is at the other end, which may be behind that of the socket
   */
  Connection(
      String id,
      String service,
      Socket socket,
      InetSocketAddress peer,
      Visit visit,
      ConnectionFrame frame)
      throws IOException {
    this.id = id;
    this.service = service;
    this.socket = socket;
    this.frame = frame;
    this.peer = peer;
    this.visit = visit;
    this.bottom =
        new SocketTransport(socket, frame.clock(), frame.settings().write().toNanos(), visit);
    this.transport = bottom;
    this.drain = new Drain(socket);
    this.in = new InputBuffer(transport, frame.buffers(), frame.clock(), drain, visit);
    this.out = new OutputBuffer(transport, frame.buffers(), visit);
    this.openedNanos = frame.clock().nanoTime();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public InetSocketAddress peer() {
    return peer;
  }

  /** The connection as the guard sees it. */
  public Visit visit() {
    return visit;
  }

  /** Our end. */
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** The address of the other end as text, without the port. */
  public String peerAddress() {
    return peer.getAddress().getHostAddress();
  }

  @Override
  public boolean isLoopback() {
    return GuardSettings.isThisMachine(peer.getAddress());
  }

  @Override
  public boolean isFamiliar() {
    return visit.peerClass() != PeerClass.BAD && !visit.isStranger();
  }

  @Override
  public boolean isTls() {
    return tls != null;
  }

  /** What was agreed on for TLS, or null without it. */
  public @Nullable SSLSession tls() {
    TlsTransport t = tls;
    return t == null ? null : t.session();
  }

  @Override
  public byte @Nullable [] channelBinding(String type) {
    TlsTransport t = tls;
    return t == null ? null : ChannelBinding.of(type, t.session());
  }

  /** Whether {@link #startTls} may be offered now. */
  public boolean canStartTls() {
    return tls == null && !compressed && frame.tls() != null;
  }

  @Override
  public void loggedIn() {
    visit.loggedIn();
  }

  @Override
  public void rests() {
    visit.endTurn();
  }

  @Override
  public void loginFailed() {
    boolean _ = visit.did(Misdeed.FAILED_LOGIN);
  }

  @Override
  public boolean isOpen() {
    return !socket.isClosed();
  }

  @Override
  public void revokeLogin() {
    drain.revoke();
  }

  /** Whether the server is stopping: finish this command, say goodbye, end. */
  public boolean draining() {
    return drain.requested();
  }

  /**
   * How long a line, from the call to its end, or one read of octets may take. Default: 5 min; with
   * strangers there is less patience the more there is to do.
   */
  public void readTimeout(Duration perRead) {
    in.readTimeout(visit.patience(perRead).toNanos());
  }

  /** From now on everything read has to come within this time, until another call changes it. */
  public void deadline(Duration wholeCommand) {
    in.deadline(wholeCommand.toNanos());
  }

  /** Takes the {@link #deadline} away. */
  public void noDeadline() {
    in.noDeadline();
  }

  /**
   * From now on everything has to be over within this time, reading and writing, until another call
   * changes it; otherwise the connection is cut, to the second. What a peer that takes octets one
   * by one needs.
   */
  public void endWithin(Duration limit) {
    endsAt = frame.clock().nanoTime() + limit.toNanos();
    hasEnd = true;
  }

  /**
   * Asks whether who logged in by it still may: before something is done that was long under way.
   *
   * @throws LoginRevokedException if not
   */
  public void requireLogin() throws LoginRevokedException {
    drain.requireLogin();
  }

  /**
   * Reads octets up to CRLF or LF. This is where a session waits for commands, so this is where a
   * stopping server wakes it.
   *
   * @param maxOctets without the line end
   * @throws LineTooLongException if there were more; unless it was endless, the line was skipped
   * @throws ShuttingDownException if the server stops and no octet of the line has come yet
   * @throws LoginRevokedException if who logged in by it may no longer
   * @throws IdleTimeoutException if the line is not complete in time
   * @throws ConnectionClosedException if the peer is gone
   */
  public Line readLine(int maxOctets) throws IOException {
    visit.awaits();
    Line line = in.readLine(maxOctets);
    progressed();
    return line;
  }

  /**
   * Reads what comes and forgets it.
   *
   * @param lines how many at most
   * @param times how often at most; each takes what has come by then
   * @throws IdleTimeoutException and others as {@link #readLine}
   */
  void ignore(int lines, int times) throws IOException {
    visit.awaits();
    in.ignore(lines, times);
  }

  private void progressed() {
    visit.progressed();
    stepOctets = 0;
  }

  /**
   * The peer is kept waiting by somebody else from now on, until {@link #resume}.
   *
   * @return false: the session is to end, and goes on for that
   */
  boolean suspend() {
    wasKeptWaiting = true;
    visit.endTurn();
    try {
      drain.enter();
      return true;
    } catch (ConnectionException e) {
      stirred = true;
      return false;
    }
  }

  /** While it is suspended the peer has done something. */
  void stirs() {
    bottom.takeAhead();
  }

  /** Whether that was to leave, and nobody has to be told anything. */
  boolean isGone() {
    return bottom.isOver() && !drain.isOver();
  }

  /**
   * The session goes on.
   *
   * @param silent whether the peer has done nothing meanwhile
   */
  void resume(boolean silent) {
    stirred = !silent;
    drain.leave();
  }

  /** Whether the peer was kept waiting before the session began. */
  public boolean wasKeptWaiting() {
    return wasKeptWaiting;
  }

  /**
   * Whether it said nothing meanwhile. Takes the turn for whatever is said to it.
   *
   * @throws ShuttingDownException as {@link #readLine}
   * @throws ConnectionClosedException if the peer is gone
   */
  public boolean waitedSilently() throws IOException {
    boolean silent = stirred ? in.isSilent() : !in.hasInput();
    visit.takeTurn();
    return silent;
  }

  /**
   * Reads octets that belong to a command: a message, a literal. Waits for at least one.
   *
   * @return how many, at least 1: an end of input is a {@link ConnectionClosedException}
   */
  public int read(byte[] target, int offset, int length) throws IOException {
    visit.awaits();
    int n = in.read(target, offset, length);
    stepOctets += n;
    if (stepOctets >= STEP_OCTETS) {
      progressed();
    }
    return n;
  }

  /** Puts octets read too far back, to be read next. */
  public void unread(byte[] source, int offset, int length) {
    in.unread(source, offset, length);
  }

  /** How many octets can be read without waiting. */
  public int buffered() {
    return in.buffered();
  }

  /** Whether the peer has said something that was not read yet. Does not wait for it. */
  public boolean hasInput() throws IOException {
    return in.hasInput();
  }

  /** Whether {@link #readLine} would find a whole line without waiting. */
  public boolean hasLine() {
    return in.hasLine();
  }

  /** The same octets as a stream, which never ends: beyond the last is an exception. */
  public InputStream input() {
    return new InputStream() {
      private final byte[] one = new byte[1];

      @Override
      public int read() throws IOException {
        Connection.this.read(one, 0, 1);
        return one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return Connection.this.read(target, offset, length);
      }

      @Override
      public int available() {
        return in.buffered();
      }
    };
  }

  public void write(byte[] octets) throws IOException {
    out.write(octets, 0, octets.length);
  }

  /** Keeps octets for the peer; large ones leave at once. */
  public void write(byte[] source, int offset, int length) throws IOException {
    out.write(source, offset, length);
  }

  /** Writes text as UTF-8. */
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes text as UTF-8, and CRLF. */
  public void writeLine(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
    write(CRLF);
  }

  /** The way out as a stream over the same buffer; closing it does nothing. */
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        out.write(octet);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }

  /** Sends what was written: in one piece where it fits the buffer. */
  public void flush() throws IOException {
    out.flush();
  }

  /**
   * Shakes hands as the server, after the go-ahead was flushed.
   *
   * @throws PipelinedPlaintextException if plaintext is waiting: it is dropped, nothing is started
   * @throws ConnectionClosedException if the peer does not manage to
   */
  public void startTls() throws IOException {
    TlsContext context = frame.tls();
    if (context == null) {
      throw new IllegalStateException("TLS cannot start here");
    }
    startTls(context.newEngine());
  }

  /**
   * Shakes hands, after the go-ahead was read or flushed.
   *
   * @param engine our side of it
   * @throws PipelinedPlaintextException if plaintext is waiting: it is dropped, nothing is started
   * @throws ConnectionClosedException if the peer does not manage to
   */
  public void startTls(SSLEngine engine) throws IOException {
    if (in.takeBuffered().length > 0) {
      throw new PipelinedPlaintextException();
    }
    if (tls != null) {
      throw new IllegalStateException("TLS has started");
    }
    TlsTransport next = new TlsTransport(transport, engine, frame.packets(), frame.clock(), visit);
    use(next);
    tls = next;
    visit.awaits();
    out.handshake(next, visit.patience(frame.settings().handshake()));
    progressed();
  }

  /** Compresses both ways from now on (RFC 4978), after the go-ahead was flushed. */
  public void startCompression() {
    if (compressed) {
      throw new IllegalStateException("compressed already");
    }
    compressed = true;
    use(new DeflateTransport(transport, in.takeBuffered(), frame.clock()));
  }

  private void use(Transport next) {
    transport = next;
    in.transport(next);
    out.transport(next);
  }

  /** The place is needed for another. A reply on its way has a second yet to be taken. */
  void displace() {
    bottom.hurry();
    drain.displace(visit.isAwaited() && !bottom.isWriting());
  }

  /** Asks the session to end at its next command. */
  void drain() {
    drain.request();
  }

  /**
   * Ends a read that has waited too long, and cuts the connection if the peer has not taken what is
   * being written for too long, or all took too long.
   */
  void expire(long now) {
    if (bottom.overdue(now) || (hasEnd && now - endsAt > 0)) {
      close();
    } else {
      bottom.expire(now);
    }
  }

  long openNanos() {
    return frame.clock().nanoTime() - openedNanos;
  }

  /** The orderly end, by the session's own thread; whoever owns the socket closes it. */
  void finish() {
    try {
      if (!socket.isClosed()) {
        out.flush();
        out.finish();
        linger();
      }
    } catch (IOException e) {
      // The peer is gone before us.
    } finally {
      in.release();
      out.release();
      transport.release();
    }
  }

  /**
   * Reads away what the peer still sends: closing with unread input makes TCP reset the connection,
   * and the last reply is lost (RFC 1122 §4.2.2.13).
   */
  private void linger() throws IOException {
    InputStream rest = socket.getInputStream();
    if (socket.isInputShutdown() || rest.available() == 0) {
      return;
    }
    socket.shutdownOutput();
    byte[] sink = frame.buffers().take();
    long until = frame.clock().nanoTime() + frame.settings().linger().toNanos();
    try {
      int n = 0;
      long octets = 0;
      long left = frame.settings().linger().toMillis();
      while (n >= 0 && left > 0 && octets < MAX_LINGER_OCTETS) {
        socket.setSoTimeout((int) left);
        n = rest.read(sink);
        octets += n;
        left = (until - frame.clock().nanoTime()) / 1_000_000;
      }
    } finally {
      frame.buffers().give(sink);
    }
  }

  /** Cuts the connection; whoever reads or writes gets a {@link ConnectionClosedException}. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
