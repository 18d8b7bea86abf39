package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.relay.StillClock;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

/** Admission at one end, draining at the other. */
final class ListenersTest {

  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(100));

  private static void greetThenWait(Connection c) throws IOException {
    c.writeLine("hello " + c.id());
    c.flush();
    try {
      c.readLine(100);
    } catch (ShuttingDownException e) {
      c.writeLine("bye");
      c.flush();
    }
  }

  private static TestListener listener(int connections, int perAddress) {
    return listener(TestGuard.bare(connections, perAddress));
  }

  private static TestListener listener(Guard guard) {
    return new TestListener(
        Service.SMTP, () -> ListenersTest::greetThenWait, SETTINGS, guard, EventSink.NONE);
  }

  @Test
  void anAddressGetsItsShareOnlyButThisMachineEverything() {
    try (TestListener l = listener(20, 2)) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        TestClient here = TestClient.connect(l.address());
        clients.add(here);
        assertThat(here.readLine()).startsWith("hello");
      }
      TestClient first = TestClient.connect(l.address(), "127.0.0.9");
      TestClient second = TestClient.connect(l.address(), "127.0.0.9");
      assertThat(first.readLine()).startsWith("hello");
      assertThat(second.readLine()).startsWith("hello");
      try (TestClient third = TestClient.connect(l.address(), "127.0.0.9")) {
        assertThat(third.readLine()).startsWith("421 4.7.0");
        assertThat(third.readLine()).isNull();
      }
      assertThat(l.events()).anyMatch(ConnectionEvent.Refused.class::isInstance);
      try (TestClient other = TestClient.connect(l.address(), "127.0.0.10")) {
        assertThat(other.readLine()).startsWith("hello");
      }
      // A place that is given back can be taken again.
      first.line("done");
      assertThat(first.readLine()).isNull();
      try (TestClient again = TestClient.connect(l.address(), "127.0.0.9")) {
        assertThat(again.readLine()).startsWith("hello");
      }
      second.close();
      first.close();
      clients.forEach(TestClient::close);
    }
  }

  @Test
  void whenAllPlacesAreTakenTheNextIsRefusedUntilOneIsBack() {
    try (TestListener l = listener(2, 10);
        TestClient a = l.connect();
        TestClient b = l.connect();
        TestClient c = l.connect()) {
      assertThat(a.readLine()).startsWith("hello");
      assertThat(b.readLine()).startsWith("hello");
      assertThat(l.listeners().connections()).containsEntry(Service.SMTP, 2);
      assertThat(c.readLine()).startsWith("421 4.7.0");
      a.line("done");
      assertThat(a.readLine()).isNull();
      try (TestClient d = l.connect()) {
        assertThat(d.readLine()).startsWith("hello");
      }
    }
  }

  @Test
  void noPermitLeaksHoweverAConnectionEnds() {
    Guard guard = TestGuard.bare(3, 3);
    try (TestListener l = listener(guard)) {
      for (int i = 0; i < 60; i++) {
        try (TestClient c = TestClient.connect(l.address(), "127.0.0.9")) {
          assertThat(c.readLine()).as("attempt %d", i).startsWith("hello");
          switch (i % 3) {
            case 0 -> c.line("done");
            case 1 -> c.socket().setSoLinger(true, 0);
            default -> {}
          }
          if (i % 3 == 0) {
            assertThat(c.readLine()).isNull();
          }
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        awaitNone(guard);
      }
    }
  }

  private static void awaitNone(Guard guard) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (TestGuard.taken(guard) > 0) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void idsDiffer() {
    try (TestListener l = listener(10, 10)) {
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 50; i++) {
        try (TestClient c = l.connect()) {
          ids.add(String.valueOf(c.readLine()));
        }
      }
      assertThat(ids).hasSize(50);
    }
  }

  @Test
  void drainingTellsWhoeverWaitsAndLetsTheOthersFinish() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Set<String> finished = ConcurrentHashMap.newKeySet();
    TestListener l =
        new TestListener(
            Service.IMAPS,
            () ->
                c -> {
                  c.writeLine("hello");
                  c.flush();
                  try {
                    while (true) {
                      c.readLine(100);
                      busy.countDown();
                      finish.await();
                      c.writeLine("worked");
                      c.flush();
                    }
                  } catch (ShuttingDownException e) {
                    finished.add(c.id());
                    c.writeLine("bye");
                    c.flush();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    try (l;
        TestClient idle = l.connect().tls();
        TestClient working = l.connect().tls()) {
      assertThat(idle.readLine()).isEqualTo("hello");
      assertThat(working.readLine()).isEqualTo("hello");
      working.line("work");
      assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
      Thread drain = Thread.ofVirtual().start(() -> l.listeners().drain(Duration.ofSeconds(10)));
      assertThat(idle.readLine()).isEqualTo("bye");
      assertThat(idle.readLine()).isNull();
      finish.countDown();
      assertThat(working.readLine()).isEqualTo("worked");
      assertThat(working.readLine()).isEqualTo("bye");
      assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
      assertThat(finished).hasSize(2);
      assertThat(l.listeners().connections()).isEmpty();
    }
  }

  @Test
  void whoeverHangsIsCutOffWhenTheGraceIsOver() throws InterruptedException {
    CountDownLatch reading = new CountDownLatch(1);
    try (TestListener l =
            new TestListener(
                Service.SMTP,
                () ->
                    c -> {
                      reading.countDown();
                      c.read(new byte[10], 0, 10);
                    });
        TestClient c = l.connect()) {
      assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
      l.listeners().drain(Duration.ofMillis(100));
      assertThat(c.readLine()).isNull();
      assertThat(l.listeners().connections()).isEmpty();
    }
  }

  /** Says more than fits between the two, to whoever does not listen. */
  private static void sayWithoutEnd(Connection c) throws IOException {
    while (true) {
      c.write(new byte[64 << 10]);
    }
  }

  @Test
  void whoeverTakesNoRepliesLosesThePlaceAndIsGone() {
    try (TestListener l =
            new TestListener(
                Service.SMTP,
                () -> ListenersTest::sayWithoutEnd,
                ConnectionSettings.DEFAULT,
                TestGuard.bare(4, 4),
                EventSink.NONE);
        TestClient first = TestClient.connect(l.address(), "127.0.1.9");
        TestClient second = TestClient.connect(l.address(), "127.0.2.9");
        TestClient third = TestClient.connect(l.address(), "127.0.3.9")) {
      awaitOpen(l, 2);
      assertThat(List.of(first, second, third)).allMatch(c -> c.socket().isConnected());
    }
  }

  @Test
  void whoeverMisbehavedBeforeARestartIsNotGreeted() throws InterruptedException {
    Clock clock = Clock.system();
    Store store = new MemoryStore(clock, RandomSource.seeded(1));
    TestGuard.misbehaved(strict(store, clock), "127.0.0.9");
    try (TestListener l =
            new TestListener(
                Service.SMTP,
                () -> ListenersTest::greetThenWait,
                ConnectionSettings.DEFAULT,
                strict(store, clock),
                EventSink.NONE);
        TestClient bad = TestClient.connect(l.address(), "127.0.0.9");
        TestClient stranger = TestClient.connect(l.address(), "127.0.0.10")) {
      assertThat(stranger.readLine()).startsWith("hello");
      bad.send("NOOP\r\n".repeat(50));
      assertThat(bad.readLine()).startsWith("421 4.7.0");
      assertThat(bad.readLine()).isNull();
    }
  }

  @Test
  void whoeverTakesNoRepliesDoesNotKeepOtherStrangersWaiting() throws IOException {
    StillClock clock = new StillClock();
    Queue<Thread> sending = new ConcurrentLinkedQueue<>();
    try (TestListener l =
        new TestListener(
            Service.SMTP,
            () ->
                connection -> {
                  connection.writeLine("hello");
                  connection.flush();
                  connection.readLine(100);
                  sending.add(Thread.currentThread());
                  sayWithoutEnd(connection);
                },
            ConnectionSettings.DEFAULT,
            strict(new MemoryStore(clock, RandomSource.seeded(1)), clock),
            EventSink.NONE)) {
      List<TestClient> deaf = new ArrayList<>();
      int turns = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
      for (int i = 0; i < turns; i++) {
        TestClient client = TestClient.connect(l.address(), "127.0." + (i + 1) + ".9");
        assertThat(client.readLine()).startsWith("hello");
        deaf.add(client);
      }
      deaf.forEach(client -> client.line("go on"));
      try (TestClient other = TestClient.connect(l.address(), "127.0.100.9")) {
        // Less in all than a turn may take: what helps is that nothing is taken.
        for (int i = 0; i < 9 && !hasInput(other); i++) {
          awaitWaiting(sending, turns);
          clock.advance(Duration.ofMillis(10));
        }
        assertThat(hasInput(other)).isTrue();
        assertThat(other.readLine()).startsWith("hello");
      }
      deaf.forEach(TestClient::close);
    }
  }

  /** Whether something comes within a second. */
  private static boolean hasInput(TestClient client) throws IOException {
    long until = System.nanoTime() + 1_000_000_000L;
    while (System.nanoTime() < until) {
      if (client.socket().getInputStream().available() > 0) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private static void awaitWaiting(Queue<Thread> threads, int count) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (threads.size() < count
        || !threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private static Guard strict(Store store, Clock clock) {
    return TestGuard.strict(Duration.ZERO, Duration.ZERO, Set.of(), store, clock);
  }

  /** Two strangers have a place; however many came, no more are left in the end. */
  private static void awaitOpen(TestListener l, int connections) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (l.events().stream().filter(ConnectionEvent.Opened.class::isInstance).count() < 3
        || l.listeners().connections().getOrDefault(Service.SMTP, 0) > connections) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  // ---- who waits for its greeting ----

  /** Says "wait", and after that "in time" or "too soon", or why it is over. */
  private static class Patient implements Session {
    @Override
    public void announceWait(Connection c) throws IOException {
      c.writeLine("wait");
      c.flush();
    }

    @Override
    public void run(Connection c) throws IOException {
      try {
        c.writeLine(c.waitedSilently() ? "in time" : "too soon");
      } catch (ShuttingDownException e) {
        c.writeLine("bye");
      } catch (DisplacedException e) {
        c.writeLine("others");
      }
      c.flush();
    }
  }

  private static Guard patient(Duration pause) {
    StillClock clock = new StillClock();
    Store store = new MemoryStore(clock, RandomSource.seeded(1));
    return TestGuard.strict(pause, Duration.ZERO, Set.of(), store, clock);
  }

  private static TestListener listener(Guard guard, Session session) {
    return new TestListener(Service.SMTP, () -> session, SETTINGS, guard, EventSink.NONE);
  }

  private static TestClient waiting(TestListener l, String from) {
    TestClient client = TestClient.connect(l.address(), from);
    assertThat(client.readLine()).isEqualTo("wait");
    return client;
  }

  @Test
  void whoWaitsIsGreetedAndWhoSpeaksTooSoonIsNot() {
    Guard guard = patient(Duration.ofMillis(300));
    try (TestListener l = listener(guard, new Patient());
        TestClient silent = waiting(l, "127.0.0.8");
        TestClient loud = waiting(l, "127.0.0.9")) {
      loud.line("hello");
      assertThat(loud.readLine()).isEqualTo("too soon");
      assertThat(silent.readLine()).isEqualTo("in time");
      assertThat(silent.readLine()).isNull();
      awaitNone(guard);
    }
  }

  @Test
  void whoWaitsIsToldThatTheServerStops() throws InterruptedException {
    Guard guard = patient(Duration.ofMinutes(10));
    try (TestListener l = listener(guard, new Patient())) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        clients.add(waiting(l, "127.0.0.9"));
      }
      Thread stop = Thread.ofVirtual().start(() -> l.listeners().drain(Duration.ofSeconds(20)));
      for (TestClient client : clients) {
        assertThat(client.readLine()).isEqualTo("bye");
        client.close();
      }
      assertThat(stop.join(Duration.ofSeconds(20))).isTrue();
      awaitNone(guard);
    }
  }

  @Test
  void whoWaitsMayBeTurnedOut() {
    Guard guard = patient(Duration.ofMinutes(10));
    try (TestListener l = listener(guard, new Patient());
        TestClient client = waiting(l, "127.0.0.9")) {
      TestGuard.deny(guard, "127.0.0.9");
      assertThat(client.readLine()).isEqualTo("others");
      assertThat(client.readLine()).isNull();
      awaitNone(guard);
    }
  }

  @Test
  void whoLeavesWhileItWaitsHasNoPlaceAnyMore() throws IOException {
    Guard guard = patient(Duration.ofMinutes(10));
    try (TestListener l = listener(guard, new Patient())) {
      for (int i = 0; i < 30; i++) {
        try (TestClient client = waiting(l, "127.0.0.9")) {
          client.socket().setSoLinger(i % 2 == 0, 0);
        }
      }
      awaitNone(guard);
    }
  }

  @Test
  void aFaultOfOursEndsTheSessionBeforeTheWaitAndAfterIt() {
    Guard guard = patient(Duration.ofMillis(100));
    Session broken =
        new Patient() {
          @Override
          public void announceWait(Connection c) throws IOException {
            if (c.peerAddress().equals("127.0.0.8")) {
              throw new IllegalStateException("as a test wants it");
            }
            super.announceWait(c);
          }

          @Override
          public void run(Connection c) {
            throw new IllegalStateException("as a test wants it");
          }
        };
    try (TestListener l = listener(guard, broken);
        TestClient before = TestClient.connect(l.address(), "127.0.0.8");
        TestClient after = waiting(l, "127.0.0.9")) {
      assertThat(before.readLine()).isNull();
      assertThat(after.readLine()).isNull();
      awaitNone(guard);
      assertThat(l.events()).filteredOn(ConnectionEvent.SessionFailed.class::isInstance).hasSize(2);
    }
  }

  @Test
  void anAddressIsCalledWhatItIsInTheConfiguration() throws IOException {
    try (TestListener l = listener(1, 1)) {
      InetSocketAddress all = new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);
      InetSocketAddress bound =
          l.listeners().listen(Service.LMTP, all, () -> ListenersTest::greetThenWait);
      assertThat(Listeners.text(bound)).startsWith("0.0.0.0:").doesNotEndWith(":0");
    }
  }
}
