package org.everpost.server.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.core.event.EventSink;
import org.everpost.core.password.HashingBusyException;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.admin.Command.Question;
import org.everpost.server.data.DataInUseException;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.GuardDesk;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Does what was typed. */
public final class Program {

  private static final int REFUSED = 1;
  private static final int MISTYPED = 2;
  private static final String ERROR = "Error: ";
  private static final String JSON = "--json";

  /** Where one of these is typed, no server has to be asked, which may hang. */
  private static final Set<String> LOCAL =
      Set.of("serve", "config", "version", "--version", "--help", "-h");

  /** How long a command waits for others, and for the server that runs to begin with it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration COMMAND_PAUSE = Duration.ofMillis(50);
  private static final Duration SERVER_PAUSE = Duration.ofSeconds(1);

  private final Server server;
  private final Path directory;
  private final @Nullable Premises premises;
  private final Duration patience;
  private final Clock clock = Clock.system();

  /** Runs a server. */
  @FunctionalInterface
  public interface Server {
    /** Returns when it was told to stop; {@code queue} is for while the data is in use. */
    void serve(Config config, Queue queue) throws IOException, CommandException, StartException;
  }

  /** Where one waits for the data. */
  @FunctionalInterface
  public interface Queue {
    /**
     * Returns when it is worth another attempt.
     *
     * @throws CommandException if it is not
     */
    void await(DataInUseException taken) throws IOException, CommandException;
  }

  /**
   * For what is typed by a person or a script.
   *
   * @param directory where {@code everpost.toml} is looked for first
   */
  public Program(Server server, Path directory) {
    this(server, directory, PATIENCE, null);
  }

  /**
   * @param patience how long to wait for others to let go of the data, and for a server to answer
   * @param premises where commands are done; null: where the configuration says
   */
  Program(Server server, Path directory, Duration patience, @Nullable Premises premises) {
    this.server = server;
    this.directory = directory;
    this.patience = patience;
    this.premises = premises;
  }

  /** Lets clients at the control socket have their commands done in this process. */
  public static ControlSocket control(
      Foundation foundation,
      org.everpost.server.outbound.Queue queue,
      GuardDesk guard,
      ServerStatus status)
      throws IOException {
    Program program =
        new Program(
            (_, _) -> {
              throw new StartException("a server runs already");
            },
            foundation.config().data(),
            PATIENCE,
            new Premises(foundation, queue, guard, status));
    return ControlSocket.listen(
        foundation.config().data(),
        new ControlSocket.Commands() {
          @Override
          public boolean takes(List<String> words) {
            return Program.takes(words);
          }

          @Override
          public int run(List<String> words, Console console) throws IOException {
            return program.run(words, console);
          }
        },
        foundation.events());
  }

  /** Does it; returns the exit code. */
  int run(List<String> words, Console console) throws IOException {
    boolean here = premises != null || words.isEmpty() || words.stream().anyMatch(LOCAL::contains);
    OptionalInt done = here ? OptionalInt.empty() : unread(words, console);
    return done.isPresent() ? done.getAsInt() : runHere(words, console);
  }

  /**
   * Has the server that runs read the words, too: here all that can read them would have to be
   * loaded first, which is most of the time a command takes. None: it is to be done here.
   */
  private OptionalInt unread(List<String> words, Console console) throws IOException {
    Config config;
    try {
      config = Config.load(file(ConfigFile.named(words)));
    } catch (ConfigException | CommandException e) {
      return OptionalInt.empty(); // it may not be needed
    }
    try {
      return ControlClient.ask(config.data(), new Frames.Typed(words, true), patience, console);
    } catch (CommandException e) {
      Refusal.of(String.valueOf(e.getMessage())).tell(console, words.contains(JSON));
      return OptionalInt.of(REFUSED);
    }
  }

  /** Whether this can be done with nobody to answer, or is mistyped, which can be told, too. */
  private static boolean takes(List<String> words) {
    CommandSpec root = CommandTree.build(new Command.Configured((_, _, _) -> MISTYPED), words);
    try {
      ParseResult leaf = leaf(parse(root, words));
      return leaf.isUsageHelpRequested()
          || !(leaf.commandSpec().userObject() instanceof Command command)
          || (command instanceof Command.AtStore(var question, _)
              && question.equals(Question.NONE));
    } catch (ParameterException e) {
      return true;
    }
  }

  private static ParseResult parse(CommandSpec root, List<String> words) {
    CommandLine line = new CommandLine(root);
    line.setExpandAtFiles(false); // @example.test is a catch-all, never a file
    return line.parseArgs(words.toArray(String[]::new));
  }

