package org.everpost.core.directory;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.everpost.store.Ledger;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where the mail of an address goes.
 *
 * <p>A local part is looked for as it is, then without its {@code +detail}, then the catch-all is
 * taken; what is found may be an alias, whose targets are looked for in the same way. An address
 * that is met again is not followed again, which cuts loops.
 *
 * <p>Safe for any number of threads.
 */
final class AddressResolver {

  private static final String POSTMASTER = "postmaster";

  /** How many addresses may be met on the way. */
  private static final int MAX_STEPS = 1_000;

  private final Ledger ledger;
  private final RowCache rows;
  private final DomainList domains;

  AddressResolver(Ledger ledger, RowCache rows, DomainList domains) {
    this.ledger = ledger;
    this.rows = rows;
    this.domains = domains;
  }

  Resolution resolve(EmailAddress recipient) {
    if (!domains.contains(recipient.domain())) {
      return new Resolution.NotLocal();
    }
    Walk walk = new Walk();
    walk.follow(List.of(recipient));
    if (walk.foundNothing() && isPostmaster(recipient)) {
      walk.follow(postmasters(recipient.domain()));
    }
    return walk.outcome();
  }

  /** Whether mail to the address reaches the account, the postmaster's last resort not counted. */
  boolean leadsTo(EmailAddress address, AccountId account) {
    if (!domains.contains(address.domain())) {
      return false;
    }
    Walk walk = new Walk();
    walk.follow(List.of(address));
    return walk.accounts.containsKey(account);
  }

  private static boolean isPostmaster(EmailAddress address) {
    String local = LocalPartRules.withoutDetail(address.localPart());
    return LocalPartRules.fold(local == null ? address.localPart() : local).equals(POSTMASTER);
  }

  /**
   * Who reads the postmaster's mail of a domain without such an address and without a catch-all
   * (RFC 5321 §4.5.1 demands that somebody does): the postmaster of the oldest domain, else the
   * account that is here longest, of this domain or of the oldest one.
   */
  private List<EmailAddress> postmasters(DomainName domain) {
    Optional<DomainName> oldest = domains.oldest();
    if (oldest.isPresent() && !oldest.get().equals(domain)) {
      EmailAddress central = new EmailAddress(POSTMASTER, oldest.get());
      Walk walk = new Walk();
      walk.follow(List.of(central));
      if (!walk.foundNothing()) {
        return List.of(central);
      }
    }
    EmailAddress first = firstAccount(domain);
    if (first == null && oldest.isPresent()) {
      first = firstAccount(oldest.get());
    }
    return first == null ? List.of() : List.of(first);
  }

  private @Nullable EmailAddress firstAccount(DomainName domain) {
    byte[] value = ledger.read(RowCache.partition(domain)).get(DomainRow.key());
    String first = value == null ? null : DomainRow.decode(value).firstAccount();
    return first != null
            && rows.row(domain, first) instanceof AccountRow row
            && !row.account().disabled()
        ? row.account().address()
        : null;
  }

  /** One address followed to all its ends. */
  private final class Walk {

    final Map<AccountId, Account> accounts = new LinkedHashMap<>();
    final Set<EmailAddress> remote = new LinkedHashSet<>();
    private final Queue<EmailAddress> ahead = new ArrayDeque<>();
    private final Set<AddressRow> met = new HashSet<>();
    private int steps;
    private boolean disabled;
    private boolean tooMany;

    void follow(Collection<EmailAddress> addresses) {
      ahead.addAll(addresses);
      while (!ahead.isEmpty() && !tooMany) {
        EmailAddress next = ahead.remove();
        if (domains.contains(next.domain())) {
          meet(find(next));
        } else {
          remote.add(next);
        }
        tooMany = ++steps > MAX_STEPS || accounts.size() + remote.size() > Alias.MAX_TARGETS;
      }
    }

    private void meet(@Nullable AddressRow row) {
      switch (row) {
        case AccountRow found when found.account().disabled() -> disabled = true;
        case AccountRow found -> accounts.put(found.account().id(), found.account());
        case AliasRow found -> {
          if (met.add(found)) {
            ahead.addAll(found.targets());
          }
        }
        case null -> {
          // nobody there: an alias may have been left pointing to a deleted account
        }
      }
    }

    private @Nullable AddressRow find(EmailAddress address) {
      DomainName domain = address.domain();
      AddressRow row = rows.row(domain, LocalPartRules.fold(address.localPart()));
      if (row != null) {
        return row;
      }
      String user = LocalPartRules.withoutDetail(address.localPart());
      if (user != null) {
        row = rows.row(domain, LocalPartRules.fold(user));
      }
      return row != null ? row : rows.row(domain, AddressRow.CATCH_ALL);
    }

    boolean foundNothing() {
      return accounts.isEmpty() && remote.isEmpty() && !disabled && !tooMany;
    }

    Resolution outcome() {
      if (tooMany) {
        return new Resolution.TooManyTargets();
      }
      if (!accounts.isEmpty() || !remote.isEmpty()) {
        return new Resolution.Deliver(List.copyOf(accounts.values()), List.copyOf(remote));
      }
      return disabled ? new Resolution.Disabled() : new Resolution.NoSuchUser();
    }
  }
}
