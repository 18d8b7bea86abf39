package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.everpost.core.event.Event;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay;
import org.everpost.server.relay.RelayConnection;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weeks of a server that is down now and then, for days: whatever was given up had its last attempt
 * first, and what can be delivered is. One thread does all; the seed repeats a run.
 */
@SuppressWarnings("NullAway.Init") // start() makes them
final class LastAttemptTest {

  private static final RetryRules RULES = RetryRules.DEFAULT;
  private static final Duration LEFT_ALONE = Duration.ofHours(1);

  /** A tenth of the longest pause, and a step of the clock. */
  private static final Duration SLACK = Duration.ofMinutes(20);

  private final StillClock clock = new StillClock();
  private RandomSource random = RandomSource.seeded(0);
  private MemoryStore store = new MemoryStore(clock, random);

  /** When a destination, or a recipient there, was tried last; and when the server started. */
  private final Map<String, Instant> tried = new HashMap<>();

  private final Set<String> arrived = new HashSet<>();
  private final Set<String> failed = new HashSet<>();
  private Instant started = Instant.MIN;
  private Spool spool;
  private Plan plan;
  private Book book;
  private Carrier.Parts parts;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void nothingIsGivenUpWithoutALastAttempt(long seed) throws Exception {
    random = RandomSource.seeded(seed);
    store = new MemoryStore(clock, random);
    start();
    int sent = 0;
    for (int stretch = 0; stretch < 12; stretch++) {
      for (int i = 0; i < 40; i++) {
        send("m" + sent++ + "@" + destination());
        work(Duration.ofMinutes(1 + random.nextInt(15)));
      }
      work(Duration.ofHours(random.nextInt(48)));
      clock.advance(Duration.ofHours(random.nextInt(200)));
      start();
    }
    work(RULES.expire().plus(LEFT_ALONE).plus(SLACK));
    assertThat(plan.jobs()).isZero();
    assertThat(arrived.size() + failed.size()).isEqualTo(sent);
    assertThat(failed).isNotEmpty().noneMatch(recipient -> recipient.contains("live"));
  }

  private String destination() {
    String[] kinds = {"live", "live", "grey", "dead", "wavering"};
    return kinds[random.nextInt(kinds.length)] + random.nextInt(3) + ".test";
  }

  /** The process begins, after whatever happened to the one before. */
  private void start() throws InterruptedException {
    started = clock.instant();
    spool = Spool.open(OutboundHouse.NODE, "mx.example.test", store, clock, random, this::hear);
    plan =
        new Plan(
            new Scheduler(new Scheduler.Settings(30, 5, Duration.ofMinutes(1), LEFT_ALONE), random),
            clock);
    Teller teller = new Teller(plan, this::told, _ -> {}, new Patience(clock, this::hear), clock);
    Orders orders = new Orders(clock);
    if (random.nextInt(2) == 0) { // else the store does not say what is to be held
      orders.learned();
    }
    book = new Book(plan, orders, new Settlement(RULES, random), RULES, teller, clock, this::hear);
    parts =
        new Carrier.Parts(
            plan,
            new Clearance(spool),
            (destination, _, _) -> connect(destination.toString()),
            store.blobs(),
            (_, _) -> OutgoingMessage.UNSIGNED,
            book,
            work -> Thread.ofVirtual().unstarted(() -> uninterrupted(work)),
            this::hear);
    spool.load(book::enter);
    work(Duration.ZERO);
  }

  private static void uninterrupted(Patience.Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void hear(Event event) {
    assertThat(event).isNotInstanceOf(RelayEvent.Broken.class);
  }

  private void send(String recipient) throws IOException {
    Instant now = clock.instant();
    SpooledMessage message =
        new SpooledMessage(
            spool.nextId(),
            now,
            OutboundHouse.SENDER,
            new Envelope(
                OutboundHouse.path(OutboundHouse.SENDER),
                Body.SEVEN_BIT,
                false,
                TlsDemand.USUAL,
                null,
                null),
            "",
            store.blobs().put(new ByteArrayInputStream(new byte[] {'x'})),
            0,
            1,
            now.plus(RULES.expire()),
            false,
            null,
            List.of(SpooledRecipient.fresh(OutboundHouse.path(recipient), Set.of(), null, now)));
    SpoolPartition partition = spool.add(List.of(message));
    book.enter(partition, message);
  }

  /** Lets the time pass, and does what is due in it. */
  private void work(Duration time) throws InterruptedException {
    Instant end = clock.instant().plus(time);
    while (true) {
      for (Plan.Task task = plan.poll(); task != null; task = plan.poll()) {
        switch (task) {
          case Plan.Task.Connect(var job) -> new Carrier(parts, job.destination()).run(job);
          case Plan.Task.Alarm(var job) -> {
            boolean _ =
                book.safely(
                    job,
                    false,
                    () -> {
                      book.alarmed(job);
                      return true;
                    });
            plan.alarmOver();
          }
        }
      }
      if (!clock.instant().isBefore(end)) {
        return;
      }
      clock.advance(Duration.ofMinutes(5));
    }
  }

  private Relay.Attempt connect(String destination) {
    tried.put(destination, clock.instant());
    boolean away =
        destination.startsWith("dead")
            || (destination.startsWith("wavering") && random.nextInt(3) == 0);
    return away
        ? new Relay.Attempt.Failed(Reason.ours("4.4.1", "as a test wants it"), false)
        : new Relay.Attempt.Connected(new Connection(destination.startsWith("live")));
  }

  /** For one message. */
  private final class Connection implements RelayConnection {
    private final boolean takes;

    Connection(boolean takes) {
      this.takes = takes;
    }

    @Override
    public String peer() {
      return "mx.peer.test";
    }

    @Override
    public List<RecipientResult> send(OutgoingMessage message) {
      String recipient = message.recipients().getFirst().to().toString();
      tried.put(recipient, clock.instant());
      if (!takes) {
        return List.of(FakeRelay.deferred());
      }
      assertThat(arrived.add(recipient)).as(recipient).isTrue();
      return List.of(new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    }

    @Override
    public boolean isUsable() {
      return false;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private Notice told(SpooledMessage message, List<SpooledRecipient> about, boolean delay) {
    if (!delay) {
      Path to = about.getFirst().to();
      assertThat(failed.add(to.toString())).as(to.toString()).isTrue();
      assertThat(clock.instant()).isAfterOrEqualTo(message.expires());
      Instant itself = tried.getOrDefault(to.toString(), Instant.MIN);
      Instant destination = tried.getOrDefault(about.getFirst().destination(), Instant.MIN);
      assertThat(destination).as(to + " after the start").isAfterOrEqualTo(started);
      Instant lately = clock.instant().minus(LEFT_ALONE).minus(SLACK);
      assertThat(!itself.isBefore(message.expires()) || !destination.isBefore(lately))
          .as("%s expired at %s, was tried at %s", to, message.expires(), itself)
          .isTrue();
    }
    return Notice.NONE;
  }
}
