package org.everpost.testkit.botnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One bot: an address, a behaviour, and at most one connection at a time. Belongs to the thread of
 * its loop.
 */
final class Bot {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final int MAX_LINE = 512;
  private static final int MAX_UNSENT = 64 << 10;

  private final BotLoop loop;
  private final Flood flood;
  private final Behaviour behaviour;
  private final int number;
  private final InetAddress address;
  private final RandomGenerator random;

  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable Conversation conversation;
  private @Nullable ByteBuffer unsent;
  private @Nullable BotTls tls;
  private boolean begun;
  private final StringBuilder line = new StringBuilder();
  private String victim = "";
  private boolean greeted;

  /** Of the last timer that was asked for; the others are void. */
  private int ticket;

  Bot(BotLoop loop, Flood flood, Behaviour behaviour, int number) {
    this.loop = loop;
    this.flood = flood;
    this.behaviour = behaviour;
    this.number = number;
    this.address = flood.networks().address(number);
    this.random = new SplittableRandom(flood.seed() * 1_000_003 + number);
  }

  // ---- for its behaviour ----

  RandomGenerator random() {
    return random;
  }

  /** What it calls itself. */
  String name() {
    return "host" + number + ".bots.example";
  }

  String sender() {
    return "s" + number + "@bots" + number % 100 + ".example";
  }

  /** A mailbox that exists, the same throughout a connection. */
  String victim() {
    return victim;
  }

  /** A mailbox that does not exist. */
  String stranger() {
    return "x" + random.nextInt(1_000_000_000) + "@" + flood.target().domain();
  }

  void count(Tally.Kind kind) {
    loop.tally().count(behaviour, kind);
  }

  void say(String text) {
    say(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends, now or as soon as the server takes it; nothing once the connection is gone. */
  void say(byte[] octets) {
    try {
      BotTls its = tls;
      if (its == null) {
        send(octets);
      } else {
        its.say(octets);
        send(its.toSend());
      }
    } catch (IOException e) {
      dropped();
    }
  }

  private void send(byte[] octets) throws IOException {
    SocketChannel to = channel;
    if (to != null) {
      ByteBuffer all = joined(octets);
      to.write(all);
      keep(all);
    }
  }

  private ByteBuffer joined(byte[] octets) throws IOException {
    ByteBuffer before = unsent;
    if (before == null) {
      return ByteBuffer.wrap(octets);
    }
    if (before.remaining() + octets.length > MAX_UNSENT) {
      throw new IOException("the server does not read");
    }
    return ByteBuffer.allocate(before.remaining() + octets.length).put(before).put(octets).flip();
  }

  private void keep(ByteBuffer rest) {
    unsent = rest.hasRemaining() ? rest : null;
    SelectionKey its = key;
    if (its != null) {
      its.interestOps(
          unsent == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /** Has {@link Conversation#due} called; what was asked for before is forgotten. */
  void wakeAfter(Duration time) {
    loop.wake(this, ++ticket, time);
  }

  /** Ends the connection; comes back after its pause. */
  void leave() {
    end(false);
  }

  /** Ends the connection with a reset. */
  void reset() {
    end(true);
  }

  // ---- for its loop ----

  /** A timer has fired. */
  void due(int itsTicket) {
    if (itsTicket != ticket) {
      return;
    }
    Conversation current = conversation;
    if (channel == null) {
      loop.wantsConnection(this);
    } else if (current == null) {
      unreachable();
    } else {
      current.due();
    }
  }

  void connect() {
    count(Tally.Kind.BEGUN);
    try {
      SocketChannel opening = SocketChannel.open(StandardProtocolFamily.INET);
      channel = opening;
      opening.configureBlocking(false);
      opening.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opening.bind(new InetSocketAddress(address, 0));
      boolean there = opening.connect(flood.target().address(behaviour.service()));
      key = loop.register(opening, this);
      if (there) {
        opened();
      } else {
        wakeAfter(CONNECT_LIMIT);
      }
    } catch (IOException e) {
      unreachable();
    }
  }

  /** The selector has something for it. */
  void ready(SelectionKey its) {
    SocketChannel on = channel;
    if (on == null || !its.isValid()) {
      return;
    }
    try {
      if (conversation == null) {
        if (on.finishConnect()) {
          opened();
        }
        return;
      }
      ByteBuffer rest = unsent;
      if (its.isWritable() && rest != null) {
        on.write(rest);
        keep(rest);
      }
      if (its.isReadable()) {
        read(on);
      }
    } catch (IOException e) {
      if (conversation == null) {
        unreachable();
      } else {
        dropped();
      }
    }
  }

  private void opened() {
    count(Tally.Kind.CONNECTED);
    loop.connected(1);
    ticket++;
    victim = flood.target().mailbox(random.nextInt(1 << 20));
    SelectionKey its = key;
    if (its != null) {
      its.interestOps(SelectionKey.OP_READ);
    }
    conversation = behaviour.begin(this);
    if (!behaviour.usesTls()) {
      begin();
      return;
    }
    BotTls secured = new BotTls(AnyCertificate.CONTEXT);
    tls = secured;
    try {
      secured.begin();
      send(secured.toSend());
    } catch (IOException e) {
      dropped();
    }
  }

  private void begin() {
    begun = true;
    Conversation current = conversation;
    if (current != null) {
      current.opened();
    }
  }

  private void read(SocketChannel on) throws IOException {
    ByteBuffer in = loop.buffer();
    int count = on.read(in);
    if (count < 0) {
      dropped();
      return;
    }
    in.flip();
    BotTls its = tls;
    if (its == null) {
      listen(on, in);
      return;
    }
    byte[] plain = its.received(in);
    send(its.toSend());
    if (!begun && its.isReady()) {
      begin();
    }
    listen(on, ByteBuffer.wrap(plain));
  }

  private void listen(SocketChannel on, ByteBuffer in) {
    while (in.hasRemaining() && on.isOpen()) {
      char octet = (char) (in.get() & 0xFF);
      if (octet == '\n') {
        String text = line.toString();
        line.setLength(0);
        heard(text);
      } else if (octet != '\r' && line.length() < MAX_LINE) {
        line.append(octet);
      }
    }
  }

  private void heard(String text) {
    if (!greeted) {
      greeted = true;
      count(Tally.Kind.GREETED);
      loop.served(1);
    }
    Conversation current = conversation;
    if (current != null) {
      current.heard(text);
    }
  }

  private void unreachable() {
    count(Tally.Kind.UNREACHABLE);
    end(true);
  }

  private void dropped() {
    if (channel != null) {
      count(Tally.Kind.DROPPED);
      end(false);
    }
  }

  private void end(boolean abruptly) {
    if (channel == null) {
      return;
    }
    close(abruptly);
    double share = 0.5 + random.nextDouble();
    wakeAfter(Duration.ofNanos((long) (flood.pause().toNanos() * share)));
  }

  /** Closes and does not come back. */
  void close(boolean abruptly) {
    SocketChannel open = channel;
    if (open == null) {
      return;
    }
    if (conversation != null) {
      loop.connected(-1);
      loop.served(greeted ? -1 : 0);
    }
    channel = null;
    key = null;
    conversation = null;
    unsent = null;
    tls = null;
    begun = false;
    greeted = false;
    line.setLength(0);
    try {
      if (abruptly) {
        open.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      open.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
