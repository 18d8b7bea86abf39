package org.everpost.core.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Changes the directory: one commit each to the partition of the domain, adding and deleting a
 * domain excepted. Safe for any number of threads.
 */
final class DirectoryChanges {

  /** Everything of a domain: notes of deleted accounts outlive it. */
  private static final List<Mutation> DELETION =
      List.of(
          new Mutation.DeleteRange(KeyRange.ALL.before(DeletedAccountRow.RANGE.from())),
          new Mutation.DeleteRange(DkimKeyRow.RANGE));

  /** Few are ever interrupted; the others are found the next time. */
  private static final int DELETED_AT_ONCE = 1_000;

  private final Ledger ledger;
  private final Clock clock;
  private final RandomSource random;
  private final OptimisticCommit commits;
  private final RowCache rows;
  private final DomainList domains;

  DirectoryChanges(
      Ledger ledger,
      Clock clock,
      RandomSource random,
      OptimisticCommit commits,
      RowCache rows,
      DomainList domains) {
    this.ledger = ledger;
    this.clock = clock;
    this.random = random;
    this.commits = commits;
    this.rows = rows;
    this.domains = domains;
  }

  Change addDomain(DomainName domain) {
    if (domains.read(domain) != null && settings(ledger.read(RowCache.partition(domain))) != null) {
      return Change.ALREADY_EXISTS;
    }
    domains.put(domain);
    return commits.change(
        RowCache.partition(domain),
        view ->
            settings(view) != null
                ? Decision.nothing(Change.ALREADY_EXISTS)
                : done(new Mutation.Put(DomainRow.key(), new DomainRow(now(), null).encode())));
  }

  Change deleteDomain(DomainName domain) {
    ListedDomainRow listed = domains.read(domain);
    if (listed == null) {
      return Change.NO_SUCH_DOMAIN;
    }
    Change change =
        commits.change(
            RowCache.partition(domain),
            view -> {
              if (settings(view) == null) {
                return Decision.nothing(Change.DONE);
              }
              return isEmpty(view)
                  ? new Decision<>(DELETION, Change.DONE)
                  : Decision.nothing(Change.NOT_EMPTY);
            });
    if (change == Change.DONE) {
      domains.remove(domain, listed);
    }
    return change;
  }

  private static boolean isEmpty(PartitionView view) {
    return view.scan(AddressRow.LOCAL_PARTS, 1, Direction.ASCENDING).isEmpty()
        && find(view, AddressRow.CATCH_ALL) == null;
  }

  Change addAccount(
      EmailAddress address, StoredPassword password, Quota quota, AccountSettings its) {
    AccountId id = AccountId.random(random);
    String folded = LocalPartRules.fold(address.localPart());
    return change(
        address.domain(),
        folded,
        view -> {
          DomainRow settings = settings(view);
          if (settings == null) {
            return Decision.nothing(Change.NO_SUCH_DOMAIN);
          }
          if (find(view, folded) != null) {
            return Decision.nothing(Change.ALREADY_EXISTS);
          }
          Account account = new Account(id, address, quota, false);
          List<Mutation> mutations = new ArrayList<>();
          mutations.add(put(folded, new AccountRow(account, now(), password, false, 0, its)));
          if (settings.firstAccount() == null) {
            mutations.add(first(settings, folded));
          }
          return new Decision<>(mutations, Change.DONE);
        });
  }

  static Mutation first(DomainRow settings, @Nullable String folded) {
    return new Mutation.Put(DomainRow.key(), new DomainRow(settings.created(), folded).encode());
  }

  /** Changes the row of an account, if it is still there; the same row back means no change. */
  Change changeAccount(Account account, Function<AccountRow, AccountRow> changed) {
    String folded = LocalPartRules.fold(account.address().localPart());
    return change(
        account.address().domain(),
        folded,
        view -> {
          if (!(find(view, folded) instanceof AccountRow before)
              || !before.account().id().equals(account.id())) {
            return Decision.nothing(Change.NO_SUCH_ADDRESS);
          }
          AccountRow after = changed.apply(before);
          return after.equals(before)
              ? Decision.nothing(Change.UNCHANGED)
              : done(put(folded, after));
        });
  }

