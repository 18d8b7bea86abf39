package org.everpost.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.Store;
import org.everpost.store.StoreException;
import org.everpost.store.cassandra.CassandraOptions;
import org.everpost.store.cassandra.CassandraStore;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;

/**
 * A process that has a spool on a Cassandra and nothing else, and does what it reads from its
 * standard input.
 */
final class SpoolNode {

  private static final int WORKERS = 4;

  private final Clock clock;
  private final Spool spool;

  private SpoolNode(Clock clock, Spool spool) {
    this.clock = clock;
    this.spool = spool;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int port = Integer.parseInt(args[0]);
    NodeId node = new NodeId(args[1]);
    CassandraOptions options =
        CassandraOptions.of(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), "dc1", 1)
            .withKeyspace("spools");
    RandomSource random = RandomSource.secure();
    AdvancedClock clock = new AdvancedClock();
    try (Store store = CassandraStore.open(options, InstantSource.system(), random)) {
      Spool spool = Spool.open(node, "host", store, clock, random, event -> say("event " + event));
      say("ready");
      new SpoolNode(clock, spool).obey(clock);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }

  private void obey(AdvancedClock time) throws IOException, InterruptedException {
    List<Thread> workers = new ArrayList<>();
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      switch (words[0]) {
        case "clock" -> time.ahead(Duration.ofMinutes(Integer.parseInt(words[1])));
        case "work" -> {
          for (int i = 0; i < WORKERS; i++) {
            workers.add(Thread.ofVirtual().start(this::work));
          }
        }
        case "tend" ->
            attempt(() -> {
              spool.renew();
              spool.tend();
            });
        case "adopt" ->
            attempt(() -> {
              spool.adopt();
              spool.load((_, message) -> say("adopted " + message.id()));
            });
        case "all" -> spool.forEach((_, message) -> say("has " + message.id()));
        case "join" -> {
          for (Thread worker : workers) {
            worker.join();
          }
          workers.clear();
        }
        default -> throw new IllegalArgumentException(order);
      }
      say("done " + spool.isOurs());
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (StoreException e) {
      say("failed " + e.getMessage());
    }
  }

  /** Adds messages and deletes some of them, until that fails. */
  private void work() {
    try {
      while (true) {
        SpoolId id = spool.nextId();
        say("adding " + id);
        SpoolPartition partition = spool.add(List.of(message(id, clock.instant())));
        say("added " + id);
        if (id.value() % 3 == 0) {
          say("deleting " + id);
          Optional<SpooledMessage> _ = partition.update(id, _ -> Optional.empty());
          say("deleted " + id);
        }
      }
    } catch (StoreException e) {
      say("failed " + e.getMessage());
    }
  }

  /** A message that has just been accepted. */
  static SpooledMessage message(SpoolId id, Instant now) {
    Path.Address path = new Path.Address(EmailAddress.of("bob@elsewhere.test"));
    return new SpooledMessage(
        id,
        now,
        "alice@example.test",
        new Envelope(path, Body.EIGHT_BIT_MIME, false, TlsDemand.USUAL, null, null),
        "",
        BlobId.of(now, id.value(), id.value()),
        0,
        1,
        now.plus(Duration.ofDays(5)),
        false,
        null,
        List.of(SpooledRecipient.fresh(path, Set.of(), null, now)));
  }

  /** The computer's, put forward. */
  static final class AdvancedClock implements Clock {
    private final Clock system = Clock.system();
    private final AtomicLong nanos = new AtomicLong();

    void ahead(Duration duration) {
      nanos.set(duration.toNanos());
    }

    @Override
    public Instant instant() {
      return system.instant().plusNanos(nanos.get());
    }

    @Override
    public long nanoTime() {
      return system.nanoTime() + nanos.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      system.sleep(duration);
    }
  }
}
