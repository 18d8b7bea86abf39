package org.everpost.server.relay;

import org.everpost.core.spool.Reason;

/** Opens connections to the servers of a destination. Safe for any number of threads. */
public interface Relay {

  /**
   * Finds the destination's servers (RFC 5321 §5.1) and connects to the first that is there, up to
   * a session that is ready for MAIL. Blocks for a bounded time; never throws.
   *
   * @param requireTls RFC 8689: a server that offers less than the message demands is passed over
   */
  Attempt connect(Destination destination, boolean requireTls);

  /** What {@link #connect} came to. */
  sealed interface Attempt {

    /** Belongs to the caller, who closes it. */
    record Connected(RelayConnection connection) implements Attempt {}

    /**
     * No server of this destination can be used now, or, with {@code permanent}, ever.
     *
     * @param reason of the server that was tried last, or why none was
     */
    record Failed(Reason reason, boolean permanent) implements Attempt {}
  }
}
