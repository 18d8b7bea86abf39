package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.everpost.core.directory.Quota;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.junit.jupiter.api.Test;

/** What several changes of one commit see of each other. */
class DraftTest {

  private static Draft draft(MailboxFixture fixture) {
    Partition partition = new Partition(PartitionKind.ACCOUNT, MailboxFixture.ID.value());
    AccountView base = new AccountReader(fixture.store.ledger(), partition).newest(null);
    return new Draft(base, 1_700_000_000, () -> fixture.store.ledger().read(partition));
  }

  @Test
  void subscriptionsHaveALimit() {
    Draft draft = draft(MailboxFixture.local());
    int subscribed = 0;
    while (draft.subscribe("mailbox " + subscribed, true)) {
      subscribed++;
    }
    assertThat(subscribed).isBetween(19_990, 20_000);
    assertThat(draft.subscribe("mailbox 7", true)).isTrue();
    assertThat(draft.subscribe("one more", true)).isFalse();
    assertThat(draft.subscribe("mailbox 7", false)).isTrue();
    assertThat(draft.subscribe("one more", true)).isTrue();
  }

  @Test
  void aMailboxLoadedInACommitHasWhatTheCommitAddedBefore() {
    MailboxFixture fixture = MailboxFixture.local();
    Mailboxes node = fixture.node(1);
    MailAccount account = node.open(MailboxFixture.ID);
    MailboxId inbox = account.view().inbox().id();
    NewMessage message = MailboxFixture.message(node, "one");
    account.append(inbox, List.of(message), Quota.UNLIMITED);
    Draft draft = draft(fixture);
    MessageChanges.append(inbox, List.of(message), Quota.UNLIMITED).apply(draft);
    MailboxView loaded = draft.loaded(draft.mailbox(inbox).orElseThrow());
    assertThat(loaded.loaded().count()).isEqualTo(2).isEqualTo(loaded.count());
  }
}
