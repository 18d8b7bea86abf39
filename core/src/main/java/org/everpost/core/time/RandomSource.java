package org.everpost.core.time;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Where chance comes from. */
public interface RandomSource extends RandomGenerator {

  /** Numbers nobody can guess. */
  static RandomSource secure() {
    SecureRandom random = new SecureRandom();
    return random::nextLong;
  }

  /** The same numbers for the same seed: for tests. */
  static RandomSource seeded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Object lock = new Object();
    return () -> {
      synchronized (lock) {
        return random.nextLong();
      }
    };
  }
}
