package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.everpost.core.directory.Quota;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailAccountTest {

  private final MailboxFixture fixture = MailboxFixture.local();
  private final Mailboxes node = fixture.node(7);
  private final MailAccount account = node.open(MailboxFixture.ID);

  @AfterEach
  void invariantsHold() {
    AccountInvariants.check(fixture.store, account);
  }

  private MailboxId inbox() {
    return account.view().inbox().id();
  }

  private UidSet append(MailboxId mailbox, String... texts) {
    List<NewMessage> messages = new ArrayList<>();
    for (String text : texts) {
      messages.add(MailboxFixture.message(node, text));
    }
    AppendResult result = account.append(mailbox, messages, Quota.UNLIMITED);
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
    return ((AppendResult.Appended) result).uids();
  }

  @Test
  void aNewAccountHasTheDefaultMailboxes() {
    assertThat(account.view().mailboxes().stream().map(MailboxView::name))
        .containsExactly("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");
    assertThat(account.view().mailbox("Sent").orElseThrow().specialUse())
        .containsExactly(SpecialUse.SENT);
    assertThat(account.view().subscriptions()).contains("INBOX", "Sent");
  }

  @Test
  void appendedMessagesHaveTheirUidsInOrderAndTheirContent() {
    assertThat(append(inbox(), "one", "two", "three")).isEqualTo(UidSet.range(1, 3));
    assertThat(append(inbox(), "four")).isEqualTo(UidSet.of(4));
    MailboxView view = account.load(inbox()).orElseThrow();
    assertThat(view.count()).isEqualTo(4);
    assertThat(view.unseen()).isEqualTo(4);
    assertThat(view.uidNext()).isEqualTo(5);
    Email email = account.emails(List.of(view.loaded().email(2))).getFirst();
    assertThat(email).isNotNull();
    assertThat(email.structure().envelope()).isNotNull();
    assertThat(email.structure().envelope().subject()).isEqualTo("three");
  }

  @Test
  void flagsAndKeywordsAreStoredAndCounted() {
    append(inbox(), "one", "two");
    FlagNames names = new FlagNames(Flags.SEEN, Set.of("$Forwarded", "Later"));
    account.store(inbox(), UidSet.of(1), FlagChange.ADD, names, Long.MAX_VALUE);
    MailboxView view = account.load(inbox()).orElseThrow();
    assertThat(view.unseen()).isEqualTo(1);
    assertThat(view.keywords()).containsExactlyInAnyOrder("$Forwarded", "Later");
    long later = Flags.keyword(view.keywords(), "later");
    assertThat(view.loaded().flags(0) & (Flags.SEEN | later)).isEqualTo(Flags.SEEN | later);
    account.store(
        inbox(), UidSet.of(1), FlagChange.REMOVE, MailboxFixture.keywords("LATER"), Long.MAX_VALUE);
    assertThat(account.load(inbox()).orElseThrow().loaded().flags(0) & later).isZero();
    account.store(
        inbox(), UidSet.of(1), FlagChange.REPLACE, new FlagNames(Flags.DRAFT, Set.of()), 1_000);
    assertThat(account.load(inbox()).orElseThrow().loaded().flags(0)).isEqualTo(Flags.DRAFT);
  }

  @Test
  void unchangedSinceLeavesNewerMessagesAlone() {
    append(inbox(), "one", "two");
    long before = account.view().version();
    FlagNames seen = new FlagNames(Flags.SEEN, Set.of());
    account.store(inbox(), UidSet.of(2), FlagChange.ADD, seen, Long.MAX_VALUE);
    StoreResult result =
        account.store(
            inbox(),
            UidSet.range(1, 2),
            FlagChange.ADD,
            new FlagNames(Flags.FLAGGED, Set.of()),
            before);
    assertThat(result).isEqualTo(new StoreResult.Stored(UidSet.of(2), account.view().version()));
    MessageList list = account.load(inbox()).orElseThrow().loaded();
    assertThat(list.flags(0)).isEqualTo(Flags.FLAGGED);
    assertThat(list.flags(1)).isEqualTo(Flags.SEEN);
  }

  @Test
  void storingWhatIsThereAlreadyChangesNothing() {
    append(inbox(), "one");
    long version = account.view().version();
    account.store(inbox(), UidSet.of(1), FlagChange.REMOVE, FlagNames.NONE, Long.MAX_VALUE);
    assertThat(account.view().version()).isEqualTo(version);
  }

  @Test
  void aCopySharesItsContentAndSurvivesTheOriginal() {
    append(inbox(), "one", "two");
    account.store(
        inbox(), UidSet.of(2), FlagChange.ADD, MailboxFixture.keywords("Work"), Long.MAX_VALUE);
    MailboxId archive = account.view().mailbox("Archive").orElseThrow().id();
    CopyResult result = account.copy(inbox(), UidSet.range(1, 9), archive, Quota.UNLIMITED);
    assertThat(result).isInstanceOf(CopyResult.Copied.class);
    CopyResult.Copied copied = (CopyResult.Copied) result;
    assertThat(copied.source()).isEqualTo(UidSet.range(1, 2));
    assertThat(copied.target()).isEqualTo(UidSet.range(1, 2));
    MessageList target = account.load(archive).orElseThrow().loaded();
    MessageList source = account.load(inbox()).orElseThrow().loaded();
    assertThat(target.email(1)).isEqualTo(source.email(1));
    assertThat(target.flags(1)).isEqualTo(1L << Flags.FIRST_KEYWORD);
    AccountInvariants.check(fixture.store, account);
    account.remove(inbox(), UidSet.range(1, 2));
    assertThat(account.emails(List.of(target.email(0))).getFirst()).isNotNull();
    account.remove(archive, UidSet.of(1));
    assertThat(account.emails(List.of(target.email(0))).getFirst()).isNull();
  }

  @Test
  void moveTakesMessagesAwayAndKeepsTheirContent() {
    append(inbox(), "one", "two", "three");
    MailboxId trash = account.view().mailbox("Trash").orElseThrow().id();
    account.move(inbox(), UidSet.of(new int[] {1, 3}), trash, Quota.UNLIMITED);
    assertThat(account.load(inbox()).orElseThrow().loaded().uid(0)).isEqualTo(2);
    MessageList moved = account.load(trash).orElseThrow().loaded();
    assertThat(moved.count()).isEqualTo(2);
    assertThat(account.emails(List.of(moved.email(1))).getFirst()).isNotNull();
    account.move(trash, UidSet.of(1), trash, Quota.UNLIMITED);
    assertThat(account.load(trash).orElseThrow().loaded().uid(1)).isEqualTo(3);
  }

  @Test
  void expungeRemovesOnlyDeletedOnes() {
    append(inbox(), "one", "two", "three");
    FlagNames deleted = new FlagNames(Flags.DELETED, Set.of());
    account.store(inbox(), UidSet.range(1, 2), FlagChange.ADD, deleted, Long.MAX_VALUE);
    long before = account.view().version();
    assertThat(account.expunge(inbox(), UidSet.range(2, 3)))
        .isEqualTo(new ExpungeResult.Expunged(UidSet.of(2), before + 1));
    assertThat(account.expunge(inbox(), null))
        .isEqualTo(new ExpungeResult.Expunged(UidSet.of(1), before + 2));
    MailboxView view = account.load(inbox()).orElseThrow();
    assertThat(account.vanishedSince(view, before, UidSet.range(1, 100)))
        .isEqualTo(UidSet.range(1, 2));
    assertThat(account.vanishedSince(view, 0, UidSet.range(1, 100))).isEqualTo(UidSet.range(1, 2));
  }

  @Test
  void aQuotaIsNeverExceeded() {
    NewMessage message = MailboxFixture.message(node, "x");
    long size = message.content().size();
    Quota two = new Quota(2 * size, 0);
    List<NewMessage> one = List.of(message);
    assertThat(account.append(inbox(), one, two)).isInstanceOf(AppendResult.Appended.class);
    assertThat(account.append(inbox(), one, two)).isInstanceOf(AppendResult.Appended.class);
    assertThat(account.append(inbox(), one, two)).isEqualTo(new AppendResult.OverQuota());
    assertThat(account.append(inbox(), one, new Quota(0, 2)))
        .isEqualTo(new AppendResult.OverQuota());
    assertThat(account.copy(inbox(), UidSet.of(1), inbox(), two))
        .isEqualTo(new CopyResult.OverQuota());
    assertThat(account.move(inbox(), UidSet.of(1), inbox(), two))
        .isInstanceOf(CopyResult.Copied.class);
  }

  @Test
  void mailboxesAreMadeRenamedAndDeleted() {
    assertThat(account.create("A/B/C", Set.of())).isInstanceOf(MailboxResult.Done.class);
    assertThat(account.view().mailbox("A/B")).isPresent();
    assertThat(account.create("A/B", Set.of())).isEqualTo(new MailboxResult.AlreadyExists());
    assertThat(account.create("inbox", Set.of())).isEqualTo(new MailboxResult.AlreadyExists());
    assertThat(account.create("A//B", Set.of())).isInstanceOf(MailboxResult.Invalid.class);
    assertThat(account.create("S2", Set.of(SpecialUse.SENT)))
        .isEqualTo(new MailboxResult.UseTaken());
    append(account.view().mailbox("A/B").orElseThrow().id(), "x");
    assertThat(account.rename("A", "Z/Y")).isInstanceOf(MailboxResult.Done.class);
    assertThat(account.view().mailbox("Z/Y/B").orElseThrow().count()).isEqualTo(1);
    assertThat(account.view().mailbox("A/B")).isEmpty();
    assertThat(account.rename("Z", "Z/Q")).isInstanceOf(MailboxResult.Invalid.class);
    assertThat(account.delete("Z/Y/B")).isInstanceOf(MailboxResult.Done.class);
    assertThat(account.view().mailbox("Z/Y/B/C")).isPresent();
    assertThat(account.delete("INBOX")).isInstanceOf(MailboxResult.Invalid.class);
    assertThat(account.delete("nope")).isEqualTo(new MailboxResult.NoSuchMailbox());
  }

  @Test
  void aNameUsedAgainGetsAHigherUidValidity() {
    account.create("A", Set.of());
    long first = account.view().mailbox("A").orElseThrow().uidValidity();
    account.delete("A");
    account.create("A", Set.of());
    assertThat(account.view().mailbox("A").orElseThrow().uidValidity()).isGreaterThan(first);
  }

  @Test
  void renamingTheInboxMovesItsMessages() {
    append(inbox(), "one");
    account.rename("INBOX", "Old");
    assertThat(account.view().mailbox("Old").orElseThrow().count()).isEqualTo(1);
    assertThat(account.view().inbox().count()).isZero();
  }

  @Test
  void thousandsOfMessagesGoInBoundedCommits() {
    for (int i = 0; i < 5; i++) {
      List<NewMessage> messages = new ArrayList<>();
      for (int j = 0; j < 500; j++) {
        messages.add(MailboxFixture.message(node, "m" + i + "-" + j));
      }
      account.append(inbox(), messages, Quota.UNLIMITED);
    }
    MailboxId archive = account.view().mailbox("Archive").orElseThrow().id();
    UidSet all = UidSet.range(1, Integer.MAX_VALUE);
    account.copy(inbox(), all, archive, Quota.UNLIMITED);
    FlagNames deleted = new FlagNames(Flags.DELETED, Set.of());
    account.store(inbox(), all, FlagChange.ADD, deleted, Long.MAX_VALUE);
    account.move(archive, UidSet.range(1, 1_500), inbox(), Quota.UNLIMITED);
    AccountInvariants.check(fixture.store, account);
    account.expunge(inbox(), null);
    assertThat(account.view().inbox().count()).isEqualTo(1_500);
    assertThat(account.view().mailbox(archive).orElseThrow().count()).isEqualTo(1_000);
  }
}
