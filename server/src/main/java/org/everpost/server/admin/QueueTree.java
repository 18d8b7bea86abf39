package org.everpost.server.admin;

import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands of {@code everpost queue}, with their words; a part of {@link CommandTree}. */
final class QueueTree {

  private QueueTree() {}

  static CommandSpec build(CommandSpec queue) {
    CommandTree.add(
        queue,
        filtered(
                CommandTree.leaf(
                    "list",
                    "Lists messages, the oldest first.",
                    new Command.AtStore(QueueCommands::list)))
            .addOption(CommandTree.value("--limit", "NUMBER", "Lists at most so many."))
            .addOption(CommandTree.json()));
    CommandTree.add(
        queue,
        CommandTree.leaf("show", "Shows a message.", new Command.AtStore(QueueCommands::show))
            .addPositional(CommandTree.word("ID", "Its id, as the log and the list have it."))
            .addOption(CommandTree.json()));
    CommandTree.add(
        queue,
        filtered(
                CommandTree.leaf(
                    "summary",
                    "Counts messages by destination and reason.",
                    new Command.AtStore(QueueCommands::summary),
                    "Messages that were not tried themselves, because others for the same",
                    "destination were, count for the reason those have."))
            .addOption(CommandTree.value("--limit", "NUMBER", "Shows the largest groups only."))
            .addOption(CommandTree.json()));
    CommandTree.add(
        queue,
        changing(
                "hold",
                "Keeps messages back until they are released.",
                QueueChanges::hold,
                "When their time is over they are given up all the same.")
            .addOption(CommandTree.value("--reason", "TEXT", "Why, for whoever looks at them.")));
    CommandTree.add(
        queue, changing("release", "Lets messages go on that are held.", QueueChanges::release));
    CommandTree.add(
        queue,
        changing(
            "retry",
            "Tries messages now, whatever their destination did before.",
            QueueChanges::retry));
    CommandTree.add(
        queue,
        changing(
            "expire",
            "Gives messages up; their senders are told.",
            QueueChanges::expire,
            "With --to, only those recipients are given up. What is being sent just now",
            "is left alone."));
    CommandTree.add(
        queue,
        changing(
            "delete",
            "Deletes messages; nobody is told.",
            QueueChanges::delete,
            "With --to, only those recipients are taken out."));
    return queue;
  }

  private static CommandSpec changing(
      String name, String summary, Command.StoreAction action, String... more) {
    return CommandTree.leaf(name, summary, new Command.AtStore(QueueChanges::ask, action), more)
        .addArgGroup(which())
        .addOption(CommandTree.flag("--yes", "Does not ask."))
        .addOption(CommandTree.json());
  }

  /** Nobody changes all messages by having forgotten something. */
  private static ArgGroupSpec which() {
    return ArgGroupSpec.builder()
        .exclusive(true)
        .multiplicity("1")
        .addArg(
            PositionalParamSpec.builder()
                .paramLabel("ID")
                .description("The messages.")
                .index("0..*")
                .arity("1..*")
                .required(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build())
        .addSubgroup(filters())
        .addArg(CommandTree.flag("--all", "All there are. Asks before, unless --yes is given."))
        .build();
  }

  private static CommandSpec filtered(CommandSpec spec) {
    ArgGroupSpec group = filters();
    group.args().forEach(spec::add);
    return spec;
  }

  private static ArgGroupSpec filters() {
    return ArgGroupSpec.builder()
        .exclusive(false)
        .multiplicity("1")
        .addArg(
            CommandTree.value(
                "--sender", "ADDRESS", "Those of this account, or forwarded by this alias."))
        .addArg(
            CommandTree.value(
                "--from", "ADDRESS", "Those with this reverse-path; a domain; <> has none."))
        .addArg(
            CommandTree.value(
                "--to", "ADDRESS", "Those that somebody with this address or domain waits for."))
        .addArg(CommandTree.flag("--held", "Those that are held."))
        .addArg(CommandTree.value("--older-than", "AGE", "Those older than this, like 90m or 2d."))
        .build();
  }
}
