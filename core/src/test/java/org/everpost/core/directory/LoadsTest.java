package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** One read for all who want the same. */
class LoadsTest {

  private final Loads<String, Integer> loads = new Loads<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final CountDownLatch slow = new CountDownLatch(1);
  private volatile boolean failing;

  private int slowly() {
    int read = reads.incrementAndGet();
    try {
      slow.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failing) {
      throw new StoreUnavailableException("as a test wants it");
    }
    return read;
  }

  /** Somebody who waits for what is under way. */
  private FutureTask<Integer> waiter(String key) {
    FutureTask<Integer> get = new FutureTask<>(() -> loads.get(key, this::slowly));
    Thread thread = Thread.ofVirtual().start(get);
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(get.isDone()).isFalse();
      Thread.onSpinWait();
    }
    return get;
  }

  @Test
  void whoeverComesMeanwhileWaitsForTheSame() throws Exception {
    List<FutureTask<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(waiter("a"));
    }
    assertThat(loads.get("b", () -> 7)).as("what others want").isEqualTo(7);
    slow.countDown();
    for (FutureTask<Integer> one : all) {
      assertThat(one.get()).isEqualTo(1);
    }
    assertThat(reads).hasValue(1);
    assertThat(loads.get("a", () -> 8)).as("nothing is kept").isEqualTo(8);
  }

  @Test
  void nobodyWaitsForWhatBeganBeforeAChange() throws Exception {
    FutureTask<Integer> before = waiter("a");
    loads.changed();
    assertThat(loads.get("a", () -> 9)).isEqualTo(9);
    slow.countDown();
    assertThat(before.get()).isEqualTo(1);
  }

  @Test
  void whoeverWaitedForOneThatFailedReadsOnceHimself() throws Exception {
    failing = true;
    List<FutureTask<Integer>> all = List.of(waiter("a"), waiter("a"));
    assertThat(reads).hasValue(1);
    slow.countDown();
    for (FutureTask<Integer> one : all) {
      assertThatThrownBy(one::get).hasCauseInstanceOf(StoreUnavailableException.class);
    }
    assertThat(reads).hasValue(2);
    assertThat(loads.get("a", () -> 3)).isEqualTo(3);
  }

  @Test
  void aFailureOfOneIsNotThatOfAll() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    FutureTask<Integer> first =
        new FutureTask<>(() ->
            loads.get(
                "a",
                () -> {
                  reads.incrementAndGet();
                  try {
                    hanging.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  throw new StoreUnavailableException("as a test wants it");
                }));
    Thread.ofVirtual().start(first);
    while (reads.get() == 0) {
      Thread.onSpinWait();
    }
    FutureTask<Integer> second = waiter("a");
    hanging.countDown();
    slow.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(second.get()).isEqualTo(2);
  }
}
