package org.everpost.core.mailbox;

import java.time.Duration;
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
        try {
          account.refresh();
        } catch (StoreException e) {
          break; // The store is away: whoever uses the account hears of it; we look again later.
        }
      }
      try {
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
