package org.everpost.core.mailbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.everpost.core.time.Clock;
import org.everpost.store.StoreException;

/**
 * On a shared store, looks for changes other nodes made to accounts that are watched here, so that
 * every session hears of them within a second.
 *
 * <p>{@link #run} is for one thread, which ends when it is interrupted.
 */
public final class ChangePoller implements Runnable {

  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** How many accounts are looked at at once. */
  private static final int AT_ONCE = 32;

  private final Semaphore polling = new Semaphore(AT_ONCE);
  private final Mailboxes mailboxes;
  private final Clock clock;

  public ChangePoller(Mailboxes mailboxes, Clock clock) {
    this.mailboxes = mailboxes;
    this.clock = clock;
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      for (MailAccount account : mailboxes.watched()) {
        polling.acquireUninterruptibly();
        Thread.ofVirtual().name("change-poll").start(() -> poll(account));
      }
      try {
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void poll(MailAccount account) {
    try {
      account.refresh();
    } catch (StoreException | IllegalStateException e) {
      // Whoever uses the account hears of it; here it is looked at again soon.
    } finally {
      polling.release();
    }
  }
}
