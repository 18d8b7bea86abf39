package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever hostile peers do, up to 5,000 times a second: a newcomer from a network that nobody else
 * comes from is let in at its first attempt, and has five seconds at least as long as it answers
 * within 100 ms of each turn. Who comes from ever new networks and answers as well cannot be told
 * from it: here hostile networks come again within ten seconds, or do not answer.
 */
@Tag("slow")
class FairnessTest {

  private static final Duration FAIR = Duration.ofSeconds(5);
  private static final long ANSWER_NANOS = Duration.ofMillis(100).toNanos();

  /** How a hostile peer behaves once it is in. */
  private enum Conduct {
    /** Never says anything. */
    SILENT,
    /** Answers sooner than a fair peer. */
    EAGER,
    /** Answers as late as a fair peer would at most. */
    PATIENT,
    /** Leaves at once, and comes again. */
    CHURNING,
    /** Answers after two seconds. */
    DRIPPING
  }

  /** One attack: how many come a second, from how many networks, how they behave. */
  private record Attack(
      long seed, int places, int perSecond, int networks, int addresses, List<Conduct> conducts) {

    static Attack of(long seed) {
      Random random = new Random(seed);
      List<Conduct> all = new ArrayList<>(List.of(Conduct.values()));
      java.util.Collections.shuffle(all, random);
      int perSecond = List.of(200, 1_000, 5_000).get(random.nextInt(3));
      return new Attack(
          seed,
          List.of(50, 500, 5_000).get(random.nextInt(3)),
          perSecond,
          Math.min(1 << random.nextInt(15), 10 * perSecond),
          1 + random.nextInt(254),
          all.subList(0, random.nextInt(1, 4)));
    }
  }

  /** What is to happen. */
  private record Due(long at, Runnable what) {}

  /** One world: a crowd under attack, and the fair among it. */
  private static final class World {
    final StillClock clock = new StillClock();
    final Attack attack;
    final Random random;
    final Guard guard;
    final Crowd crowd;
    final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    final Deque<Guest> fair = new ArrayDeque<>();
    final List<Guest> displaced = new ArrayList<>();
    int freshNetwork;

    World(Attack attack) {
      this.attack = attack;
      this.random = new Random(attack.seed());
      RandomSource source = RandomSource.seeded(attack.seed());
      this.guard =
          TestGuard.of(
              GuardSettings.bare(10, 10),
              new FakeResolver(),
              new MemoryStore(clock, source),
              clock,
              EventSink.NONE);
      this.crowd = new Crowd(new Arrivals(Duration.ofSeconds(10), clock, source), clock, source);
    }

    Guest guest(int address) {
      byte[] octets = {
        (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
      };
      try {
        InetAddress ip = InetAddress.getByAddress(octets);
        return new Guest(guard, Gate.MX, ip, Origin.of(ip), 0, PeerClass.UNKNOWN);
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }

    void in(long nanos, Runnable what) {
      due.add(new Due(clock.nanoTime() + nanos, what));
    }

    boolean enter(Guest guest) {
      displaced.clear();
      boolean entered = crowd.enter(guest, attack.places(), displaced);
      for (Guest gone : displaced) {
        assertThat(fair).as("%s: a fair peer lost its place", attack).noneMatch(one -> one == gone);
      }
      return entered;
    }

    void hostile() {
      int network = 10 << 24 | random.nextInt(attack.networks()) << 8;
      Guest guest = guest(network | random.nextInt(attack.addresses()));
      if (!enter(guest)) {
        return;
      }
      Conduct conduct = attack.conducts().get(random.nextInt(attack.conducts().size()));
      guest.awaits();
      switch (conduct) {
        case SILENT -> {}
        case CHURNING -> in(1_000_000, () -> crowd.leave(guest));
        case EAGER -> answer(guest, ANSWER_NANOS / 2);
        case PATIENT -> answer(guest, ANSWER_NANOS);
        case DRIPPING -> answer(guest, Duration.ofSeconds(2).toNanos());
      }
    }

    /** Answers each turn after so long, for as long as it is in. */
    void answer(Guest guest, long nanos) {
      in(
          nanos,
          () -> {
            guest.progressed();
            guest.awaits();
            if (guest.place() >= 0) {
              answer(guest, nanos);
            }
          });
    }

    void fair() {
      Guest guest = guest(203 << 24 | freshNetwork++ << 11 | 7);
      assertThat(enter(guest)).as("%s: a fair newcomer was not let in", attack).isTrue();
      fair.add(guest);
      guest.awaits();
      answer(guest, ANSWER_NANOS);
      in(
          FAIR.toNanos(),
          () -> {
            assertThat(fair.remove(guest)).isTrue();
            assertThat(crowd.leave(guest)).as("%s: still in", attack).isTrue();
          });
    }

    /** At first the hostile ones are alone for a while. */
    void run(Duration alone, Duration length) {
      long begin = clock.nanoTime() + alone.toNanos();
      long end = begin + length.toNanos();
      long step = 1_000_000_000L / attack.perSecond();
      for (int i = 0; clock.nanoTime() < end; i++) {
        while (!due.isEmpty() && due.peek().at() <= clock.nanoTime()) {
          due.remove().what().run();
        }
        hostile();
        // The fair never fill a tenth of the places, or there would be nobody else to send away.
        if (clock.nanoTime() >= begin
            && i % attack.perSecond() == attack.perSecond() - 1
            && fair.size() < attack.places() / 10) {
          fair();
        }
        clock.advance(Duration.ofNanos(step));
      }
    }
  }

  @Test
  void aFairNewcomerIsLetInAtOnceAndHasItsTime() {
    for (long seed = 1; seed <= 50; seed++) {
      Attack attack = Attack.of(seed);
      Duration round = Duration.ofMillis(1_000L * attack.networks() / attack.perSecond());
      new World(attack).run(round.multipliedBy(2).plusSeconds(5), Duration.ofSeconds(15));
    }
  }

  @Test
  void evenWhereEverybodyComesFromSomewhereElse() {
    // As many networks as a whole /8 has, each address used about once.
    for (List<Conduct> conducts :
        List.of(List.of(Conduct.SILENT), List.of(Conduct.DRIPPING, Conduct.CHURNING))) {
      new World(new Attack(99, 5_000, 5_000, 1 << 16, 254, conducts))
          .run(Duration.ZERO, Duration.ofSeconds(15));
    }
  }
}
