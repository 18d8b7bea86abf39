package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.List;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;

/** Reads all messages of a mailbox from its rows. */
final class MessageLoader {

  private static final int PAGE = 5_000;

  private MessageLoader() {}

  static MessageList load(PartitionView rows, MailboxId mailbox) {
    KeyRange range = MessageRow.range(mailbox);
    MessageList list = MessageList.EMPTY;
    while (true) {
      List<Row> page = rows.scan(range, PAGE, Direction.ASCENDING);
      List<Message> messages = new ArrayList<>(page.size());
      for (Row row : page) {
        messages.add(MessageRow.decode(row.key(), row.value()));
      }
      list = list.appended(messages);
      if (page.size() < PAGE) {
        return list;
      }
      range = range.after(page.getLast().key());
    }
  }
}
