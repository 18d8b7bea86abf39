package org.everpost.testkit.botnet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Bots that attack from the moment they are unleashed until they are closed. */
public final class Botnet implements AutoCloseable {

  private static final int LOOPS = 2;
  private static final long NANOS_IN_SECOND = 1_000_000_000;

  private final Tally tally = new Tally();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger served = new AtomicInteger();
  private final List<BotLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Botnet(Flood flood) {
    long nanosPerConnect = NANOS_IN_SECOND * LOOPS / flood.connectsPerSecond();
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new BotLoop(tally, connected, served, nanosPerConnect));
    }
    List<Behaviour> behaviours = flood.behaviours();
    for (int i = 0; i < behaviours.size(); i++) {
      BotLoop loop = loops.get(i % LOOPS);
      loop.add(new Bot(loop, flood, behaviours.get(i), i));
    }
  }

  /** Begins an attack. */
  public static Botnet unleash(Flood flood) {
    Botnet botnet = new Botnet(flood);
    for (BotLoop loop : botnet.loops) {
      botnet.threads.add(Thread.ofPlatform().daemon().name("botnet").start(loop));
    }
    return botnet;
  }

  /** What has happened so far. */
  public Tally tally() {
    return tally;
  }

  /** How many connections it has now; some may still wait in the queue of the server's kernel. */
  public int connected() {
    return connected.get();
  }

  /** On how many of them the server has said something. */
  public int served() {
    return served.get();
  }

  /**
   * Ends every connection.
   *
   * @throws IllegalStateException if some bots had stopped before, so that it was less of an attack
   */
  @Override
  public void close() {
    loops.forEach(BotLoop::stop);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!loops.stream().allMatch(BotLoop::hasEnded)) {
      throw new IllegalStateException("bots failed: see standard error");
    }
  }
}
