package org.everpost.server.admin;

import java.util.Objects;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.outbound.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Where a command does its work.
 *
 * @param worked the queue that is being worked through; null if none is
 * @param server the server that runs; null if none does
 */
record Premises(Foundation foundation, @Nullable Queue worked, @Nullable ServerStatus server) {
  Premises {
    Objects.requireNonNull(foundation, "foundation");
  }

  /** The queue: opened here if no server has it, as whoever has the data directory is the node. */
  Queue queue() throws CommandException {
    try {
      return worked != null
          ? worked
          : new Queue(foundation.openSpool(), foundation.clock(), foundation.events());
    } catch (StartException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }
}
