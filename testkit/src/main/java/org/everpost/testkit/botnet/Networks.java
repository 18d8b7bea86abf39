package org.everpost.testkit.botnet;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses below 127.0.0.0/8, spread over networks: numbered, so that the first of them fill as
 * many networks as they can.
 *
 * @param first the second octet of the first address
 * @param last the second octet no address goes beyond
 * @param perSlash24 how many addresses of a /24 are used
 * @param perSlash21 how many /24 of a /21 are used
 */
public record Networks(int first, int last, int perSlash24, int perSlash21) {

  /** Where bots live: two in a network, two such networks close to each other. */
  public static final Networks BOTS = new Networks(16, 199, 2, 2);

  /** Where each address has a /21 for itself. */
  public static final Networks NEWCOMERS = new Networks(200, 239, 1, 1);

  /** Where users and regular senders live. */
  public static final Networks RESIDENTS = new Networks(8, 8, 1, 1);

  private static final int SLASH_24_IN_SLASH_21 = 8;
  private static final int SLASH_21_IN_SLASH_16 = 32;

  public Networks {
    boolean octets = first >= 1 && last <= 255 && first <= last;
    boolean hosts = perSlash24 >= 1 && perSlash24 <= 254;
    if (!octets || !hosts || perSlash21 < 1 || perSlash21 > SLASH_24_IN_SLASH_21) {
      throw new IllegalArgumentException("no networks: " + first + " to " + last);
    }
  }

  /** How many addresses there are. */
  public int size() {
    return (last - first + 1) * SLASH_21_IN_SLASH_16 * perSlash21 * perSlash24;
  }

  /** An address; two numbers below {@link #size} have two addresses. */
  public InetAddress address(int number) {
    int which = Math.floorMod(number, size());
    int slash21 = which / (perSlash21 * perSlash24);
    int within = which % (perSlash21 * perSlash24);
    int second = first + slash21 / SLASH_21_IN_SLASH_16;
    int third = slash21 % SLASH_21_IN_SLASH_16 * SLASH_24_IN_SLASH_21 + within / perSlash24;
    int fourth = 1 + within % perSlash24;
    try {
      return InetAddress.getByAddress(new byte[] {127, (byte) second, (byte) third, (byte) fourth});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
