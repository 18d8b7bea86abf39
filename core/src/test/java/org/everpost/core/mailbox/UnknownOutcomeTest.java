package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.everpost.core.commit.LossyStore;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Ledger;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** A commit is applied, and the one who made it is not told: no message may come in twice. */
class UnknownOutcomeTest {

  private final MailboxFixture fixture = MailboxFixture.shared();
  private final MailAccount other = fixture.node(2).open(MailboxFixture.ID);
  private final LossyStore lossy = new LossyStore(fixture.store);
  private final Mailboxes node = new Mailboxes(lossy, Clock.system(), RandomSource.seeded(1));

  private void deliverLosingTheAnswer(int othersMeanwhile) {
    MailAccount account = node.open(MailboxFixture.ID);
    NewMessage message = MailboxFixture.message(node, "once");
    MailboxId inbox = account.view().inbox().id();
    lossy.loseNext(() -> commitOthers(othersMeanwhile));
    account.append(inbox, List.of(message), Quota.UNLIMITED);
  }

  private void commitOthers(int count) {
    for (int i = 0; i < count; i++) {
      other.subscribe("INBOX", i % 2 == 0);
    }
  }

  @Test
  void itIsRecognisedWhenItIsRepeated() {
    deliverLosingTheAnswer(Ledger.REMEMBERED_COMMITS - 1);
    assertThat(other.refresh().usedMessages()).isEqualTo(1);
  }

  @Test
  void itStaysUnknownWhenTheStoreHasForgottenIt() {
    assertThatThrownBy(() -> deliverLosingTheAnswer(2 * Ledger.REMEMBERED_COMMITS))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(other.refresh().usedMessages()).isEqualTo(1);
    assertThat(node.open(MailboxFixture.ID).refresh().usedMessages()).isEqualTo(1);
  }
}
