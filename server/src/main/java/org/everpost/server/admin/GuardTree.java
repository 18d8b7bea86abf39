package org.everpost.server.admin;

import picocli.CommandLine.Model.CommandSpec;

/** The words of {@code everpost guard}. */
final class GuardTree {

  private GuardTree() {}

  static CommandSpec build(CommandSpec guard) {
    CommandTree.add(
        guard,
        CommandTree.leaf(
                "status",
                "Shows who is at the door and what was decided since the start.",
                new Command.AtStore(GuardCommands::status))
            .addOption(CommandTree.json()));
    CommandTree.add(
        guard,
        CommandTree.leaf(
                "show",
                "Shows what is known of an address, and why.",
                new Command.AtStore(GuardCommands::show))
            .addPositional(CommandTree.word("ADDRESS", "An IP address."))
            .addOption(CommandTree.json()));
    CommandTree.add(
        guard,
        CommandTree.leaf(
                "top",
                "Shows how it goes, a line each second, until it is interrupted.",
                new Command.AtStore(GuardCommands::top),
                "UNKNOWN are strangers on port 25, all else is of all services. NEW came, OUT were",
                "refused at the door, CUT lost the place to another, LATER have to come again, and",
                "BAD are misdeeds: each in a second, since the line before.")
            .addOption(CommandTree.value("--count", "NUMBER", "So many lines, then ends."))
            .addOption(
                CommandTree.value("--interval", "TIME", "The time between lines, like 5s.")));
    CommandTree.add(guard, ruling("allow", "Lets a network always in.", GuardCommands::allow));
    CommandTree.add(guard, ruling("deny", "Never lets a network in.", GuardCommands::deny));
    CommandTree.add(
        guard,
        CommandTree.leaf(
                "forget",
                "Takes what was allowed or denied back.",
                new Command.AtStore(GuardCommands::forget),
                "Of a single address all else that is known is forgotten, too.")
            .addPositional(CommandTree.word("NETWORK", "An address, or a network.")));
    CommandTree.add(
        guard,
        CommandTree.leaf(
                "rules",
                "Lists what is allowed and denied.",
                new Command.AtStore(GuardCommands::rules))
            .addOption(CommandTree.json()));
    return guard;
  }

  private static CommandSpec ruling(String name, String summary, Command.StoreAction action) {
    return CommandTree.leaf(
            name,
            summary,
            new Command.AtStore(action),
            "It holds on all nodes within ten seconds, and over restarts. Of several the",
            "narrowest network counts.")
        .addPositional(CommandTree.word("NETWORK", "An address, or a network like 192.0.2.0/24."))
        .addOption(CommandTree.value("--for", "TIME", "So long, like 12h or 7d; else for ever."))
        .addOption(CommandTree.value("--note", "TEXT", "Why, for whoever looks at it."));
  }
}
