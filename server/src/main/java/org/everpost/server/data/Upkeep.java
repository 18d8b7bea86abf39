package org.everpost.server.data;

import java.time.Duration;
import java.util.List;
import org.everpost.core.cluster.CommonTime;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.mailbox.AccountSweep;
import org.everpost.core.mailbox.BlobSweep;
import org.everpost.core.mailbox.ChangePoller;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.spool.Spool;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Store;
import org.everpost.store.StoreException;

/**
 * What has to be done now and then while a server runs: deletions of accounts that were interrupted
 * are finished and blobs nobody refers to are swept up once a day, and on a shared store the
 * changes of other nodes are looked for. Safe for any number of threads.
 */
public final class Upkeep implements AutoCloseable {

  private static final Duration DAY = Duration.ofDays(1);

  private final List<Thread> threads;

  private Upkeep(List<Thread> threads) {
    this.threads = threads;
  }

  static Upkeep start(
      Store store,
      Directory directory,
      Mailboxes mailboxes,
      Clock clock,
      RandomSource random,
      EventSink events) {
    AccountSweep accounts = new AccountSweep(directory, mailboxes);
    BlobSweep blobs = new BlobSweep(store, List.of(Spool.BLOBS));
    Thread sweeping =
        Thread.ofVirtual()
            .name("sweep")
            .start(() -> sweep(store, accounts, blobs, clock, random, events));
    return new Upkeep(
        store.shared()
            ? List.of(
                sweeping,
                Thread.ofVirtual().name("change-poller").start(new ChangePoller(mailboxes, clock)))
            : List.of(sweeping));
  }

  /** At a different hour on each node, so that they do not all read everything at once. */
  private static void sweep(
      Store store,
      AccountSweep accounts,
      BlobSweep blobs,
      Clock clock,
      RandomSource random,
      EventSink events) {
    try {
      clock.sleep(Duration.ofSeconds(random.nextLong(600, DAY.toSeconds())));
      while (true) {
        attempt(() -> events.accept(new StoreEvent.AccountsSwept(accounts.run())), events);
        attempt(
            () ->
                events.accept(
                    new StoreEvent.BlobsSwept(
                        blobs.run(
                            store.shared()
                                ? () -> CommonTime.now(store.ledger(), clock)
                                : clock::instant))),
            events);
        clock.sleep(DAY);
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  private interface Sweep {
    void run() throws InterruptedException;
  }

  /** A sweep that fails, because of a damaged row among others, keeps no other from running. */
  private static void attempt(Sweep sweep, EventSink events) throws InterruptedException {
    try {
      sweep.run();
    } catch (StoreException | IllegalStateException e) {
      events.accept(new StoreEvent.Unavailable(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
