package org.everpost.server.admin;

import java.io.IOException;
import org.everpost.core.config.Config;
import org.everpost.server.data.StartException;

/** What a command does, by what it needs for it. Each action returns its exit code. */
sealed interface Command {

  /** Needs nothing but the words. */
  record Bare(BareAction action) implements Command {}

  /** Needs the configuration. */
  record Configured(ConfiguredAction action) implements Command {}

  /**
   * Needs the data: done by the server that runs, or here if none does.
   *
   * @param question what a person has to say first
   */
  record AtStore(Question question, StoreAction action) implements Command {
    AtStore(StoreAction action) {
      this(Question.NONE, action);
    }
  }

  /** See {@link AtStore}: asked before anybody else may have to wait for the command. */
  interface Question {
    Question NONE = (_, _) -> false;

    /** Whether a line of standard input is the answer; the action finds it there. */
    boolean ask(Arguments arguments, Console console) throws IOException, CommandException;
  }

  /** See {@link Bare}. */
  interface BareAction {
    int run(Arguments arguments, Console console) throws IOException, CommandException;
  }

  /** See {@link Configured}. */
  interface ConfiguredAction {
    int run(Config config, Arguments arguments, Console console)
        throws IOException, CommandException, StartException;
  }

  /** See {@link AtStore}. */
  interface StoreAction {
    int run(Premises premises, Arguments arguments, Console console)
        throws IOException, CommandException;
  }
}
