package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.commit.LossyStore;
import org.everpost.core.event.Event;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;

/** Spools of some nodes on the in-memory engine. */
final class SpoolFixture {

  static final NodeId A = new NodeId("aaaaaaaaaaaaaaaa");
  static final NodeId B = new NodeId("bbbbbbbbbbbbbbbb");

  /** Change after which a message is as it was, but for what its sender was told. */
  static final Function<SpooledMessage, Optional<SpooledMessage>> TOUCH =
      message -> Optional.of(message.delayIsTold());

  static final Function<SpooledMessage, Optional<SpooledMessage>> DELETE = _ -> Optional.empty();

  final ManualClock clock = new ManualClock();
  final RandomSource random;
  final MemoryStore memory;
  final LossyStore store;
  final List<Event> events = new ArrayList<>();

  SpoolFixture(long seed) {
    this.random = RandomSource.seeded(seed);
    this.memory = new MemoryStore(clock, RandomSource.seeded(seed + 1));
    this.store = new LossyStore(memory);
  }

  Spool open(NodeId node, long epochMutations) {
    return Spool.open(node, store, clock, random, events::add, epochMutations);
  }

  Spool open(NodeId node) {
    return open(node, 1_000_000);
  }

  SpooledMessage message(SpoolId id, int recipients) {
    Instant now = clock.instant();
    List<SpooledRecipient> to =
        IntStream.range(0, recipients)
            .mapToObj(i -> new Path.Address(EmailAddress.of("r" + i + "@d" + i + ".test")))
            .map(path -> SpooledRecipient.fresh(path, Set.of(), null, now))
            .toList();
    return new SpooledMessage(
        id,
        now,
        "alice@example.test",
        new Envelope(
            new Path.Address(EmailAddress.of("alice@example.test")),
            Body.EIGHT_BIT_MIME,
            false,
            TlsDemand.USUAL,
            null,
            null),
        "",
        BlobId.of(now, 1, random.nextLong()),
        0,
        1_000,
        now.plus(Duration.ofDays(5)),
        false,
        null,
        to);
  }

  SpooledMessage message(Spool spool) {
    return message(spool.nextId(), 1);
  }

  /** What a spool has in store. */
  static Set<SpoolId> all(Spool spool) {
    Set<SpoolId> ids = new LinkedHashSet<>();
    spool.forEach((_, message) -> requireNew(ids.add(message.id()), message));
    return ids;
  }

  /** What a spool has and has not shown yet. */
  static Set<SpoolId> load(Spool spool) {
    Set<SpoolId> ids = new LinkedHashSet<>();
    spool.load((_, message) -> requireNew(ids.add(message.id()), message));
    return ids;
  }

  /** What a node does every few seconds. */
  static void tend(Spool spool) {
    spool.renew();
    spool.tend();
  }

  /** What a spool takes over from the dead, and has not shown yet. */
  static Set<SpoolId> adopt(Spool spool) {
    spool.adopt();
    return load(spool);
  }

  private static void requireNew(boolean isNew, SpooledMessage message) {
    if (!isNew) {
      throw new AssertionError(message.id() + " twice");
    }
  }
}
