package org.everpost.server.admin;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * All commands, with their words: the one place to look for a name. Built by hand, without
 * annotations, so that starting does not wait for reflection.
 */
final class CommandTree {

  private CommandTree() {}

  /**
   * The tree, as far as the words need it: a group nobody names is there without its members, which
   * saves a third of the time a command takes. The user object of each leaf is its {@link Command}.
   */
  static CommandSpec build(Command serve, List<String> words) {
    CommandSpec root =
        group(
            "everpost",
            "A complete e-mail service in one program.",
            "Commands work while the server runs, through it, and while it does not.",
            "They end with 0 if it is done, 1 if it was refused or failed, 2 if mistyped.");
    root.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .description("Shows the version.")
            .type(boolean.class)
            .arity("0")
            .build());
    add(root, leaf("serve", "Runs the server in the foreground until it is told to stop.", serve));
    CommandSpec domain = group("domain", "The domains whose mail this server keeps.");
    add(root, words.contains(domain.name()) ? DomainTree.build(domain) : domain);
    CommandSpec account = group("account", "Those who have mailboxes here.");
    add(root, words.contains(account.name()) ? account(account) : account);
    CommandSpec alias = group("alias", "Addresses whose mail goes to others.");
    add(root, words.contains(alias.name()) ? alias(alias) : alias);
    CommandSpec queue = group("queue", "The messages that wait to leave.");
    add(root, words.contains(queue.name()) ? QueueTree.build(queue) : queue);
    CommandSpec guard = group("guard", "The defence against floods, and what it knows of peers.");
    add(root, words.contains(guard.name()) ? GuardTree.build(guard) : guard);
    CommandSpec config = group("config", "The configuration file.");
    add(root, words.contains(config.name()) ? config(config) : config);
    add(
        root,
        leaf("status", "Shows how the server is.", new Command.AtStore(StatusCommands::status))
            .addOption(json()));
    add(
        root,
        leaf("version", "Shows the version.", new Command.Bare(StatusCommands::version))
            .addOption(json()));
    return root;
  }

  private static CommandSpec account(CommandSpec account) {
    add(
        account,
        leaf(
                "add",
                "Adds an account.",
                new Command.AtStore(AccountCommands::askPassword, AccountCommands::add))
            .addPositional(word("ADDRESS", "Its address, which is its login name."))
            .addArgGroup(password())
            .addOption(
                value("--quota", "SIZE", "The most it may hold, like 500MB; none: no limit."))
            .addOption(messages())
            .addOption(value("--language", "LANGUAGE", "What its owner reads: en or de.")));
    add(
        account,
        leaf(
                "passwd",
                "Changes a password.",
                new Command.AtStore(AccountCommands::askPassword, AccountCommands::passwd))
            .addPositional(word("ADDRESS", "The account."))
            .addArgGroup(password()));
    add(
        account,
        leaf("list", "Lists the accounts.", new Command.AtStore(AccountCommands::list))
            .addPositional(optionalWord("DOMAIN", "Only those of this domain."))
            .addOption(json()));
    add(
        account,
        leaf("show", "Shows an account.", new Command.AtStore(AccountCommands::show))
            .addPositional(word("ADDRESS", "The account."))
            .addOption(json()));
    add(
        account,
        leaf(
                "quota",
                "Changes how much an account may hold.",
                new Command.AtStore(AccountCommands::quota))
            .addPositional(word("ADDRESS", "The account."))
            .addPositional(second("SIZE", "The most it may hold, like 500MB; none: no limit."))
            .addOption(messages()));
    add(
        account,
        leaf(
                "limit",
                "Changes how much an account may send to other servers.",
                new Command.AtStore(AccountCommands::limit),
                "A share is one of the limits in the table [sending] of the configuration; with",
                "one, or with none, an account counts as old however new it is.")
            .addPositional(word("ADDRESS", "The account."))
            .addPositional(second("SHARE", "Like 200%%; usual: as others; none: no limit.")));
    add(
        account,
        leaf(
                "language",
                "Changes the language of what the server writes to an account.",
                new Command.AtStore(AccountCommands::language))
            .addPositional(word("ADDRESS", "The account."))
            .addPositional(
                second("LANGUAGE", "en, de, or default: the one in the configuration.")));
    add(
        account,
        leaf(
                "disable",
                "Lets an account neither log in nor receive.",
                new Command.AtStore(AccountCommands::disable),
                "Its mail stays, and whoever is logged in is logged out.")
            .addPositional(word("ADDRESS", "The account.")));
    add(
        account,
        leaf(
                "enable",
                "Lets a disabled account log in and receive again.",
                new Command.AtStore(AccountCommands::enable))
            .addPositional(word("ADDRESS", "The account.")));
    add(
        account,
        leaf(
                "delete",
                "Deletes an account and all its mail.",
                new Command.AtStore(AccountCommands::askDelete, AccountCommands::delete),
                "Asks before it does, unless --yes is given.")
            .addPositional(word("ADDRESS", "The account."))
            .addOption(flag("--yes", "Does not ask.")));
    add(
        account,
        leaf(
                "import",
                "Adds or updates accounts from lines address,hash[,quota].",
                new Command.AtStore(ImportCommand::run),
                "Bad lines are told with their numbers, the others are done. A second time",
                "nothing changes. Passwords that were changed or renewed here are kept.")
            .addPositional(word("FILE", "The file; - is standard input."))
            .addOption(json()));
    return account;
  }

  private static CommandSpec alias(CommandSpec alias) {
    add(
        alias,
        leaf(
                "add",
                "Adds targets to an alias.",
                new Command.AtStore(AliasCommands::add),
                "An alias that is not there yet is made.")
            .addPositional(word("ADDRESS", "The alias; @domain is the catch-all."))
            .addPositional(
                PositionalParamSpec.builder()
                    .paramLabel("TARGET")
                    .description("Where its mail goes.")
                    .index("1..*")
                    .arity("1..*")
                    .required(true)
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build()));
    add(
        alias,
        leaf("list", "Lists the aliases.", new Command.AtStore(AliasCommands::list))
            .addPositional(optionalWord("DOMAIN", "Only those of this domain."))
            .addOption(json()));
    add(
        alias,
        leaf("delete", "Deletes an alias.", new Command.AtStore(AliasCommands::delete))
            .addPositional(word("ADDRESS", "The alias; @domain is the catch-all.")));
    return alias;
  }

  private static CommandSpec config(CommandSpec config) {
    add(
        config,
        leaf(
                "check",
                "Says what is wrong with the configuration, if anything.",
                new Command.Configured(ConfigCommands::check))
            .addOption(json()));
    add(
        config,
        leaf(
                "show",
                "Shows the configuration in effect, with defaults.",
                new Command.Configured(ConfigCommands::show))
            .addOption(json()));
    return config;
  }

  static void add(CommandSpec group, CommandSpec member) {
    group.addSubcommand(member.name(), member);
  }

  private static CommandSpec group(String name, String summary, String... more) {
    return common(CommandSpec.create(), name, summary, more);
  }

  static CommandSpec leaf(String name, String summary, Command command, String... more) {
    return common(CommandSpec.wrapWithoutInspection(command), name, summary, more);
  }

  private static CommandSpec common(CommandSpec spec, String name, String summary, String... more) {
    spec.name(name);
    String[] description =
        Stream.concat(Stream.of(summary), Stream.of(more)).toArray(String[]::new);
    spec.usageMessage().description(description).sortOptions(false);
    return spec.addOption(
            value(
                "--config",
                "FILE",
                "The configuration, if not ./everpost.toml or /etc/everpost/everpost.toml."))
        .addOption(
            OptionSpec.builder("--help", "-h")
                .usageHelp(true)
                .description("Shows this help.")
                .type(boolean.class)
                .arity("0")
                .build());
  }

  static OptionSpec json() {
    return flag("--json", "Prints JSON.");
  }

  private static OptionSpec messages() {
    return value("--quota-messages", "NUMBER", "The most messages it may hold; none: no limit.");
  }

  static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).description(description).type(boolean.class).arity("0").build();
  }

  static OptionSpec value(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .description(description)
        .type(String.class)
        .arity("1")
        .build();
  }

  static PositionalParamSpec word(String label, String description) {
    return positional("0", "1", label, description);
  }

  private static PositionalParamSpec second(String label, String description) {
    return positional("1", "1", label, description);
  }

  private static PositionalParamSpec optionalWord(String label, String description) {
    return positional("0", "0..1", label, description);
  }

  private static PositionalParamSpec positional(
      String index, String arity, String label, String description) {
    return PositionalParamSpec.builder()
        .index(index)
        .arity(arity)
        .required(arity.equals("1"))
        .paramLabel(label)
        .description(description)
        .type(String.class)
        .build();
  }

  /** One of the two has to be there: a password on the command line could be seen by others. */
  private static ArgGroupSpec password() {
    return ArgGroupSpec.builder()
        .exclusive(true)
        .multiplicity("1")
        .addArg(flag("--password-stdin", "Reads the password from standard input, one line."))
        .addArg(value("--password-hash", "HASH", "A hash from elsewhere, as crypt(3) or {SCHEME}."))
        .build();
  }
}
