package org.everpost.server.admin;

import java.net.InetAddress;
import java.util.Objects;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.peer.PeerLists;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.GuardDesk;
import org.everpost.server.outbound.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Where a command does its work.
 *
 * @param worked the queue that is being worked through; null if none is
 * @param guarding the guard at work; null if none is
 * @param server the server that runs; null if none does
 */
record Premises(
    Foundation foundation,
    @Nullable Queue worked,
    @Nullable GuardDesk guarding,
    @Nullable ServerStatus server) {
  Premises {
    Objects.requireNonNull(foundation, "foundation");
  }

  /** The guard of the server that runs. */
  GuardDesk guard() throws CommandException {
    if (guarding == null) {
      throw new CommandException("no server runs here, so nobody is at the door");
    }
    return guarding;
  }

  /** What an operator allowed and denied: at the door if somebody is there. */
  PeerLists peerLists() {
    return guarding == null ? foundation.newPeerLists() : guarding.lists();
  }

  /** Has all forgotten that is known of a peer. */
  void forget(InetAddress address) {
    if (guarding != null) {
      guarding.forget(address);
    } else {
      GuardDesk.forget(foundation.store().hints(), foundation.clock(), address);
    }
    foundation.events().accept(new AdminEvent.PeerForgotten(address.getHostAddress()));
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
