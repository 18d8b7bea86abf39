package org.everpost.server.admin;

import java.io.IOException;
import java.time.Duration;
import org.everpost.core.time.Clock;
import org.everpost.server.data.DataInUseException;

/**
 * Waits until another command, or a server that starts or stops, lets go of the data directory: for
 * a while, and not without a word. For one thread.
 */
final class Turn {

  private final Console console;
  private final Clock clock;
  private final Duration patience;
  private final Duration pause;
  private final long until;
  private boolean told;

  Turn(Console console, Clock clock, Duration patience, Duration pause) {
    this.console = console;
    this.clock = clock;
    this.patience = patience;
    this.pause = pause;
    this.until = clock.nanoTime() + patience.toNanos();
  }

  /**
   * Waits a little.
   *
   * @throws CommandException if it was waited long enough
   */
  void await(DataInUseException taken) throws IOException, CommandException {
    if (clock.nanoTime() - until >= 0) {
      throw new CommandException(String.valueOf(taken.getMessage()), taken);
    }
    if (!told) {
      console.err(
          "everpost: another command, or a server that starts or stops, uses the data: waiting up to "
              + patience.toSeconds()
              + " s");
      told = true;
    }
    try {
      clock.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }
}
