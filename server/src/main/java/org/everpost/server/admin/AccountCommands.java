package org.everpost.server.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.everpost.core.config.ByteSize;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.SendingShare;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.mailbox.AccountView;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.password.PasswordHashing;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;

/** {@code everpost account}, without the import. */
final class AccountCommands {

  private static final int MAX_PASSWORD_CHARACTERS = 512;

  private AccountCommands() {}

  static int add(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    EmailAddress address = arguments.address(0);
    Quota allowed =
        new Quota(
            Arguments.octets(arguments.option("--quota").orElse("none")),
            Arguments.messages(arguments.option("--quota-messages").orElse("none")));
    Change change =
        premises
            .foundation()
            .directory()
            .addAccount(
                address,
                password(premises, arguments, console),
                allowed,
                Arguments.language(arguments.option("--language").orElse("default")));
    return Outcome.of(change, "account " + address, "added").tell(console);
  }

  static int passwd(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    Change change =
        premises
            .foundation()
            .directory()
            .changePassword(account, password(premises, arguments, console));
    return Outcome.of(change, "password of " + account.address(), "changed").tell(console);
  }

  private static StoredPassword password(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    PasswordHashing hashing = premises.foundation().hashing();
    Optional<String> hash = arguments.option("--password-hash");
    if (hash.isEmpty()) {
      return hashing.store(readPassword(console));
    }
    Optional<String> problem = hashing.problem(hash.get());
    if (problem.isPresent()) {
      throw new CommandException("the hash cannot be used: " + problem.get());
    }
    return new StoredPassword(hash.get(), null);
  }

  /** The password, unless there is a hash. */
  static boolean askPassword(Arguments arguments, Console console) {
    return arguments.flag("--password-stdin");
  }

  private static String readPassword(Console console) throws IOException, CommandException {
    String password = console.answer();
    if (password.isEmpty()) {
      throw new CommandException("there is no password on standard input");
    }
    if (password.length() > MAX_PASSWORD_CHARACTERS) {
      throw new CommandException("a password has at most 512 characters");
    }
    return password;
  }

  static int list(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Directory directory = premises.foundation().directory();
    List<AccountDetails> accounts = new ArrayList<>();
    for (DomainName domain : domains(directory, arguments)) {
      directory.forEachAccount(domain, accounts::add);
    }
    if (arguments.flag("--json")) {
      console.line(Json.text(accounts.stream().map(AccountCommands::json).toList()));
      return 0;
    }
    for (AccountDetails details : accounts) {
      Account account = details.account();
      console.line(account.address() + (account.disabled() ? " (disabled)" : ""));
    }
    return 0;
  }

  /** The one that was named, or all. */
  static List<DomainName> domains(Directory directory, Arguments arguments)
      throws CommandException {
    if (!arguments.has(0)) {
      return directory.domains();
    }
    return List.of(DomainCommands.domain(directory, arguments));
  }

  private static Map<String, Object> json(AccountDetails details) {
    Account account = details.account();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("address", account.address().toString());
    fields.put("id", account.id().value());
    fields.put("disabled", account.disabled());
    fields.put("quota", account.quota().octets());
    fields.put("quotaMessages", account.quota().messages());
    fields.put("created", details.created().toString());
    fields.put("imported", details.imported());
    fields.put("scram", details.scram());
    fields.put("language", text(details.settings().language()));
    fields.put("established", details.isEstablished());
    fields.put("limit", text(details.settings().sending()));
    return fields;
  }

