package org.everpost.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.everpost.core.config.Config;
import org.everpost.core.event.EventLog;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.ServerEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.admin.CommandException;
import org.everpost.server.admin.Program;
import org.everpost.server.admin.Version;
import org.everpost.server.data.DataInUseException;
import org.everpost.server.data.StartException;

/** Where the program begins. */
public final class Main {

  /** When everything has to be over after the order to stop, whatever still hangs. */
  private static final Duration LAST_MOMENT = Duration.ofMillis(9_500);

  private Main() {}

  public static void main(String[] words) {
    Runtime.getRuntime().exit(new Program(Main::serve, Path.of("")).run(words));
  }

  /** Runs until the process is told to stop (SIGTERM, SIGINT), then ends it with 0. */
  private static void serve(Config config, Program.Queue queue)
      throws IOException, CommandException, StartException {
    // RFC 9325 §3.5: a client that renegotiates costs us, and no mail client needs it.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    Clock clock = Clock.system();
    long began = clock.nanoTime();
    EventLog log =
        new EventLog(new FileOutputStream(FileDescriptor.err), config.log().level(), clock);
    log.accept(
        new ServerEvent.Starting(
            Version.TEXT,
            config.hostname().ascii(),
            config.data().toString(),
            config.store().engine()));
    CompletableFuture<Server> assembled = new CompletableFuture<>();
    Thread starter = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(starter, assembled, log)));
    Server server;
    try {
      server = assemble(config, queue, clock, log);
      assembled.complete(server);
    } catch (IOException | CommandException | StartException | RuntimeException e) {
      assembled.completeExceptionally(e);
      log.close();
      throw e;
    }
    server.start();
    log.accept(new ServerEvent.Ready((clock.nanoTime() - began) / 1_000_000));
    tellReady();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As soon as nobody else has the data directory. */
  private static Server assemble(Config config, Program.Queue queue, Clock clock, EventSink log)
      throws IOException, CommandException, StartException {
    while (true) {
      try {
        return Server.assemble(config, clock, RandomSource.secure(), log);
      } catch (DataInUseException e) {
        queue.await(e);
      }
    }
  }

  private static void tellReady() {
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write("ready\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // Whoever started us does not listen.
    }
  }

  /** Stops what runs, or waits, or is being put together; a start that failed has done so. */
  private static void stop(Thread starter, CompletableFuture<Server> assembled, EventLog log) {
    if (assembled.isCompletedExceptionally()) {
      return;
    }
    Thread closing = Thread.ofPlatform().start(() -> close(starter, assembled));
    try {
      closing.join(LAST_MOMENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
    // Having been told to stop is no failure; without this the exit code would be 128 + 15.
    Runtime.getRuntime().halt(0);
  }

  private static void close(Thread starter, CompletableFuture<Server> assembled) {
    if (!assembled.isDone()) {
      starter.interrupt(); // whoever starts a Cassandra and waits for it then ends it
    }
    try {
      assembled.join().close();
    } catch (CompletionException e) {
      // It gave up, and closed what it had opened.
    }
  }
}
