package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.SplittableRandom;
import org.everpost.store.Store;
import org.everpost.testkit.store.LifecycleContract;

final class MemoryLifecycleTest extends LifecycleContract {

  @Override
  protected Store open() {
    return new MemoryStore(InstantSource.system(), new SplittableRandom());
  }

  @Override
  protected boolean durable() {
    return false;
  }
}
