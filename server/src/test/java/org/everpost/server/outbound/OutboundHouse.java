package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.event.Event;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.Relay;
import org.everpost.store.BlobId;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;

/** A queue at work on the in-memory engine, and what a test needs to watch it. */
final class OutboundHouse implements AutoCloseable {

  static final NodeId NODE = new NodeId("0123456789abcdef");
  static final String SENDER = "a@example.test";

  /** Nothing but what a test does brings on another attempt. */
  static final RetryRules SLOW =
      new RetryRules(
          Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(4), Duration.ofDays(5));

  static final RetryRules QUICK =
      new RetryRules(
          Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(4), Duration.ofDays(5));

  private static final String TEXT = "Subject: x\r\n\r\nHello\r\n";

  final FastClock clock;
  final RandomSource random = RandomSource.seeded(5);
  final MemoryStore store;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final List<Told> notices = new CopyOnWriteArrayList<>();
  private final List<Outbound> opened = new ArrayList<>();

  OutboundHouse() {
    this(1);
  }

  /**
   * @param speed how many times as fast time passes
   */
  OutboundHouse(int speed) {
    this.clock = new FastClock(speed);
    this.store = new MemoryStore(clock, random);
  }

  /** How a sender is told. */
  Notices telling =
      (message, about, delay) -> {
        notices.add(new Told(message, about, delay));
        return Notice.NONE;
      };

  /** What a sender was told. */
  record Told(SpooledMessage message, List<SpooledRecipient> about, boolean delay) {}

  Spool spool() {
    return spool(store);
  }

  Spool spool(Store on) {
    return spool(on, NODE);
  }

  Spool spool(Store on, NodeId node) {
    return Spool.open(node, "mx.example.test", on, clock, random, events::add);
  }

  Outbound outbound(RetryRules rules, Relay relay, Signer signer) {
    return outbound(rules, relay, signer, store);
  }

  Outbound outbound(RetryRules rules, Relay relay, Signer signer, Store on) {
    return outbound(rules, relay, signer, spool(on));
  }

  Outbound outbound(RetryRules rules, Relay relay, Signer signer, Spool spool) {
    Outbound outbound =
        new Outbound(
            spool,
            new Scheduler.Settings(20, 5, Duration.ofMinutes(10), Duration.ofHours(1)),
            rules,
            relay,
            store.blobs(),
            signer,
            (message, about, delay) -> telling.write(message, about, delay),
            clock,
            random,
            events::add);
    opened.add(outbound);
    return outbound;
  }

  /** One that works. */
  Outbound started(RetryRules rules, Relay relay) {
    Outbound outbound = outbound(rules, relay, (_, _) -> OutgoingMessage.UNSIGNED);
    outbound.start();
    return outbound;
  }

  SpoolId send(Outbound outbound, String... recipients) {
    return send(outbound, Set.of(), recipients);
  }

  SpoolId send(Outbound outbound, Set<Notify> notifyOn, String... recipients) {
    return send(outbound, notifyOn, Duration.ZERO, recipients);
  }

  /** Has it tried first when some time has passed. */
  SpoolId sendLater(Outbound outbound, Duration later, String recipient) {
    return send(outbound, Set.of(), later, recipient);
  }

  private SpoolId send(
      Outbound outbound, Set<Notify> notifyOn, Duration later, String... recipients) {
    BlobId blob;
    try {
      blob = store.blobs().put(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Instant due = clock.instant().plus(later);
    return SpoolId.of(
        outbound.accept(
            List.of(
                new Departure(
                    SENDER,
                    new Envelope(path(SENDER), Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null),
                    "",
                    blob,
                    0,
                    TEXT.length(),
                    Arrays.stream(recipients)
                        .map(r -> SpooledRecipient.fresh(path(r), notifyOn, null, due))
                        .toList()))));
  }

  static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  void await(BooleanSupplier condition) {
    Clock system = Clock.system();
    long until = system.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(system.nanoTime()).as("in time; %s", events).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void untilInterrupted() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static List<Queued> list(Queue queue, QueueFilter filter) {
    List<Queued> all = new ArrayList<>();
    queue.visit(filter, all::add, _ -> {});
    return all;
  }

  static List<Queued> list(Queue queue) {
    return list(queue, QueueFilter.ALL);
  }

  @Override
  public void close() {
    opened.forEach(outbound -> outbound.close(clock.nanoTime(), clock.nanoTime()));
    store.close();
  }
}
