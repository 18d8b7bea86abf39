package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Blobs;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
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
    lossy.meanwhile.set(() -> commitOthers(othersMeanwhile));
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

  /** Loses the answer to one commit, after something else has happened. */
  private static final class LossyStore implements Store, Ledger {
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private final Store store;

    LossyStore(Store store) {
      this.store = store;
    }

    @Override
    public Ledger ledger() {
      return this;
    }

    @Override
    public PartitionView read(Partition partition) {
      return store.ledger().read(partition);
    }

    @Override
    public CommitResult commit(
        Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
      CommitResult result = store.ledger().commit(partition, expectedVersion, commitId, mutations);
      Runnable action = meanwhile.getAndSet(null);
      if (action != null) {
        action.run();
        throw new StoreUnavailableException("lost, as a test wants it");
      }
      return result;
    }

    @Override
    public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
      store.ledger().partitions(kind, visitor);
    }

    @Override
    public Blobs blobs() {
      return store.blobs();
    }

    @Override
    public Hints hints() {
      return store.hints();
    }

    @Override
    public boolean shared() {
      return true;
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
