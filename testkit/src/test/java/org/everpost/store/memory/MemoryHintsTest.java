package org.everpost.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.everpost.store.Hints;
import org.everpost.testkit.store.HintsContract;
import org.everpost.testkit.store.MutableClock;

final class MemoryHintsTest extends HintsContract {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-20T12:00:00Z"));
  private final MemoryStore store = new MemoryStore(clock, new SplittableRandom());

  @Override
  protected Hints hints() {
    return store.hints();
  }

  @Override
  protected void letPass(Duration duration) {
    clock.advance(duration);
  }
}
