package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes through two nodes, compared with a map after each. */
class DirectoryModelTest {

  private static final List<String> LOCALS =
      List.of("a", "B", "c", "a+x", "b+", "Ä", "postmaster", "d.e");
  private static final List<String> DOMAINS = List.of("one.test", "two.test", "three.test");
  private static final StoredPassword PASSWORD = new StoredPassword("$1$x", null);

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(2));

  /** What there should be: domain to folded local part ("" the catch-all) to what is there. */
  private final Map<String, Map<String, Object>> model = new TreeMap<>();

  private SplittableRandom random = new SplittableRandom();

  private Directory node(boolean shared, long seed) {
    return new Directory(store.ledger(), shared, clock, RandomSource.seeded(seed), EventSink.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void oneNodeIsExact(long seed) {
    random = new SplittableRandom(seed);
    Directory directory = node(false, seed);
    for (int i = 0; i < 400; i++) {
      change(directory);
      check(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void anotherNodeSeesChangesWithinTwoSeconds(long seed) {
    random = new SplittableRandom(seed);
    List<Directory> nodes = List.of(node(true, seed), node(true, seed + 100));
    for (int i = 0; i < 200; i++) {
      Directory changing = nodes.get(random.nextInt(2));
      change(changing);
      check(changing);
      clock.advance(Duration.ofSeconds(2));
      nodes.forEach(this::check);
    }
  }

  private EmailAddress address() {
    return new EmailAddress(
        LOCALS.get(random.nextInt(LOCALS.size())),
        DomainName.of(random.nextInt(8) == 0 ? "far.test" : DOMAINS.get(random.nextInt(3))));
  }

  private static String folded(EmailAddress address) {
    return address.localPart().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> rows(DomainName domain) {
    return model.getOrDefault(domain.ascii(), Map.of());
  }

  private void change(Directory directory) {
    clock.advance(Duration.ofMillis(1));
    EmailAddress address = address();
    DomainName domain = address.domain();
    boolean known = model.containsKey(domain.ascii());
    Object there = rows(domain).get(folded(address));
    switch (random.nextInt(9)) {
      case 0 -> {
        if (domain.ascii().equals("far.test")) {
          return;
        }
        assertThat(directory.addDomain(domain))
            .isEqualTo(known ? Change.ALREADY_EXISTS : Change.DONE);
        model.computeIfAbsent(domain.ascii(), _ -> new LinkedHashMap<>());
      }
      case 1 -> {
        boolean empty = rows(domain).isEmpty();
        assertThat(directory.deleteDomain(domain))
            .isEqualTo(!known ? Change.NO_SUCH_DOMAIN : empty ? Change.DONE : Change.NOT_EMPTY);
        if (known && empty) {
          model.remove(domain.ascii());
        }
      }
      case 2, 3 -> {
        assertThat(directory.addAccount(address, PASSWORD, Quota.UNLIMITED))
            .isEqualTo(
                !known
                    ? Change.NO_SUCH_DOMAIN
                    : there != null ? Change.ALREADY_EXISTS : Change.DONE);
        if (known && there == null) {
          put(domain, folded(address), directory.account(address).orElseThrow());
        }
      }
      case 4, 5 -> addAlias(directory, address, there, known);
      case 6 -> {
        List<EmailAddress> targets = List.of(address(), address());
        Change change = directory.addCatchAll(domain, targets);
        assertThat(change == Change.NO_SUCH_DOMAIN).isEqualTo(!known);
        if (known) {
          put(domain, "", union(rows(domain).get(""), targets));
        }
      }
      case 7 -> {
        if (there instanceof Account account) {
          if (random.nextBoolean()) {
            assertThat(directory.deleteAccount(account)).isEqualTo(Change.DONE);
            remove(domain, folded(address));
          } else {
            directory.setDisabled(account, !account.disabled());
            put(
                domain,
                folded(address),
                new Account(account.id(), account.address(), account.quota(), !account.disabled()));
          }
        } else {
          assertThat(directory.deleteAlias(address))
              .isEqualTo(
                  there != null
                      ? Change.DONE
                      : known ? Change.NO_SUCH_ADDRESS : Change.NO_SUCH_DOMAIN);
          remove(domain, folded(address));
        }
      }
      default -> {
        directory.deleteCatchAll(domain);
        remove(domain, "");
      }
    }
  }

  private void addAlias(
      Directory directory, EmailAddress address, @Nullable Object there, boolean known) {
    List<EmailAddress> targets = List.of(address(), address());
    Change change = directory.addAlias(address, targets);
    if (!known || there instanceof Account) {
      assertThat(change).isEqualTo(known ? Change.ALREADY_EXISTS : Change.NO_SUCH_DOMAIN);
    } else {
      put(address.domain(), folded(address), union(there, targets));
    }
  }

  private void put(DomainName domain, String folded, Object row) {
    model.computeIfAbsent(domain.ascii(), _ -> new LinkedHashMap<>()).put(folded, row);
  }

  private void remove(DomainName domain, String folded) {
    Map<String, Object> rows = model.get(domain.ascii());
    if (rows != null) {
      rows.remove(folded);
    }
  }

  private static Set<?> union(@Nullable Object before, List<EmailAddress> targets) {
    Set<Object> all = new LinkedHashSet<>(before instanceof Set<?> set ? set : Set.of());
    all.addAll(targets);
    return all;
  }

  private void check(Directory directory) {
    assertThat(directory.domains().stream().map(DomainName::ascii))
        .containsExactlyInAnyOrderElementsOf(model.keySet());
    for (String domain : DOMAINS) {
      for (String local : List.of("A", "b", "c+y", "a+X", "ä+q", "none", "d.E")) {
        EmailAddress address = new EmailAddress(local, DomainName.of(domain));
        assertThat(directory.resolve(address)).as(address.toString()).isEqualTo(expected(address));
      }
    }
  }

  private Resolution expected(EmailAddress recipient) {
    if (!model.containsKey(recipient.domain().ascii())) {
      return new Resolution.NotLocal();
    }
    List<Account> accounts = new ArrayList<>();
    List<EmailAddress> remote = new ArrayList<>();
    boolean disabled = false;
    List<EmailAddress> ahead = new ArrayList<>(List.of(recipient));
    Set<String> met = new HashSet<>();
    while (!ahead.isEmpty()) {
      EmailAddress next = ahead.removeFirst();
      if (!model.containsKey(next.domain().ascii())) {
        if (!remote.contains(next)) {
          remote.add(next);
        }
        continue;
      }
      Map<String, Object> rows = rows(next.domain());
      String name = folded(next);
      int plus = name.indexOf('+');
      if (!rows.containsKey(name) && plus > 0) {
        name = name.substring(0, plus);
      }
      if (!rows.containsKey(name)) {
        name = "";
      }
      switch (rows.get(name)) {
        case Account account when account.disabled() -> disabled = true;
        case Account account -> {
          if (!accounts.contains(account)) {
            accounts.add(account);
          }
        }
        case Set<?> targets -> {
          if (met.add(name + "@" + next.domain())) {
            targets.forEach(target -> ahead.add((EmailAddress) target));
          }
        }
        case null, default -> {
          // nobody
        }
      }
    }
    if (accounts.isEmpty() && remote.isEmpty()) {
      return disabled ? new Resolution.Disabled() : new Resolution.NoSuchUser();
    }
    return new Resolution.Deliver(accounts, remote);
  }
}
