package org.everpost.core.mailbox;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.everpost.core.directory.Quota;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class RowFuzzTest {

  /** The rows of an account with a message in it. */
  static Stream<byte[]> rows() {
    MailboxFixture fixture = MailboxFixture.local();
    Mailboxes node = fixture.node(1);
    MailAccount account = node.open(MailboxFixture.ID);
    account.append(
        account.view().inbox().id(), List.of(MailboxFixture.message(node, "one")), Quota.UNLIMITED);
    Partition partition = new Partition(PartitionKind.ACCOUNT, account.id().value());
    PartitionView stored = fixture.store.ledger().read(partition);
    return stored.scan(KeyRange.ALL, 100, PartitionView.Direction.ASCENDING).stream()
        .map(PartitionView.Row::value);
  }

  /** A damaged row is one that cannot be read, or another row: nothing worse. */
  @MethodSource("rows")
  @FuzzTest
  void anyRow(byte[] value) {
    byte[] key = new byte[17];
    for (Consumer<byte[]> decode :
        List.<Consumer<byte[]>>of(
            AccountRow::decode,
            MailboxRow::decode,
            row -> MessageRow.decode(key, row),
            row -> ChangeRow.decode(key, row),
            row -> EmailRow.decode(new EmailId(1), row),
            EmailRow::blob,
            EmailRow::decodeReferences)) {
      try {
        decode.accept(value);
      } catch (IllegalStateException e) {
        // As it should be.
      }
    }
  }
}