  static int show(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    EmailAddress address = arguments.address(0);
    AccountDetails details =
        premises
            .foundation()
            .directory()
            .details(address)
            .orElseThrow(() -> new CommandException("account " + address + " does not exist"));
    AccountView view = premises.foundation().mailboxes().open(details.account().id()).refresh();
    if (arguments.flag("--json")) {
      console.line(Json.text(json(details, view)));
      return 0;
    }
    Account account = details.account();
    Quota quota = account.quota();
    console.line("address:   " + account.address());
    console.line("id:        " + account.id());
    console.line("state:     " + (account.disabled() ? "disabled" : "enabled"));
    console.line("created:   " + details.created());
    String octets = quota.octets() == 0 ? "none" : new ByteSize(quota.octets()).toString();
    String messages = quota.messages() == 0 ? "" : ", " + quota.messages() + " messages";
    console.line("quota:     " + octets + messages);
    console.line(
        "used:      " + view.usedOctets() + " octets in " + view.usedMessages() + " messages");
    console.line(
        "scram:     " + (details.scram() ? "yes" : "after the next login with PLAIN or LOGIN"));
    console.line("language:  " + text(details.settings().language()));
    console.line("limit:     " + text(details.settings().sending()));
    console.line("mailboxes:");
    for (MailboxView mailbox : view.mailboxes()) {
      console.line(
          "  %s: %d messages, %d unseen"
              .formatted(mailbox.name(), mailbox.count(), mailbox.unseen()));
    }
    return 0;
  }

  private static Map<String, Object> json(AccountDetails details, AccountView view) {
    Map<String, Object> fields = json(details);
    fields.put("usedOctets", view.usedOctets());
    fields.put("usedMessages", view.usedMessages());
    List<Map<String, Object>> mailboxes = new ArrayList<>();
    for (MailboxView mailbox : view.mailboxes()) {
      Map<String, Object> its = new LinkedHashMap<>();
      its.put("name", mailbox.name());
      its.put("messages", mailbox.count());
      its.put("unseen", mailbox.unseen());
      mailboxes.add(its);
    }
    fields.put("mailboxes", mailboxes);
    return fields;
  }

  static int quota(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    Optional<String> messages = arguments.option("--quota-messages");
    Quota quota =
        new Quota(
            Arguments.octets(arguments.word(1)),
            messages.isPresent() ? Arguments.messages(messages.get()) : account.quota().messages());
    Change change = premises.foundation().directory().setQuota(account, quota);
    return Outcome.of(change, "quota of " + account.address(), "changed").tell(console);
  }

  static int limit(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    SendingShare share = Arguments.share(arguments.word(1));
    Change change = premises.foundation().directory().setSending(account, share);
    return Outcome.of(change, "limit of " + account.address(), "changed").tell(console);
  }

  private static String text(SendingShare share) {
    return switch (share) {
      case SendingShare.Usual _ -> "usual";
      case SendingShare.Percent(int percent) -> percent + "%";
      case SendingShare.Unlimited _ -> "none";
    };
  }

  static int language(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    @Nullable Language language = Arguments.language(arguments.word(1));
    Change change = premises.foundation().directory().setLanguage(account, language);
    return Outcome.of(change, "language of " + account.address(), "changed").tell(console);
  }

  private static String text(@Nullable Language language) {
    return language == null ? "default" : language.tag();
  }

  static int disable(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    Change change = premises.foundation().directory().setDisabled(account, true);
    return Outcome.of(change, "account " + account.address(), "disabled").tell(console);
  }

  static int enable(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    Change change = premises.foundation().directory().setDisabled(account, false);
    return Outcome.of(change, "account " + account.address(), "enabled").tell(console);
  }

  /** Whether it is meant. */
  static boolean askDelete(Arguments arguments, Console console)
      throws IOException, CommandException {
    if (arguments.flag("--yes")) {
      return false;
    }
    console.err("This deletes " + arguments.address(0) + " and all its mail. Type 'yes' to do it:");
    return true;
  }

  static int delete(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Account account = account(premises, arguments);
    if (!arguments.flag("--yes") && !console.isAnsweredYes()) {
      console.err("everpost: nothing was deleted");
      return 1;
    }
    // First nobody can reach it any more, then its mail goes: never the other way round.
    Directory directory = premises.foundation().directory();
    Change change = directory.deleteAccount(account);
    if (change == Change.DONE) {
      premises.foundation().mailboxes().deleteAll(account.id());
      directory.forgetDeleted(
          new Directory.DeletedAccount(account.address().domain(), account.id()));
    }
    return Outcome.of(change, "account " + account.address(), "deleted").tell(console);
  }

  private static Account account(Premises premises, Arguments arguments) throws CommandException {
    EmailAddress address = arguments.address(0);
    return premises
        .foundation()
        .directory()
        .account(address)
        .orElseThrow(() -> new CommandException("account " + address + " does not exist"));
  }
}
