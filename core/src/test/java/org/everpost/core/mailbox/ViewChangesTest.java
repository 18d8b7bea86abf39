package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.RandomSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that applies the differences it is told has the same view as one that looks anew. */
class ViewChangesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void whatIsToldLeadsFromOneViewToTheNext(int seed) {
    MailboxFixture fixture = MailboxFixture.local();
    Mailboxes node = fixture.node(1);
    MailAccount account = node.open(MailboxFixture.ID);
    RandomSource random = RandomSource.seeded(seed);
    MailboxId inbox = account.view().inbox().id();
    List<NewMessage> many = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      many.add(MailboxFixture.message(node, "m"));
    }
    account.append(inbox, many, Quota.UNLIMITED);
    MailboxView before = account.load(inbox).orElseThrow();
    MailboxView first = before;
    MailboxView kept = before;
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < random.nextInt(6); i++) {
        UidSet uids = UidSet.range(random.nextInt(700) + 1, random.nextInt(900) + 1);
        switch (random.nextInt(4)) {
          case 0 -> account.append(inbox, List.of(many.getFirst()), Quota.UNLIMITED);
          case 1 -> account.remove(inbox, UidSet.of(random.nextInt(before.uidNext()) + 1));
          default ->
              account.store(
                  inbox,
                  uids,
                  FlagChange.REPLACE,
                  new FlagNames(random.nextLong(32), Set.of()),
                  Long.MAX_VALUE);
        }
      }
      MailboxView after = account.load(inbox).orElseThrow();
      assertThat(applied(before, after)).isEqualTo(messages(after));
      kept = kept.keepingExpunged(after, ViewChanges.between(kept, after));
      assertThat(applied(kept, after)).isEqualTo(messages(after));
      assertThat(ViewChanges.between(kept, after).changed()).isEmpty();
      assertThat(ViewChanges.between(kept, after).added()).isZero();
      assertThat(kept.highestModSeq()).isEqualTo(first.highestModSeq());
      checkSums(kept);
      before = after;
    }
    assertThat(kept.count()).isGreaterThan(before.count());
  }

  private static void checkSums(MailboxView view) {
    List<Message> messages = messages(view);
    assertThat(view.count()).isEqualTo(view.loaded().count());
    assertThat(view.unseen())
        .isEqualTo(messages.stream().filter(m -> (m.flags() & Flags.SEEN) == 0).count());
    assertThat(view.deleted())
        .isEqualTo(messages.stream().filter(m -> (m.flags() & Flags.DELETED) != 0).count());
    assertThat(view.sizeOctets()).isEqualTo(messages.stream().mapToLong(Message::size).sum());
  }

  private static List<Message> applied(MailboxView before, MailboxView after) {
    ViewChanges changes = ViewChanges.between(before, after);
    List<Message> list = messages(before);
    for (int i = changes.expunged().length - 1; i >= 0; i--) {
      list.remove(changes.expunged()[i]);
    }
    for (int index : changes.changed()) {
      assertThat(list.get(index)).isNotEqualTo(after.loaded().message(index));
      list.set(index, after.loaded().message(index));
    }
    for (int i = after.count() - changes.added(); i < after.count(); i++) {
      list.add(after.loaded().message(i));
    }
    return list;
  }

  private static List<Message> messages(MailboxView view) {
    List<Message> list = new ArrayList<>();
    for (int i = 0; i < view.count(); i++) {
      list.add(view.loaded().message(i));
    }
    return list;
  }
}
