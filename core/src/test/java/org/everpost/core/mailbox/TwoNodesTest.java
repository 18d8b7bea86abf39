package org.everpost.core.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes change one account at once: no update is lost, and both see the same in the end. */
class TwoNodesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomChangesInTurnsKeepEveryInvariant(long seed) {
    MailboxFixture fixture = MailboxFixture.shared();
    RandomSource random = RandomSource.seeded(seed);
    List<Mailboxes> nodes = List.of(fixture.node(1), fixture.node(2));
    List<MailAccount> accounts = nodes.stream().map(n -> n.open(MailboxFixture.ID)).toList();
    for (int i = 0; i < 150; i++) {
      int n = random.nextInt(2);
      step(nodes.get(n), accounts.get(n), random);
      if (i % 10 == 0) {
        accounts.forEach(a -> AccountInvariants.check(fixture.store, a));
      }
    }
    accounts.forEach(a -> AccountInvariants.check(fixture.store, a));
  }

  @Test
  void concurrentChangesOfManyThreadsOnTwoNodesLoseNothing() throws Exception {
    MailboxFixture fixture = MailboxFixture.shared();
    List<Mailboxes> nodes = List.of(fixture.node(1), fixture.node(2));
    List<Future<Integer>> appended = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 16; t++) {
        Mailboxes node = nodes.get(t % 2);
        MailAccount account = node.open(MailboxFixture.ID);
        RandomSource random = RandomSource.seeded(t);
        appended.add(threads.submit(() -> appendAndMark(node, account, random)));
      }
    }
    int expected = 0;
    for (Future<Integer> count : appended) {
      expected += count.get();
    }
    for (Mailboxes node : nodes) {
      MailAccount account = node.open(MailboxFixture.ID);
      assertThat(account.refresh().usedMessages()).isEqualTo(expected);
      assertThat(account.view().inbox().uidNext()).isEqualTo(expected + 1);
      AccountInvariants.check(fixture.store, account);
    }
  }

  private static int appendAndMark(Mailboxes node, MailAccount account, RandomGenerator random) {
    int count = 0;
    for (int i = 0; i < 20; i++) {
      MailboxId inbox = account.view().inbox().id();
      account.append(inbox, List.of(MailboxFixture.message(node, "m" + i)), Quota.UNLIMITED);
      count++;
      account.store(
          inbox,
          UidSet.of(1 + random.nextInt(count)),
          FlagChange.ADD,
          new FlagNames(Flags.SEEN, Set.of("k" + random.nextInt(5))),
          Long.MAX_VALUE);
    }
    return count;
  }

  private static void step(Mailboxes node, MailAccount account, RandomGenerator random) {
    List<MailboxView> mailboxes = account.view().mailboxes();
    MailboxView one = mailboxes.get(random.nextInt(mailboxes.size()));
    MailboxView two = mailboxes.get(random.nextInt(mailboxes.size()));
    int first = 1 + random.nextInt(Math.max(1, one.uidNext()));
    UidSet uids = UidSet.range(first, first + random.nextInt(6));
    FlagNames flags = new FlagNames(random.nextLong(32), Set.of("k" + random.nextInt(8)));
    FlagChange change = List.of(FlagChange.values()).get(random.nextInt(3));
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 ->
          account.append(
              one.id(),
              List.of(MailboxFixture.message(node, "m", flags), MailboxFixture.message(node, "n")),
              Quota.UNLIMITED);
      case 4, 5 -> account.store(one.id(), uids, change, flags, Long.MAX_VALUE);
      case 6 -> account.copy(one.id(), uids, two.id(), Quota.UNLIMITED);
      case 7 -> account.move(one.id(), uids, two.id(), Quota.UNLIMITED);
      case 8 -> account.expunge(one.id(), random.nextBoolean() ? null : uids);
      case 9 -> account.create("N" + random.nextInt(4) + "/M" + random.nextInt(3), Set.of());
      case 10 -> account.rename(one.name(), "R" + random.nextInt(5));
      default -> {
        if (!one.name().equals(MailboxNames.INBOX)) {
          account.delete(one.name());
        }
      }
    }
  }
}
