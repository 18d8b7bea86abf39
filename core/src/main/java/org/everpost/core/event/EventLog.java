package org.everpost.core.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.everpost.core.time.Clock;

/**
 * Writes events as lines, in the order they happened, by a thread of its own: who reports one never
 * waits for a slow disk or terminal. If the reader of the log does not keep up, lines are dropped
 * and counted. Whoever kills the process loses what happened in the moment before, some 20 ms. Safe
 * for any number of threads.
 */
public final class EventLog implements EventSink, AutoCloseable {

  private static final int QUEUE = 16_384;
  private static final int BATCH = 512;
  private static final long POLL_MILLIS = 200;

  /** Between two batches: waking the writer for each line costs more than the line. */
  private static final long REST_NANOS = 20_000_000;

  private static final long CLOSE_MILLIS = 2_000;

  /** So many lines a second strangers can cause: a flood must not fill the disk. */
  private static final int STRANGERS_LINES = 100;

  private static final long SECOND_NANOS = 1_000_000_000;

  private record Entry(Instant time, Event event) {}

  private final OutputStream out;
  private final Event.Level level;
  private final Clock clock;
  private final Logfmt format = new Logfmt();
  private final ArrayBlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
  private final LongAdder dropped = new LongAdder();
  private final LongAdder spared = new LongAdder();
  private final AtomicInteger strangersLines = new AtomicInteger();
  private volatile long strangersSecond;
  private final Thread writer;
  private volatile boolean closed;

  /** Writes what is of this level or above. */
  public EventLog(OutputStream out, Event.Level level, Clock clock) {
    this.out = out;
    this.level = level;
    this.clock = clock;
    // A platform thread: writing to a pipe nobody reads would take a carrier from the sessions.
    this.writer = Thread.ofPlatform().daemon().name("event-log").start(this::write);
  }

  @Override
  public void accept(Event event) {
    if (event.level().compareTo(level) > 0) {
      return;
    }
    if (event.isCausedByStrangers() && isOneTooMany()) {
      spared.increment();
    } else if (closed || !queue.offer(new Entry(clock.instant(), event))) {
      dropped.increment();
    }
  }

  private boolean isOneTooMany() {
    long second = clock.nanoTime() / SECOND_NANOS;
    if (second != strangersSecond) {
      strangersSecond = second; // two threads at once let a few lines more through
      strangersLines.set(0);
    }
    return strangersLines.incrementAndGet() > STRANGERS_LINES;
  }

  private void write() {
    List<Entry> batch = new ArrayList<>(BATCH);
    StringBuilder text = new StringBuilder();
    long told = 0;
    try {
      while (!closed || !queue.isEmpty()) {
        Entry first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        }
        for (Entry entry : batch) {
          format.append(text, entry.time, entry.event);
        }
        long lost = dropped.sumThenReset();
        if (lost > 0) {
          format.append(text, clock.instant(), new ServerEvent.LogLinesDropped(lost));
        }
        long left = closed || clock.nanoTime() / SECOND_NANOS != told ? spared.sumThenReset() : 0;
        if (left > 0) {
          told = clock.nanoTime() / SECOND_NANOS;
          format.append(text, clock.instant(), new ServerEvent.LogLinesSpared(left));
        }
        if (!text.isEmpty()) {
          out.write(text.toString().getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
        if (batch.size() < BATCH && !closed) {
          LockSupport.parkNanos(REST_NANOS);
        }
        batch.clear();
        text.setLength(0);
      }
    } catch (IOException | InterruptedException e) {
      // Nobody reads the log any more, and there is nowhere else to say so.
      closed = true;
      queue.clear();
    }
  }

  /** Writes what is waiting, for two seconds at most. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
