package org.everpost.core.peer;

import org.everpost.wire.address.DomainName;

/**
 * A list of addresses that is asked by DNS (RFC 5782).
 *
 * @param weight what a listing counts
 */
public record DnsList(DomainName zone, int weight) {

  private static final int LEAST_WEIGHT = 1;
  private static final int MOST_WEIGHT = 100;

  /**
   * Reads {@code zen.example.org} or {@code zen.example.org=2}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static DnsList of(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      return new DnsList(DomainName.of(text), LEAST_WEIGHT);
    }
    int weight;
    try {
      weight = Integer.parseInt(text.substring(equals + 1).strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no number behind the =", e);
    }
    if (weight < LEAST_WEIGHT || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException("'" + text + "' has a weight that is not 1 to 100");
    }
    return new DnsList(DomainName.of(text.substring(0, equals).strip()), weight);
  }

  @Override
  public String toString() {
    return weight == LEAST_WEIGHT ? zone.ascii() : zone.ascii() + "=" + weight;
  }
}
