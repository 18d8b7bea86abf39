package org.everpost.server.net;

import java.time.Duration;

/**
 * What bounds connections.
 *
 * @param connections how many there may be at once, all services together
 * @param perAddress how many from one address (IPv6: one /64); not for 127.0.0.1 and ::1
 * @param handshake how long a TLS handshake may take
 * @param write how long the peer may take to accept a piece of at most 64 KiB
 * @param linger how long input that nobody wants is read at the end, so that the last reply arrives
 */
public record ConnectionSettings(
    int connections, int perAddress, Duration handshake, Duration write, Duration linger) {

  /** What is used where nothing else is said. */
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(
          20_000, 100, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2));

  public ConnectionSettings {
    if (connections < 1 || perAddress < 1) {
      throw new IllegalArgumentException("at least one connection");
    }
  }
}
