package org.everpost.server.relay;

import java.time.Duration;

/**
 * What bounds the dealings with a peer.
 *
 * @param connect how long one address may take to answer at all
 * @param race after which time the next address is tried beside one that has not answered (RFC 8305
 *     §5)
 * @param greeting how long the greeting may take (RFC 5321 §4.5.3.2.1)
 * @param command a reply to a command, and to the end of a chunk that is not the last
 * @param data the reply to DATA (RFC 5321 §4.5.3.2.4)
 * @param accept the reply to the end of a message (RFC 5321 §4.5.3.2.6)
 * @param quit the reply to QUIT, which nobody needs
 * @param attempt all of {@link Relay#connect}
 * @param message all of {@link RelayConnection#send}, and on top of it what its size takes at
 *     {@code octetsPerSecond}
 * @param octetsPerSecond less than that is too slow
 * @param dead how long an address that did not answer, or wanted nothing from us, is tried after
 *     all others
 * @param addresses how many are tried in one attempt
 * @param messages how many go over one connection
 */
public record RelayLimits(
    Duration connect,
    Duration race,
    Duration greeting,
    Duration command,
    Duration data,
    Duration accept,
    Duration quit,
    Duration attempt,
    Duration message,
    long octetsPerSecond,
    Duration dead,
    int addresses,
    int messages) {

  /** What is used where nothing else is said. */
  public static final RelayLimits DEFAULT =
      new RelayLimits(
          Duration.ofSeconds(30),
          Duration.ofMillis(250),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofSeconds(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          16 << 10,
          Duration.ofMinutes(10),
          8,
          100);

  public RelayLimits {
    if (addresses < 1 || messages < 1 || octetsPerSecond < 1) {
      throw new IllegalArgumentException("limits are positive");
    }
  }
}
