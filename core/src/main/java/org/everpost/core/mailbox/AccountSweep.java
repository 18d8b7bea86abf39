package org.everpost.core.mailbox;

import java.util.HashSet;
import java.util.Set;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Directory;
import org.everpost.store.Ledger;
import org.everpost.store.PartitionKind;

/**
 * Finishes deletions of accounts that were interrupted: empties account partitions that no entry of
 * the directory leads to.
 *
 * <p>It cannot meet a new account. The entry of an account is written before its partition, and no
 * id is used twice. So whatever partition is found first, and has no entry afterwards, had one that
 * was deleted.
 *
 * <p>One run at a time; others may use the store meanwhile.
 */
public final class AccountSweep {

  private final Ledger ledger;
  private final Directory directory;
  private final Mailboxes mailboxes;

  public AccountSweep(Ledger ledger, Directory directory, Mailboxes mailboxes) {
    this.ledger = ledger;
    this.directory = directory;
    this.mailboxes = mailboxes;
  }

  /** Sweeps once; returns how many accounts were deleted. */
  public int run() {
    Set<AccountId> orphans = new HashSet<>();
    ledger.partitions(
        PartitionKind.ACCOUNT, partition -> orphans.add(new AccountId(partition.id())));
    directory.forEachStoredId(orphans::remove);
    int deleted = 0;
    for (AccountId orphan : orphans) {
      deleted += mailboxes.deleteAll(orphan) ? 1 : 0;
    }
    return deleted;
  }
}
