package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.everpost.core.directory.Quota;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.junit.jupiter.api.Test;

/** What several changes of one commit see of each other. */
class DraftTest {

  @Test
  void aMailboxLoadedInACommitHasWhatTheCommitAddedBefore() {
    MailboxFixture fixture = MailboxFixture.local();
    Mailboxes node = fixture.node(1);
    MailAccount account = node.open(MailboxFixture.ID);
    MailboxId inbox = account.view().inbox().id();
    NewMessage message = MailboxFixture.message(node, "one");
    account.append(inbox, List.of(message), Quota.UNLIMITED);
    Partition partition = new Partition(PartitionKind.ACCOUNT, account.id().value());
    AccountView base = new AccountReader(fixture.store.ledger(), partition).newest(null);
    Draft draft = new Draft(base, 1_700_000_000, () -> fixture.store.ledger().read(partition));
    MessageChanges.append(inbox, List.of(message), Quota.UNLIMITED).apply(draft);
    MailboxView loaded = draft.loaded(draft.mailbox(inbox).orElseThrow());
    assertThat(loaded.loaded().count()).isEqualTo(2).isEqualTo(loaded.count());
  }
}
