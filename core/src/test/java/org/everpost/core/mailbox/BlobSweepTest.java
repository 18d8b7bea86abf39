package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

class BlobSweepTest {

  private final SettableClock clock = new SettableClock();
  private final Store store = new MemoryStore(clock, RandomSource.seeded(3));
  private final Mailboxes mailboxes = new Mailboxes(store, clock, RandomSource.seeded(4));

  @Test
  void whatIsReferredToStaysAndTheRestGoes() throws Exception {
    Set<BlobId> wanted = new HashSet<>();
    for (int a = 0; a < 5; a++) {
      MailAccount account = mailboxes.open(new AccountId("a" + a));
      MailboxId inbox = account.view().inbox().id();
      for (int i = 0; i < 40; i++) {
        NewMessage message = MailboxFixture.message(mailboxes, "kept " + i);
        account.append(inbox, List.of(message), Quota.UNLIMITED);
        wanted.add(message.content().blob());
        mailboxes.receive(new ByteArrayInputStream(new byte[10]));
      }
      NewMessage gone = MailboxFixture.message(mailboxes, "expunged");
      account.append(inbox, List.of(gone), Quota.UNLIMITED);
      account.remove(inbox, UidSet.of(41));
    }
    assertThat(new BlobSweep(store, List.of()).run(clock::instant)).isZero();
    clock.now = clock.now.plus(BlobSweep.GRACE).plusSeconds(1);
    BlobId young = mailboxes.receive(new ByteArrayInputStream(new byte[10])).blob();
    assertThat(new BlobSweep(store, List.of(), 16).run(clock::instant)).isEqualTo(5 * 41);
    wanted.add(young);
    assertThat(blobs()).containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(new BlobSweep(store, List.of()).run(clock::instant)).isZero();
  }

  /** As when a node comes back to whose clock this one's is far ahead. */
  @Test
  void theTimeIsAskedForAgainBeforeAnythingIsDeleted() throws Exception {
    BlobId young = mailboxes.receive(new ByteArrayInputStream(new byte[10])).blob();
    Iterator<Instant> times = List.of(clock.now.plus(Duration.ofDays(9)), clock.now).iterator();
    assertThat(new BlobSweep(store, List.of()).run(times::next)).isZero();
    assertThat(blobs()).containsExactly(young);
  }

  @Test
  void contentThatWaitedTooLongIsNotPutIntoAMailbox() {
    MailAccount account = mailboxes.open(new AccountId("a"));
    MailboxId inbox = account.view().inbox().id();
    NewMessage message = MailboxFixture.message(mailboxes, "late");
    clock.now = clock.now.plus(BlobSweep.MAX_IN_FLIGHT).plusSeconds(1);
    assertThatThrownBy(() -> account.append(inbox, List.of(message), Quota.UNLIMITED))
        .isInstanceOf(StoreUnavailableException.class);
  }

  private List<BlobId> blobs() {
    List<BlobId> blobs = new ArrayList<>();
    store.blobs().list(Instant.MAX, blobs::add);
    return blobs;
  }

  /** Stands still until told otherwise. */
  private static final class SettableClock implements Clock {
    private Instant now = Instant.ofEpochSecond(1_800_000_000);

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public long nanoTime() {
      return now.getEpochSecond() * 1_000_000_000;
    }

    @Override
    public void sleep(Duration duration) {}
  }
}
