package org.everpost.server.relay;

import org.everpost.core.spool.Reason;
import org.everpost.core.spool.TlsDemand;

/** Opens connections to the servers of a destination. Safe for any number of threads. */
public interface Relay {

  /**
   * Finds the destination's servers (RFC 5321 §5.1) and connects to the first that is there, up to
   * a session that is ready for MAIL. Blocks for a bounded time; never throws.
   *
   * @param tls a server that offers less than the message demands is passed over (RFC 8689)
   * @param permission asked before each connection and, later, before each transaction and its end
   */
  Attempt connect(Destination destination, TlsDemand tls, Permission permission);

  /** What {@link #connect} came to. */
  sealed interface Attempt {

    /** Belongs to the caller, who closes it. */
    record Connected(RelayConnection connection) implements Attempt {}

    /**
     * No server of this destination can be used now, or, with {@code permanent}, ever. It means
     * nothing if there was no permission any more to try further ones.
     *
     * @param reason of the server that was tried last, or why none was
     */
    record Failed(Reason reason, boolean permanent) implements Attempt {}

    /**
     * The smart host takes nothing from us, or is none: that is not the fault of any message, and
     * the operator has to do something about it.
     */
    record Unwelcome(Reason reason) implements Attempt {}
  }
}
