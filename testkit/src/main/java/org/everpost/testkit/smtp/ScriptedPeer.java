package org.everpost.testkit.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A mail server that does what a test says, stage by stage, and remembers what it was told. The
 * stages are {@code GREETING}, the verbs of commands, {@code BODY} (after the go-ahead for DATA, in
 * place of reading the message) and {@code END} (after a message that was read).
 */
public final class ScriptedPeer implements AutoCloseable {

  private final ServerSocket listener;
  private final String name;
  private final List<String> extensions;
  private final @Nullable SSLContext tls;
  private final Map<String, Deque<PeerAction>> script = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger sentAhead = new AtomicInteger();
  private final Semaphore closed = new Semaphore(0);
  private volatile @Nullable String from;

  /**
   * Listens at once.
   *
   * @param address of loopback
   * @param port 0: any
   * @param tls how STARTTLS is served, which is offered then; null: not at all
   * @param extensions further keywords in the answer to EHLO
   */
  public ScriptedPeer(
      String address, int port, String name, @Nullable SSLContext tls, String... extensions) {
    this.name = name;
    this.tls = tls;
    this.extensions = List.of(extensions);
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("peer-accept").start(this::accept);
  }

  /** On 127.0.0.1, without TLS. */
  public ScriptedPeer(String... extensions) {
    this("127.0.0.1", 0, "peer.example.test", null, extensions);
  }

  /**
   * What is done at a stage: the first time the first, then the next, the last of them for ever, on
   * whatever connections.
   */
  public ScriptedPeer at(String stage, PeerAction... actions) {
    script.put(stage, new ArrayDeque<>(List.of(actions)));
    return this;
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** All commands of all connections, as they came. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** The messages that came to their end, dots undone, as ISO 8859-1. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** How many commands were followed by another before they had their reply. */
  public int sentAhead() {
    return sentAhead.get();
  }

  /** From where the last connection came. */
  public @Nullable String from() {
    return from;
  }

  /** Waits until so many further connections were closed by the other side. */
  public boolean awaitClosed(int count, Duration limit) {
    try {
      return closed.tryAcquire(count, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        from = socket.getInetAddress().getHostAddress();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new PeerConversation(this, socket).run();
    } catch (IOException e) {
      // It is gone.
    } finally {
      open.remove(socket);
      closed.release();
    }
  }

  // ---- for the conversation ----

  @Nullable PeerAction scripted(String stage) {
    Deque<PeerAction> actions = script.get(stage);
    if (actions == null) {
      return null;
    }
    synchronized (actions) {
      return actions.size() > 1 ? actions.poll() : actions.peek();
    }
  }

  /** What a good server does. */
  PeerAction usual(String stage, boolean secured) {
    return switch (stage) {
      case "GREETING" -> PeerAction.say("220 " + name + " ESMTP");
      case "EHLO" -> ehlo(secured);
      case "HELO", "RSET", "NOOP" -> PeerAction.say("250 " + name);
      case "MAIL", "RCPT" -> PeerAction.say("250 2.1.0 Ok");
      case "DATA" -> PeerAction.say("354 Go ahead");
      case "END", "BDAT" -> PeerAction.say("250 2.0.0 Queued as 1");
      case "QUIT" -> PeerAction.sayAndHangUp("221 2.0.0 Bye");
      case "STARTTLS" ->
          tls == null || secured
              ? PeerAction.say("502 5.5.1 No")
              : new PeerAction.StartTls("220 2.0.0 Go ahead\r\n", tls);
      default -> PeerAction.say("502 5.5.1 Unknown");
    };
  }

  private PeerAction ehlo(boolean secured) {
    StringBuilder text = new StringBuilder("250-" + name + "\r\n");
    for (String extension : extensions) {
      text.append("250-").append(extension).append("\r\n");
    }
    if (tls != null && !secured) {
      text.append("250-STARTTLS\r\n");
    }
    return new PeerAction.Say(text.append("250 HELP\r\n").toString());
  }

  void received(String command) {
    commands.add(command);
  }

  void receivedMessage(String message) {
    messages.add(message);
  }

  void sawMore() {
    sentAhead.incrementAndGet();
  }

  static String verb(String command) {
    return command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