  Change deleteAccount(Account account) {
    DomainName domain = account.address().domain();
    String folded = LocalPartRules.fold(account.address().localPart());
    return change(
        domain,
        folded,
        view -> {
          if (!(find(view, folded) instanceof AccountRow before)
              || !before.account().id().equals(account.id())) {
            return Decision.nothing(Change.NO_SUCH_ADDRESS);
          }
          List<Mutation> mutations = new ArrayList<>();
          mutations.add(new Mutation.Delete(AddressRow.key(folded)));
          mutations.add(
              new Mutation.Put(DeletedAccountRow.key(account.id()), DeletedAccountRow.VALUE));
          DomainRow settings = settings(view);
          if (settings != null && folded.equals(settings.firstAccount())) {
            mutations.add(first(settings, oldestAccountBut(domain, folded)));
          }
          return new Decision<>(mutations, Change.DONE);
        });
  }

  /** The accounts of a domain that were deleted and not yet forgotten. */
  List<Directory.DeletedAccount> deletedAccounts(DomainName domain) {
    return ledger
        .read(RowCache.partition(domain))
        .scan(DeletedAccountRow.RANGE, DELETED_AT_ONCE, Direction.ASCENDING)
        .stream()
        .map(row -> new Directory.DeletedAccount(domain, DeletedAccountRow.id(row.key())))
        .toList();
  }

  void forgetDeleted(Directory.DeletedAccount deleted) {
    byte[] key = DeletedAccountRow.key(deleted.id());
    commits.change(
        RowCache.partition(deleted.domain()),
        view ->
            view.get(key) == null
                ? Decision.nothing(Change.UNCHANGED)
                : done(new Mutation.Delete(key)));
  }

  private @Nullable String oldestAccountBut(DomainName domain, String except) {
    AddressScan.Oldest oldest = new AddressScan.Oldest(except);
    new AddressScan(ledger, domain).forEach(oldest);
    return oldest.folded();
  }

  /** Adds targets to an alias, which is made if it is not there. */
  Change addTargets(DomainName domain, @Nullable EmailAddress address, List<EmailAddress> targets) {
    String folded =
        address == null ? AddressRow.CATCH_ALL : LocalPartRules.fold(address.localPart());
    return change(
        domain,
        folded,
        view -> {
          if (settings(view) == null) {
            return Decision.nothing(Change.NO_SUCH_DOMAIN);
          }
          AliasRow before =
              switch (find(view, folded)) {
                case AccountRow _ -> null;
                case AliasRow alias -> alias;
                case null -> new AliasRow(address, List.of());
              };
          if (before == null) {
            return Decision.nothing(Change.ALREADY_EXISTS);
          }
          Set<EmailAddress> all = new LinkedHashSet<>(before.targets());
          all.addAll(targets);
          if (all.isEmpty() || all.size() > Alias.MAX_TARGETS) {
            return Decision.nothing(Change.BAD_TARGET_COUNT);
          }
          return all.size() == before.targets().size()
              ? Decision.nothing(Change.UNCHANGED)
              : done(put(folded, new AliasRow(before.address(), List.copyOf(all))));
        });
  }

  Change deleteAlias(DomainName domain, String folded) {
    return change(
        domain,
        folded,
        view ->
            find(view, folded) instanceof AliasRow
                ? done(new Mutation.Delete(AddressRow.key(folded)))
                : Decision.nothing(Change.NO_SUCH_ADDRESS));
  }

  private Change change(
      DomainName domain, String folded, Function<PartitionView, Decision<Change>> decide) {
    if (!domains.contains(domain)) {
      return Change.NO_SUCH_DOMAIN;
    }
    try {
      return commits.change(RowCache.partition(domain), decide);
    } finally {
      rows.changed(domain, List.of(folded)); // also when the outcome is unknown
    }
  }

  static @Nullable DomainRow settings(PartitionView view) {
    byte[] value = view.get(DomainRow.key());
    return value == null ? null : DomainRow.decode(value);
  }

  private static @Nullable AddressRow find(PartitionView view, String folded) {
    byte[] value = view.get(AddressRow.key(folded));
    return value == null ? null : AddressRow.decode(value);
  }

  static Mutation put(String folded, AddressRow row) {
    return new Mutation.Put(AddressRow.key(folded), row.encode());
  }

  private static Decision<Change> done(Mutation mutation) {
    return new Decision<>(List.of(mutation), Change.DONE);
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.epochSecond());
  }
}
