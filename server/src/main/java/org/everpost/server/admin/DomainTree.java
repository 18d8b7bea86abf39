package org.everpost.server.admin;

import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands of {@code everpost domain}, with their words; a part of {@link CommandTree}. */
final class DomainTree {

  private DomainTree() {}

  static CommandSpec build(CommandSpec domain) {
    CommandTree.add(
        domain,
        CommandTree.leaf(
                "add",
                "Adds a domain.",
                new Command.AtStore(DomainCommands::add),
                "It gets keys (DKIM), which sign as soon as they are seen in DNS.")
            .addPositional(name()));
    CommandTree.add(
        domain,
        CommandTree.leaf("list", "Lists the domains.", new Command.AtStore(DomainCommands::list))
            .addOption(CommandTree.json()));
    CommandTree.add(
        domain,
        CommandTree.leaf(
                "delete",
                "Deletes a domain.",
                new Command.AtStore(DomainCommands::delete),
                "It must not have accounts or aliases any more.")
            .addPositional(name()));
    CommandTree.add(
        domain,
        CommandTree.leaf(
                "dns",
                "Prints the DNS records a domain needs, as lines of a zone file.",
                new Command.AtStore(DnsCommands::run),
                "With --check it says which of them are in DNS, and ends with 1 unless all that",
                "are needed are there.")
            .addPositional(name())
            .addOption(CommandTree.flag("--check", "Looks for them."))
            .addOption(CommandTree.json()));
    CommandTree.add(domain, dkim());
    return domain;
  }

  private static CommandSpec dkim() {
    return CommandTree.leaf(
            "dkim",
            "Shows the keys a domain signs with (DKIM), and changes them.",
            new Command.AtStore(DkimCommands::ask, DkimCommands::run),
            "A new key is pending until its record is seen in DNS, which is looked for",
            "every hour. Then it signs; the one before it is retired, and its record is",
            "needed for a week more.")
        .addPositional(name())
        .addArgGroup(
            ArgGroupSpec.builder()
                .exclusive(true)
                .multiplicity("0..1")
                .addArg(CommandTree.flag(DkimCommands.MAKE, "Makes what keys are missing."))
                .addArg(CommandTree.flag(DkimCommands.ROTATE, "Makes successors."))
                .addArg(
                    CommandTree.value(
                        DkimCommands.DELETE,
                        "SELECTOR",
                        "Destroys a key. Asks before, unless --yes is given."))
                .build())
        .addOption(
            CommandTree.value(
                DkimCommands.ALGORITHM, "NAME", "Makes only this: rsa or ed25519; else both."))
        .addOption(
            CommandTree.flag(
                DkimCommands.ACTIVATE,
                "Looks now for the records of pending keys, which then sign."))
        .addOption(
            CommandTree.flag(
                DkimCommands.FORCE, "With --activate: whether or not their records are seen."))
        .addOption(CommandTree.flag("--yes", "Does not ask."))
        .addOption(CommandTree.json());
  }

  private static PositionalParamSpec name() {
    return CommandTree.word("NAME", "The domain.");
  }
}
