package org.everpost.server.net;

import java.time.Duration;

/**
 * What bounds connections.
 *
 * @param handshake how long a TLS handshake may take
 * @param write how long the peer may take to accept a piece of at most 64 KiB
 * @param linger how long input that nobody wants is read at the end, so that the last reply arrives
 */
public record ConnectionSettings(Duration handshake, Duration write, Duration linger) {

  /** What is used where nothing else is said. */
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2));
}
