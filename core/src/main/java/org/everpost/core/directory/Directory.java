package org.everpost.core.directory;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Ledger;
import org.everpost.store.PartitionKind;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;

/**
 * Who has an address here. Safe for any number of threads.
 *
 * <p>Local parts are matched without regard to case. On a store shared with other nodes an answer
 * may be two seconds old, otherwise it is exact.
 */
public final class Directory {

  private final Ledger ledger;
  private final EventSink events;
  private final OptimisticCommit commits;
  private final RowCache rows;
  private final DomainList domains;
  private final AddressResolver resolver;
  private final DirectoryChanges changes;
  private final InstallationSecret secret;
  private final Clock clock;
  private final RandomSource random;

  /**
   * @param shared whether other nodes change the same ledger
   */
  public Directory(
      Ledger ledger, boolean shared, Clock clock, RandomSource random, EventSink events) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.events = Objects.requireNonNull(events, "events");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
    this.commits = new OptimisticCommit(ledger, clock, random);
    this.rows = new RowCache(ledger, shared, clock);
    this.domains = new DomainList(ledger, shared, clock, random, commits);
    this.resolver = new AddressResolver(ledger, rows, domains);
    this.secret = new InstallationSecret(commits, random);
    this.changes = new DirectoryChanges(ledger, clock, random, commits, rows, domains);
  }

  // ---- who is that ----

  /**
   * Where the mail of a recipient goes: aliases, {@code +detail} (RFC 5233) and catch-all followed.
   * The postmaster of each of our domains is somebody if there is any account (RFC 5321 §4.5.1).
   */
  public Resolution resolve(EmailAddress recipient) {
    return resolver.resolve(recipient);
  }

  /** The account whose main address this is. */
  public Optional<Account> account(EmailAddress address) {
    return row(address).map(AccountRow::account);
  }

  /** What an operator may see of the account whose main address this is. */
  public Optional<AccountDetails> details(EmailAddress address) {
    return row(address).map(AccountRow::details);
  }

  /** What the owner of an address reads, if that was settled; of several, the first one's. */
  public Optional<Language> language(EmailAddress address) {
    return resolve(address) instanceof Resolution.Deliver(List<Account> accounts, List<?> _)
            && !accounts.isEmpty()
        ? details(accounts.getFirst().address()).map(its -> its.settings().language())
        : Optional.empty();
  }

  /**
   * The account of a login name: its main address, or of the default domain's accounts the bare
   * local part. Aliases and details do not log in.
   */
  public Optional<Account> login(String name) {
    return loginRow(name).map(AccountRow::account);
  }

  /** As {@link #login}, with what is kept of the password. */
  public Optional<AccountCredentials> credentials(String name) {
    return loginRow(name).map(AccountRow::credentials);
  }

  /** The domain of login names without one: the domain that was added first. */
  public Optional<DomainName> defaultDomain() {
    return domains.oldest();
  }

  /**
   * One text for all spellings of a login name, whether or not anybody has it: for counting and
   * remembering.
   */
  public String loginKey(String name) {
    String full = name.contains("@") ? name : name + domains.oldest().map(d -> "@" + d).orElse("");
    try {
      EmailAddress address = EmailAddress.ofName(full);
      return LocalPartRules.fold(address.localPart()) + "@" + address.domain();
    } catch (IllegalArgumentException e) {
      return LocalPartRules.fold(full);
    }
  }

  /**
   * 32 random octets, made once for all nodes and for ever: the key of what must look like chance
   * but be the same everywhere and after a restart. Not for encryption.
   */
  public byte[] secret() {
    return secret.octets();
  }

  public boolean isLocal(DomainName domain) {
    return domains.contains(domain);
  }

  /**
   * Whether an account may send under an address: if mail to that address reaches it. That is its
   * main address, its {@code +detail} forms, and aliases or a catch-all that lead to it, even if
   * they lead to others, too.
   */
  public boolean mayUse(Account account, EmailAddress from) {
    return resolver.leadsTo(from, account.id());
  }

  /** Grows with every change to a domain's directory; read from the store. */
  public long version(DomainName domain) {
    return ledger.read(RowCache.partition(domain)).version();
  }

  /** Which of some grants of one domain's accounts hold no longer, as the store has it now. */
  public List<LoginGrant> revoked(DomainName domain, List<LoginGrant> grants) {
    List<byte[]> keys =
        grants.stream()
            .map(grant -> LocalPartRules.fold(grant.account().address().localPart()))
            .map(AddressRow::key)
            .toList();
    List<byte @Nullable []> rows = ledger.read(RowCache.partition(domain)).getAll(keys);
    List<LoginGrant> revoked = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      byte[] row = rows.get(i);
      if (row == null
          || !(AddressRow.decode(row) instanceof AccountRow account)
          || !account.honours(grants.get(i))) {
        revoked.add(grants.get(i));
      }
    }
    return revoked;
  }

  private Optional<AccountRow> loginRow(String name) {
    Optional<EmailAddress> address;
    try {
      address =
          name.contains("@")
              ? Optional.of(EmailAddress.ofName(name))
              : domains.oldest().map(domain -> new EmailAddress(name, domain));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no address, so nobody's
    }
    return address.flatMap(this::row);
  }

  private Optional<AccountRow> row(EmailAddress address) {
    return domains.contains(address.domain())
            && rows.row(address.domain(), LocalPartRules.fold(address.localPart()))
                instanceof AccountRow found
        ? Optional.of(found)
        : Optional.empty();
  }

  // ---- domains ----

  public Change addDomain(DomainName domain) {
    return tell(changes.addDomain(domain), "domain add", domain.ascii());
  }

  /** Refused with {@link Change#NOT_EMPTY} while it has accounts or aliases. */
  public Change deleteDomain(DomainName domain) {
    return tell(changes.deleteDomain(domain), "domain delete", domain.ascii());
  }

  /** Our domains, oldest first. */
  public List<DomainName> domains() {
    return domains.all();
  }

  // ---- accounts ----

  public Change addAccount(EmailAddress address, StoredPassword password, Quota quota) {
    return addAccount(address, password, quota, null);
  }

  /**
   * As {@link #addAccount(EmailAddress, StoredPassword, Quota)}.
   *
   * @param language what its owner reads; null: what is configured for all
   */
  public Change addAccount(
      EmailAddress address, StoredPassword password, Quota quota, @Nullable Language language) {
    AccountSettings settings = AccountSettings.NEW.withLanguage(language);
    return tell(
        changes.addAccount(address, password, quota, settings), "account add", address.toString());
  }

  public Change changePassword(Account account, StoredPassword password) {
    Change change = changes.changeAccount(account, row -> row.changed(password, false));
    return tell(change, "account passwd", account.address().toString());
  }

  /**
   * Puts a better stored form of the same password in place of one just verified. Unchanged if the
   * stored hash is another one by now.
   */
  public Change upgradePassword(AccountCredentials verified, StoredPassword better) {
    String hash = verified.password().hash();
    return changes.changeAccount(
        verified.account(), row -> row.password().hash().equals(hash) ? row.upgraded(better) : row);
  }

  public Change setDisabled(Account account, boolean disabled) {
    Change change =
        changes.changeAccount(
            account,
            row -> {
              Account before = row.account();
              return row.with(new Account(before.id(), before.address(), before.quota(), disabled));
            });
    String action = disabled ? "account disable" : "account enable";
    return tell(change, action, account.address().toString());
  }

  public Change setQuota(Account account, Quota quota) {
    Change change =
        changes.changeAccount(
            account,
            row -> {
              Account before = row.account();
              return row.with(new Account(before.id(), before.address(), quota, before.disabled()));
            });
    return tell(change, "account quota", account.address().toString());
  }

  /** Changes how much an account may send elsewhere. */
  public Change setSending(Account account, SendingShare share) {
    Change change =
        changes.changeAccount(account, row -> row.with(row.settings().withSending(share)));
    return tell(change, "account limit", account.address().toString());
  }

  /**
   * Changes what the owner of an account reads.
   *
   * @param language null: what is configured for all
   */
  public Change setLanguage(Account account, @Nullable Language language) {
    Change change =
        changes.changeAccount(account, row -> row.with(row.settings().withLanguage(language)));
    return tell(change, "account language", account.address().toString());
  }

  /**
   * Takes the account out of the directory; its mail is the caller's to delete, afterwards, and
   * then to {@link #forgetDeleted}.
   */
  public Change deleteAccount(Account account) {
    return tell(changes.deleteAccount(account), "account delete", account.address().toString());
  }

  /** Calls the visitor with every account of a domain, ordered by folded local part. */
  public void forEachAccount(DomainName domain, Consumer<AccountDetails> visitor) {
    if (domains.contains(domain)) {
      new AddressScan(ledger, domain)
          .forEach((_, row) -> {
            if (row instanceof AccountRow account) {
              visitor.accept(account.details());
            }
          });
    }
  }

  /** Every account of a domain, ordered by folded local part. */
  public List<Account> accounts(DomainName domain) {
    List<Account> accounts = new ArrayList<>();
    forEachAccount(domain, details -> accounts.add(details.account()));
    return accounts;
  }

  /** An account that is in the directory no more, and whose mail may still be in the store. */
  public record DeletedAccount(DomainName domain, AccountId id) {}

  /** All of them, of every domain there is or was. */
  public List<DeletedAccount> deletedAccounts() {
    List<DeletedAccount> deleted = new ArrayList<>();
    ledger.partitions(
        PartitionKind.DOMAIN,
        partition -> deleted.addAll(changes.deletedAccounts(DomainName.of(partition.id()))));
    return deleted;
  }

  /** The mail of a deleted account is gone, too. */
  public void forgetDeleted(DeletedAccount deleted) {
    changes.forgetDeleted(deleted);
  }

  /**
   * Adds or updates accounts from lines {@code address,hash[,quota]}; see {@link AccountImport}.
   *
   * @throws IOException if the reader fails; what was read before is done
   */
  public ImportResult importAccounts(Reader csv, HashCheck hashes, ImportListener listener)
      throws IOException {
    ImportResult result =
        new AccountImport(commits, rows, domains, clock, random, hashes, listener).run(csv);
    events.accept(
        new AdminEvent.DirectoryChanged(
            "account import",
            result.added() + " added, " + result.updated() + " updated, " + result.bad() + " bad"));
    return result;
  }

  // ---- aliases ----

  /** Adds targets to an alias; an alias that is not there yet is made. */
  public Change addAlias(EmailAddress alias, List<EmailAddress> targets) {
    Change change = changes.addTargets(alias.domain(), alias, targets);
    return tell(change, "alias add", alias.toString());
  }

  /** Adds targets to the catch-all of a domain, who get the mail of addresses nobody has. */
  public Change addCatchAll(DomainName domain, List<EmailAddress> targets) {
    return tell(changes.addTargets(domain, null, targets), "alias add", "@" + domain);
  }

  public Change deleteAlias(EmailAddress alias) {
    String folded = LocalPartRules.fold(alias.localPart());
    return tell(changes.deleteAlias(alias.domain(), folded), "alias delete", alias.toString());
  }

  public Change deleteCatchAll(DomainName domain) {
    return tell(changes.deleteAlias(domain, AddressRow.CATCH_ALL), "alias delete", "@" + domain);
  }

  /** The aliases of a domain, its catch-all first. */
  public List<Alias> aliases(DomainName domain) {
    List<Alias> aliases = new ArrayList<>();
    if (domains.contains(domain)) {
      addAlias(aliases, domain, rows.row(domain, AddressRow.CATCH_ALL));
      new AddressScan(ledger, domain).forEach((_, row) -> addAlias(aliases, domain, row));
    }
    return aliases;
  }

  private static void addAlias(List<Alias> aliases, DomainName domain, @Nullable AddressRow row) {
    if (row instanceof AliasRow(EmailAddress address, List<EmailAddress> targets)) {
      aliases.add(new Alias(domain, address, targets));
    }
  }

  private Change tell(Change change, String action, String name) {
    if (change == Change.DONE) {
      events.accept(new AdminEvent.DirectoryChanged(action, name));
    }
    return change;
  }
}
