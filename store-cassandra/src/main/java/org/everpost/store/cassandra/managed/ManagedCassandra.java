package org.everpost.store.cassandra.managed;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.everpost.store.StoreUnavailableException;

/**
 * A Cassandra node that runs as long as this object is open: a child process that is started again,
 * with growing pauses, whenever it dies or serves nobody any more. Safe for any number of threads.
 */
public final class ManagedCassandra implements AutoCloseable {

  private static final Duration START_PROBE_INTERVAL = Duration.ofMillis(100);
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(2);
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);

  /** A node that served once and gives no answer for so long serves nobody. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** After a life of this length the pauses begin anew. */
  private static final Duration GOOD_LIFE = Duration.ofMinutes(1);

  /**
   * A start needs room for what it writes: two segments of the commit log. One that runs out of it
   * ends, and so does the next.
   */
  private static final long ROOM_OCTETS = 64L << 20;

  private static final String NO_ROOM =
      "Cassandra needs %d MiB on its disk to start: make room".formatted(ROOM_OCTETS >> 20);

  private static final Duration ROOM_INTERVAL = Duration.ofSeconds(1);

  private final ManagedOptions options;
  private final InstantSource clock;
  private final Consumer<NodeEvent> events;
  private final NodeFiles files;
  private final List<String> command;
  private final PidFile pidFile;
  private final ReplayedLog replayed;
  private final FileChannel lock;
  private final Thread supervisor = Thread.ofVirtual().unstarted(this::supervise);

  /** Whether the first child came to serve. */
  private final CompletableFuture<Boolean> firstServes = new CompletableFuture<>();

  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile NodeProcess process;

  private ManagedCassandra(
      ManagedOptions options,
      List<String> command,
      NodeFiles files,
      FileChannel lock,
      InstantSource clock,
      Consumer<NodeEvent> events)
      throws IOException {
    this.options = options;
    this.command = command;
    this.files = files;
    this.lock = lock;
    this.clock = clock;
    this.events = events;
    this.pidFile = new PidFile(files.pidFile());
    pidFile
        .endLeftover(options.stopLimit())
        .ifPresent(pid -> events.accept(new NodeEvent.LeftoverEnded(pid)));
    this.replayed = new ReplayedLog(files);
    this.process = launch();
  }

  /** Starts a child; if it cannot be written down, it is ended. */
  private NodeProcess launch() throws IOException {
    UnbegunSegments.delete(files.commitLog());
    replayed.keep();
    NodeProcess child = NodeProcess.start(command, options.data(), files.outputFile());
    try {
      pidFile.write(child.handle());
    } catch (IOException e) {
      child.stop(options.stopLimit());
      throw e;
    }
    return child;
  }

  /**
   * Starts a node and returns when it serves. A Java 17 is found by itself, or named by the
   * environment variable {@code EVERPOST_JAVA17}.
   *
   * @param events is told what happens to the node, by any thread
   * @throws StoreUnavailableException if there is no Java 17, the data directory is in use, the
   *     node does not come up in time, or this thread was interrupted: then no node runs
   */
  public static ManagedCassandra start(
      ManagedOptions options, InstantSource clock, Consumer<NodeEvent> events) {
    Path java = Java17.find(System.getenv(Java17.OVERRIDE), options.home(), Java17.SYSTEM_FOLDERS);
    if (!Files.isDirectory(options.home().resolve("lib"))) {
      throw new StoreUnavailableException("no Cassandra in " + options.home().toAbsolutePath());
    }
    NodeFiles files = new NodeFiles(options);
    ManagedCassandra node;
    try {
      Files.createDirectories(options.data());
      if (files.freeOctets() < ROOM_OCTETS) {
        throw new StoreUnavailableException(NO_ROOM);
      }
      files.write();
      FileChannel lock = lock(files.lockFile());
      try {
        List<String> command = files.command(java, machineMegabytes());
        node = new ManagedCassandra(options, command, files, lock, clock, events);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("Cassandra cannot be started in " + options.data(), e);
    }
    node.supervisor.start();
    node.awaitService();
    return node;
  }

  /** Waits for the first child to serve; if it does not come to that, nothing is left running. */
  private void awaitService() {
    try {
      if (!firstServes.get()) {
        close();
        throw new StoreUnavailableException(
            "Cassandra did not come up: see system.log and output.log in "
                + files.outputFile().getParent());
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("told to stop while Cassandra was starting", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is never completed so
    }
  }

  private static long machineMegabytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        >> 20;
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    channel.close();
    throw new StoreUnavailableException("another process uses " + file.getParent());
  }

  /** The number of the child process that runs now or ran last. */
  public long pid() {
    return process.pid();
  }

  private void supervise() {
    Duration pause = SHORTEST_PAUSE;
    while (true) {
      Instant began = clock.instant();
      events.accept(new NodeEvent.Started(process.pid()));
      if (!watch(began)) {
        settle(process);
      }
      firstServes.complete(false);
      if (isClosing()) {
        return;
      }
      pause = age(began).compareTo(GOOD_LIFE) > 0 ? SHORTEST_PAUSE : longer(pause);
      events.accept(new NodeEvent.Died(process.pid(), process.exitCode(), pause));
      do {
        if (isFull()) {
          if (closesBeforeThereIsRoom()) {
            return;
          }
          pause = SHORTEST_PAUSE; // there was a reason, and it is gone
        }
        if (closesWithin(pause)) {
          return;
        }
        pause = longer(pause);
      } while (!relaunch());
    }
  }

  /**
   * Returns when the child has ended, or this is closing. Ends a child that serves nobody.
   *
   * @return whether it came to serve
   */
  private boolean watch(Instant began) {
    NodeProcess child = process;
    boolean served = false;
    Instant heard = began;
    while (!child.ended(served ? PROBE_INTERVAL : START_PROBE_INTERVAL) && !isClosing()) {
      if (CqlProbe.answers(options.contactPoint(), PROBE_LIMIT) && child.alive()) {
        heard = clock.instant();
        if (!served) {
          served = true;
          events.accept(new NodeEvent.Ready(child.pid(), Duration.between(began, heard)));
          firstServes.complete(true);
          settle(child);
        }
      } else if (age(heard).compareTo(served ? LONGEST_SILENCE : options.startLimit()) > 0) {
        events.accept(new NodeEvent.Unresponsive(child.pid()));
        child.stop(options.stopLimit());
        return served;
      }
    }
    return served;
  }

  /** The commit log was replayed, or the child died over it. */
  private void settle(NodeProcess child) {
    try {
      replayed
          .settle()
          .ifPresent(damage -> events.accept(new NodeEvent.Damaged(child.pid(), damage.text())));
    } catch (IOException e) {
      String what = "whether its commit log was whole cannot be told: " + e.getMessage();
      events.accept(new NodeEvent.Damaged(child.pid(), what));
    }
  }

  /** A full disk is waited for, not fought. */
  private boolean closesBeforeThereIsRoom() {
    events.accept(new NodeEvent.NotStarted(NO_ROOM));
    do {
      if (closesWithin(ROOM_INTERVAL)) {
        return true;
      }
    } while (isFull());
    return false;
  }

  private boolean isFull() {
    try {
      return files.freeOctets() < ROOM_OCTETS;
    } catch (IOException e) {
      return false; // the start will tell
    }
  }

  private boolean relaunch() {
    try {
      files.write();
      process = launch();
      return true;
    } catch (IOException e) {
      events.accept(new NodeEvent.NotStarted(String.valueOf(e.getMessage())));
      return false;
    }
  }

  private Duration age(Instant instant) {
    return Duration.between(instant, clock.instant());
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private boolean closesWithin(Duration pause) {
    try {
      return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return isClosing(); // only close() interrupts the supervisor
    }
  }

  /** Drains and stops the node. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (isClosing()) {
      return;
    }
    closing.countDown();
    supervisor.interrupt();
    joinSupervisor();
    if (process.alive()) {
      boolean killed = process.stop(options.stopLimit());
      events.accept(new NodeEvent.Stopped(process.pid(), killed));
    }
    try {
      pidFile.delete();
      lock.close();
    } catch (IOException e) {
      events.accept(new NodeEvent.NotStarted(String.valueOf(e.getMessage())));
    }
  }

  private void joinSupervisor() {
    boolean interrupted = false;
    while (supervisor.isAlive()) {
      try {
        supervisor.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