  private int runHere(List<String> words, Console console) throws IOException {
    try {
      ParseResult parsed =
          parse(CommandTree.build(new Command.Configured(this::serve), words), words);
      ParseResult leaf = leaf(parsed);
      CommandLine its = leaf.commandSpec().commandLine();
      if (leaf.isUsageHelpRequested()) {
        console.out(its.getUsageMessage(Ansi.OFF));
        return 0;
      }
      if (parsed.isVersionHelpRequested()) {
        return StatusCommands.version(new Arguments(parsed), console);
      }
      if (!(leaf.commandSpec().userObject() instanceof Command command)) {
        console.err(its.getUsageMessage(Ansi.OFF).stripTrailing());
        return MISTYPED;
      }
      return run(command, parsed, words, console);
    } catch (ParameterException e) {
      Refusal.of(mistake(e)).tell(console, words.contains(JSON));
      console.err(e.getCommandLine().getHelp().fullSynopsis().strip());
      console.err("'everpost --help' lists all commands.");
      return MISTYPED;
    } finally {
      console.flush();
    }
  }

  /** What was mistyped, in our words where picocli's are for programmers. */
  private static String mistake(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String known =
          unmatched.getSuggestions().stream()
              .findFirst()
              .map(nearest -> "; did you mean '" + nearest + "'?")
              .orElse("");
      return "'" + unmatched.getUnmatched().getFirst() + "' is not known here" + known;
    }
    String message = String.valueOf(e.getMessage());
    return message.startsWith(ERROR) ? message.substring(ERROR.length()) : message;
  }

  /** As {@link #run(List, Console)}, for the console of this process. */
  public int run(String... words) {
    try {
      return run(List.of(words), new ProcessConsole());
    } catch (IOException e) {
      return REFUSED; // whoever reads what is written has gone, so there is nobody to tell
    }
  }

  private static ParseResult leaf(ParseResult parsed) {
    return parsed.hasSubcommand() ? leaf(parsed.subcommand()) : parsed;
  }

  private int run(Command command, ParseResult parsed, List<String> words, Console console)
      throws IOException {
    Arguments arguments = new Arguments(leaf(parsed));
    try {
      return switch (command) {
        case Command.Bare(var action) -> action.run(arguments, console);
        case Command.Configured(var action) -> action.run(config(parsed), arguments, console);
        case Command.AtStore(var question, var action) when premises == null -> {
          Config config = config(parsed);
          Console answered =
              question.ask(arguments, console) ? AnsweredConsole.await(console) : console;
          yield atStore(action, config, words, arguments, answered);
        }
        case Command.AtStore(_, var action) -> action.run(premises, arguments, console);
      };
    } catch (ConfigException e) {
      return refused(
          new Refusal("the configuration cannot be used", e.problems()), arguments, console);
    } catch (CommandException | StartException e) {
      return refused(Refusal.of(String.valueOf(e.getMessage())), arguments, console);
    } catch (StoreException e) {
      return refused(
          Refusal.of("the store does not work now: " + e.getMessage()), arguments, console);
    } catch (HashingBusyException e) {
      return refused(
          Refusal.of("too many passwords are being hashed now, try again"), arguments, console);
    }
  }

  private static int refused(Refusal refusal, Arguments arguments, Console console)
      throws IOException {
    refusal.tell(console, arguments.flag(JSON));
    return REFUSED;
  }

  private int atStore(
      Command.StoreAction action,
      Config config,
      List<String> words,
      Arguments arguments,
      Console console)
      throws IOException, CommandException, StartException {
    Turn turn = new Turn(console, clock, patience, COMMAND_PAUSE);
    while (true) {
      OptionalInt exit =
          ControlClient.ask(config.data(), new Frames.Typed(words, false), patience, console);
      if (exit.isPresent()) {
        return exit.getAsInt();
      }
      try (Foundation foundation =
          Foundation.open(config, clock, RandomSource.secure(), EventSink.NONE)) {
        return action.run(new Premises(foundation, null, null, null), arguments, console);
      } catch (DataInUseException e) {
        turn.await(e);
      }
    }
  }

  private int serve(Config config, Arguments arguments, Console console)
      throws IOException, CommandException, StartException {
    Turn turn = new Turn(console, clock, patience, SERVER_PAUSE);
    server.serve(
        config,
        taken -> {
          Optional<ControlClient> running = ControlClient.connect(config.data());
          if (running.isPresent()) {
            running.get().close();
            throw new CommandException(String.valueOf(taken.getMessage()), taken);
          }
          turn.await(taken);
        });
    return 0;
  }

  private Config config(ParseResult parsed) throws ConfigException, CommandException {
    String given = null;
    for (@Nullable ParseResult p = parsed;
        p != null;
        p = p.hasSubcommand() ? p.subcommand() : null) {
      given = p.matchedOptionValue(ConfigFile.OPTION, given);
    }
    return Config.load(file(given));
  }

  private Path file(@Nullable String named) throws CommandException {
    Path file = ConfigFile.find(directory, named);
    if (file == null) {
      throw new CommandException(
          "there is no configuration: neither ./everpost.toml nor "
              + ConfigFile.SYSTEM
              + "; name one by --config FILE");
    }
    return file;
  }
}
