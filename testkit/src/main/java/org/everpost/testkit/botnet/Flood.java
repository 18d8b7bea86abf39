package org.everpost.testkit.botnet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * An attack.
 *
 * @param bots how many there are, with at most one connection each
 * @param mix how often each behaviour occurs, as compared to the others
 * @param networks where bots come from, each from an address of its own as long as there are some
 * @param connectsPerSecond how many connections are begun in a second at most
 * @param pause how long a bot waits, about, before it comes back
 * @param seed of all chance
 */
public record Flood(
    Target target,
    int bots,
    Map<Behaviour, Integer> mix,
    Networks networks,
    int connectsPerSecond,
    Duration pause,
    long seed) {

  private static final int MAX_BOTS = 20_000;
  private static final int MAX_CONNECTS_PER_SECOND = 10_000;

  public Flood {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(networks, "networks");
    Objects.requireNonNull(pause, "pause");
    mix = Map.copyOf(mix);
    if (bots < 0 || bots > MAX_BOTS) {
      throw new IllegalArgumentException(bots + " bots");
    }
    if (connectsPerSecond < 1 || connectsPerSecond > MAX_CONNECTS_PER_SECOND) {
      throw new IllegalArgumentException(connectsPerSecond + " connections a second");
    }
    if (mix.isEmpty() || mix.values().stream().anyMatch(share -> share < 1)) {
      throw new IllegalArgumentException("no mix: " + mix);
    }
    mix.keySet().forEach(behaviour -> Objects.requireNonNull(target.address(behaviour.service())));
  }

  /** The usual one: bots come within seconds, and come back after about one. */
  public static Flood of(Target target, int bots, Map<Behaviour, Integer> mix) {
    return new Flood(target, bots, mix, Networks.BOTS, 2_000, Duration.ofSeconds(1), 1);
  }

  /** So many connections a second of bots that leave at once. */
  public static Flood churn(Target target, int connectsPerSecond) {
    return new Flood(
        target,
        2_000,
        Map.of(Behaviour.CHURN, 1),
        Networks.BOTS,
        connectsPerSecond,
        Duration.ZERO,
        1);
  }

  /** What each bot does: in exact proportions, in an order that chance makes. */
  List<Behaviour> behaviours() {
    int shares = mix.values().stream().mapToInt(Integer::intValue).sum();
    List<Behaviour> all = new ArrayList<>(bots);
    int share = 0;
    for (Map.Entry<Behaviour, Integer> entry : new EnumMap<>(mix).entrySet()) {
      share += entry.getValue();
      while (all.size() < (long) bots * share / shares) {
        all.add(entry.getKey());
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = all.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Behaviour moved = all.get(i);
      all.set(i, all.get(other));
      all.set(other, moved);
    }
    return all;
  }
}
