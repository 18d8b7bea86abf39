package org.everpost.server.relay;

import java.util.List;

/** An open session with a peer. Used by one thread. */
public interface RelayConnection extends AutoCloseable {

  /** The host's name and address, for the log. */
  String peer();

  /**
   * Hands over one message; takes a bounded time. Never throws what the peer or the network did: it
   * is in the results. Of the first message of a session somebody is asked for in any case, so that
   * what is {@link RecipientResult.Unasked} comes to an end.
   *
   * @return one result a recipient, in their order
   */
  List<RecipientResult> send(OutgoingMessage message);

  /** Whether {@link #send} may be called (again). */
  boolean isUsable();

  /** QUIT and close, without waiting long. */
  @Override
  void close();
}
