package org.everpost.testkit.botnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread with a selector, and the bots that live on it. */
final class BotLoop implements Runnable {

  private static final int BUFFER_OCTETS = 16 << 10;
  private static final long NANOS_IN_MILLI = 1_000_000;
  private static final long LONGEST_WAIT_MILLIS = 100;

  /** What was missed of the rate is made up for by so much at once. */
  private static final long LARGEST_BURST_NANOS = 50 * NANOS_IN_MILLI;

  private record Timer(long nanos, Bot bot, int ticket) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return Long.signum(nanos - other.nanos);
    }
  }

  private final Selector selector;
  private final Tally tally;
  private final AtomicInteger connected;
  private final AtomicInteger served;
  private final long nanosPerConnect;
  private final List<Bot> bots = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Queue<Bot> waiting = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_OCTETS);
  private long nextConnect;
  private volatile boolean stopping;
  private volatile boolean ended;

  BotLoop(Tally tally, AtomicInteger connected, AtomicInteger served, long nanosPerConnect) {
    this.tally = tally;
    this.connected = connected;
    this.served = served;
    this.nanosPerConnect = nanosPerConnect;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Before the loop runs. */
  void add(Bot bot) {
    bots.add(bot);
    waiting.add(bot);
  }

  @Override
  public void run() {
    nextConnect = System.nanoTime();
    try (selector) {
      loop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      bots.forEach(bot -> bot.close(true));
    }
    ended = true;
  }

  private void loop() throws IOException {
    while (!stopping) {
      long now = System.nanoTime();
      fire(now);
      connectSome(now);
      selector.select(this::ready, waitMillis(System.nanoTime()));
    }
  }

  /** Whether it came to its end as it should; once its thread is over. */
  boolean hasEnded() {
    return ended;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Bot bot) {
      bot.ready(key);
    }
  }

  private void fire(long now) {
    for (Timer timer = timers.peek();
        timer != null && timer.nanos - now <= 0;
        timer = timers.peek()) {
      timers.remove();
      timer.bot.due(timer.ticket);
    }
  }

  private void connectSome(long now) {
    nextConnect = Math.max(nextConnect, now - LARGEST_BURST_NANOS);
    while (nextConnect - now <= 0) {
      Bot bot = waiting.poll();
      if (bot == null) {
        return;
      }
      nextConnect += nanosPerConnect;
      bot.connect();
    }
  }

  /** At least a millisecond: what happens within it is done together. */
  private long waitMillis(long now) {
    long wait = LONGEST_WAIT_MILLIS * NANOS_IN_MILLI;
    Timer timer = timers.peek();
    if (timer != null) {
      wait = Math.min(wait, timer.nanos - now);
    }
    if (!waiting.isEmpty()) {
      wait = Math.min(wait, nextConnect - now);
    }
    return Math.max(1, wait / NANOS_IN_MILLI);
  }

  /** From any thread: every connection ends, and then the loop. */
  void stop() {
    stopping = true;
    selector.wakeup();
  }

  // ---- for its bots ----

  Tally tally() {
    return tally;
  }

  void connected(int change) {
    connected.addAndGet(change);
  }

  void served(int change) {
    served.addAndGet(change);
  }

  SelectionKey register(SocketChannel channel, Bot bot) throws IOException {
    return channel.register(selector, SelectionKey.OP_CONNECT, bot);
  }

  void wake(Bot bot, int ticket, Duration time) {
    timers.add(new Timer(System.nanoTime() + time.toNanos(), bot, ticket));
  }

  void wantsConnection(Bot bot) {
    waiting.add(bot);
  }

  /** Empty, and used up before the next bot is called. */
  ByteBuffer buffer() {
    return in.clear();
  }
}
