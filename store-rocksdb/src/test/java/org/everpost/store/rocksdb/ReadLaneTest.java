package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

final class ReadLaneTest {

  private final AtomicLong nanos = new AtomicLong();

  private ReadLane lane(int threads, int carriers) {
    return new ReadLane(threads, carriers, nanos::get);
  }

  @Test
  void oneCarrierIsAlwaysKeptOut() throws Exception {
    ReadLane lane = lane(4, 3);
    CountDownLatch allIn = new CountDownLatch(6);
    AtomicInteger onCarriers = new AtomicInteger();
    Callable<Boolean> task =
        () ->
            lane.read(() -> {
              if (Thread.currentThread().isVirtual()) {
                onCarriers.incrementAndGet();
              }
              allIn.countDown();
              return await(allIn);
            });
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> reads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        reads.add(executor.submit(task));
      }
      for (Future<Boolean> read : reads) {
        assertThat(read.get()).isTrue();
      }
    }
    assertThat(onCarriers).hasValue(2);
    lane.close();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void withOneCarrierNothingRunsOnIt() throws Exception {
    ReadLane lane = lane(2, 1);
    assertThat(virtually(() -> lane.read(ReadLaneTest::isVirtual))).isFalse();
    lane.close();
  }

  @Test
  void afterASlowReadTheNextOnesRunOnThePool() throws Exception {
    ReadLane lane = lane(2, 2);
    assertThat(virtually(() -> lane.read(ReadLaneTest::isVirtual))).isTrue();
    assertThat(virtually(() -> lane.read(() -> nanos.addAndGet(2_000_000) > 0 && isVirtual())))
        .isTrue();
    assertThat(virtually(() -> lane.read(ReadLaneTest::isVirtual))).isFalse();
    nanos.addAndGet(30_000_000);
    assertThat(virtually(() -> lane.read(ReadLaneTest::isVirtual))).isTrue();
    lane.close();
  }

  @Test
  void aFailureComesBackAsItIs() throws Exception {
    IllegalStateException failure = new IllegalStateException("torn");
    for (int carriers = 1; carriers <= 2; carriers++) {
      ReadLane lane = lane(2, carriers);
      Callable<Boolean> read =
          () ->
              lane.read(() -> {
                throw failure;
              });
      assertThatThrownBy(() -> virtually(read)).hasRootCause(failure);
      lane.close();
    }
  }

  @Test
  void afterCloseThePoolIsUnavailable() {
    ReadLane lane = lane(2, 1);
    lane.close();
    assertThatThrownBy(() -> virtually(() -> lane.read(ReadLaneTest::isVirtual)))
        .hasRootCauseInstanceOf(RejectedExecutionException.class)
        .hasCauseInstanceOf(StoreUnavailableException.class);
    lane.later(() -> {
      throw new AssertionError("runs after close");
    });
  }

  private static boolean isVirtual() {
    return Thread.currentThread().isVirtual();
  }

  private static boolean virtually(Callable<Boolean> task) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      return executor.submit(task).get();
    }
  }
}
