package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;

/** What must hold of every account at every moment, checked against the stored rows. */
final class AccountInvariants {

  private AccountInvariants() {}

  static void check(Store store, MailAccount account) {
    Partition partition = new Partition(PartitionKind.ACCOUNT, account.id().value());
    AccountView fresh = new AccountReader(store.ledger(), partition).newest(null);
    PartitionView rows = store.ledger().read(partition);
    Map<Long, Integer> references = new HashMap<>();
    long octets = 0;
    long messages = 0;
    for (MailboxView head : fresh.mailboxes()) {
      MailboxView mailbox = MailboxViews.with(head, MessageLoader.load(rows, head.id()));
      checkCounts(mailbox, fresh.version());
      MessageList list = mailbox.loaded();
      for (int i = 0; i < list.count(); i++) {
        references.merge(list.email(i).value(), 1, Integer::sum);
        octets += list.size(i);
        messages++;
      }
    }
    assertThat(fresh.usedOctets()).isEqualTo(octets);
    assertThat(fresh.usedMessages()).isEqualTo(messages);
    checkEmails(rows, references);
    AccountView seen = account.refresh();
    assertThat(seen.version()).isEqualTo(fresh.version());
    for (MailboxView known : seen.mailboxes()) {
      assertSame(known, fresh.mailbox(known.id()).orElseThrow(), rows);
    }
    assertThat(seen.byId().keySet()).isEqualTo(fresh.byId().keySet());
    assertThat(seen.subscriptions()).isEqualTo(fresh.subscriptions());
  }

  private static void checkCounts(MailboxView mailbox, long version) {
    MessageList list = mailbox.loaded();
    int unseen = 0;
    int deleted = 0;
    long size = 0;
    for (int i = 0; i < list.count(); i++) {
      unseen += (list.flags(i) & Flags.SEEN) == 0 ? 1 : 0;
      deleted += (list.flags(i) & Flags.DELETED) != 0 ? 1 : 0;
      size += list.size(i);
      assertThat(list.uid(i)).isLessThan(mailbox.uidNext());
      assertThat(list.modSeq(i)).isBetween(1L, mailbox.highestModSeq());
      assertThat(list.flags(i) >>> (Flags.FIRST_KEYWORD + mailbox.keywords().size())).isZero();
    }
    assertThat(mailbox.count()).isEqualTo(list.count());
    assertThat(mailbox.unseen()).isEqualTo(unseen);
    assertThat(mailbox.deleted()).isEqualTo(deleted);
    assertThat(mailbox.sizeOctets()).isEqualTo(size);
    assertThat(mailbox.highestModSeq()).isBetween(1L, version);
  }

  private static void checkEmails(PartitionView rows, Map<Long, Integer> references) {
    Map<Long, Integer> stored = new HashMap<>();
    for (Row row :
        rows.scan(KeyRange.prefix(new byte[] {4}), Integer.MAX_VALUE, Direction.ASCENDING)) {
      long id = ByteBuffer.wrap(row.key()).getLong(1);
      EmailId email = new EmailId(id);
      assertThat(EmailRow.decode(email, row.value()).id()).isEqualTo(email);
      stored.put(id, EmailRow.decodeReferences(rows.get(EmailRow.referencesKey(email))));
    }
    assertThat(stored).isEqualTo(references);
    int extra =
        rows.scan(KeyRange.prefix(new byte[] {6}), Integer.MAX_VALUE, Direction.ASCENDING).size();
    assertThat(extra)
        .isEqualTo((int) references.values().stream().filter(count -> count > 1).count());
  }

  private static void assertSame(MailboxView known, MailboxView fresh, PartitionView rows) {
    assertThat(MailboxViews.with(known, null)).isEqualTo(MailboxViews.with(fresh, null));
    MessageList messages = known.messages();
    if (messages != null) {
      MessageList stored = MessageLoader.load(rows, fresh.id());
      assertThat(messages.count()).isEqualTo(stored.count());
      for (int i = 0; i < stored.count(); i++) {
        assertThat(messages.message(i)).isEqualTo(stored.message(i));
      }
    }
  }
}
