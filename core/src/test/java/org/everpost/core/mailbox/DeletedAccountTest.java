package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Test;

/** An account that was deleted stays deleted, whatever was under way. */
class DeletedAccountTest {

  private final MailboxFixture fixture = MailboxFixture.local();
  private final Mailboxes node = fixture.node(1);

  private void rowsAreGone(AccountId id) {
    Partition partition = new Partition(PartitionKind.ACCOUNT, id.value());
    assertThat(fixture.store.ledger().read(partition).scan(KeyRange.ALL, 10, Direction.ASCENDING))
        .isEmpty();
  }

  private void deliver(MailAccount account, MailboxId inbox) {
    account.append(inbox, List.of(MailboxFixture.message(node, "late")), Quota.UNLIMITED);
  }

  @Test
  void aSessionUnderWayDoesNotBringItBack() {
    MailAccount session = node.open(MailboxFixture.ID);
    MailboxId inbox = session.view().inbox().id();
    deliver(session, inbox);
    assertThat(node.deleteAll(MailboxFixture.ID)).isTrue();
    assertThatThrownBy(() -> deliver(session, inbox)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> session.create("new", java.util.Set.of()))
        .isInstanceOf(StoreUnavailableException.class);
    rowsAreGone(MailboxFixture.ID);
    assertThat(node.deleteAll(MailboxFixture.ID)).isFalse();
  }

  @Test
  void aDeliveryToOneThatNeverHadMailDoesNotMakeIt() {
    MailAccount delivery = node.open(MailboxFixture.ID);
    MailboxId inbox = delivery.view().inbox().id();
    assertThat(fixture.node(2).deleteAll(MailboxFixture.ID)).isTrue();
    assertThatThrownBy(() -> deliver(delivery, inbox))
        .isInstanceOf(StoreUnavailableException.class);
    MailAccount another = fixture.node(3).open(MailboxFixture.ID);
    assertThatThrownBy(another::view).isInstanceOf(StoreUnavailableException.class);
    rowsAreGone(MailboxFixture.ID);
  }

  @Test
  void whatAnInterruptedDeletionLeftIsSwept() {
    Directory directory =
        new Directory(
            fixture.store.ledger(), false, Clock.system(), RandomSource.seeded(4), EventSink.NONE);
    Account kept = account(directory, "kept@example.test");
    Account gone = account(directory, "gone@other.test");
    directory.deleteAccount(gone);
    assertThat(directory.deleteDomain(DomainName.of("other.test"))).isEqualTo(Change.DONE);
    AccountSweep sweep = new AccountSweep(directory, node);
    assertThat(sweep.run()).isEqualTo(1);
    assertThat(sweep.run()).isZero();
    rowsAreGone(gone.id());
    assertThat(fixture.node(5).open(kept.id()).view().usedMessages()).isEqualTo(1);
  }

  private Account account(Directory directory, String address) {
    EmailAddress parsed = EmailAddress.of(address);
    directory.addDomain(DomainName.of(parsed.domain().ascii()));
    directory.addAccount(parsed, new StoredPassword("{X}y", null), Quota.UNLIMITED);
    Account account = directory.account(parsed).orElseThrow();
    MailAccount mail = node.open(account.id());
    deliver(mail, mail.view().inbox().id());
    return account;
  }
}
