package org.everpost.core.mailbox;

import org.everpost.core.directory.Directory;

/**
 * Finishes deletions of accounts that were interrupted, by the notes the directory keeps of them.
 * It looks for nothing else: whatever a scan of the store might fail to show, the mail of an
 * account that nobody deleted is safe.
 *
 * <p>One run at a time; others may use the store meanwhile.
 */
public final class AccountSweep {

  private final Directory directory;
  private final Mailboxes mailboxes;

  public AccountSweep(Directory directory, Mailboxes mailboxes) {
    this.directory = directory;
    this.mailboxes = mailboxes;
  }

  /** Sweeps once; returns how many deletions were finished. */
  public int run() {
    int finished = 0;
    for (Directory.DeletedAccount deleted : directory.deletedAccounts()) {
      mailboxes.deleteAll(deleted.id());
      directory.forgetDeleted(deleted);
      finished++;
    }
    return finished;
  }
}
