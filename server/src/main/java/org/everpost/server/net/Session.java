package org.everpost.server.net;

import java.io.IOException;

/** One dialogue with one peer, from the greeting to the end. */
@FunctionalInterface
public interface Session {

  /**
   * Tells a peer that it has to wait for its greeting, as the guard wants it; it does before {@link
   * #run}.
   *
   * @throws IOException as {@link #run}, which is not called then
   */
  default void announceWait(Connection connection) throws IOException {}

  /**
   * Holds the dialogue; the connection is closed after it returns or throws.
   *
   * @throws IOException if the connection ends: no more than that is logged. Any other exception is
   *     our fault and is logged as such.
   */
  void run(Connection connection) throws IOException;
}
