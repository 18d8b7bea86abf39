package org.everpost.core.peer;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.StoreException;

/**
 * The networks an operator always lets in or never: kept by the store, known to every node within
 * ten seconds. What this node has read last is in memory, so that asking costs nothing and does not
 * need the store.
 */
public final class PeerLists implements Runnable {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** More is a fault. */
  private static final int MAX_ENTRIES = 10_000;

  /** So many rules that have ended are cleared away at once. */
  private static final int MAX_DELETED = 1_000;

  private static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "peers");

  private final OptimisticCommit commits;
  private final Clock clock;
  private final EventSink events;
  private volatile Index index = new Index(0, List.of());
  private volatile Runnable changed = () -> {};

  /** Rules by their networks, and which prefixes there are, the longest first. */
  private record Index(
      long version,
      List<PeerRule> rules,
      Map<IpNetwork, PeerRule> byNetwork,
      List<Integer> prefixes) {

    Index(long version, List<PeerRule> rules) {
      this(
          version,
          rules,
          rules.stream().collect(Collectors.toMap(PeerRule::network, Function.identity())),
          rules.stream()
              .map(rule -> rule.network().prefix())
              .distinct()
              .sorted(Comparator.reverseOrder())
              .toList());
    }
  }

  public PeerLists(OptimisticCommit commits, Clock clock, EventSink events) {
    this.commits = Objects.requireNonNull(commits, "commits");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.events = Objects.requireNonNull(events, "events");
  }

  /** What happens, in the thread that reads them, each time other rules hold than before. */
  public void onChange(Runnable action) {
    changed = action;
  }

  /** The narrowest rule for an address, as far as this node knows: however many there are. */
  public Optional<PeerRule> find(InetAddress address) {
    Index known = index;
    int bits = address.getAddress().length * 8;
    for (int prefix : known.prefixes) {
      PeerRule rule = prefix > bits ? null : known.byNetwork.get(IpNetwork.of(address, prefix));
      if (rule != null && rule.holds(clock.instant())) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  /** How many rules hold, as far as this node knows. */
  public int size() {
    return index.rules.size();
  }

  /** All rules, just read. */
  public List<PeerRule> all() {
    load();
    return index.rules;
  }

  /**
   * Adds a rule, or puts it in the place of another for the same network.
   *
   * @throws StoreException if that cannot be kept
   */
  public void put(PeerRule rule) {
    boolean full =
        commits.change(
            PARTITION,
            view -> {
              byte[] key = rule.key();
              List<Mutation> changes = new ArrayList<>();
              int others = 0;
              for (Row row : view.scan(PeerRule.RANGE, MAX_ENTRIES, Direction.ASCENDING)) {
                if (Arrays.equals(row.key(), key)) {
                  continue;
                }
                if (PeerRule.decode(row).holds(rule.since())) {
                  others++;
                } else if (changes.size() < MAX_DELETED) {
                  changes.add(new Mutation.Delete(row.key()));
                }
              }
              if (others >= MAX_ENTRIES) {
                return Decision.nothing(true);
              }
              changes.add(new Mutation.Put(key, rule.encode()));
              return new Decision<>(changes, false);
            });
    if (full) {
      throw new IllegalArgumentException("there are " + MAX_ENTRIES + " already");
    }
    String until = rule.until() == null ? "" : rule.until().toString();
    events.accept(
        new AdminEvent.PeersRuled(
            rule.network().toString(), rule.allowed() ? "allow" : "deny", until, rule.note()));
    load();
  }

  /** Takes the rule for exactly this network away; whether there was one. */
  public boolean remove(IpNetwork network) {
    byte[] key = PeerRule.key(network);
    boolean removed =
        commits.change(
            PARTITION,
            view ->
                view.get(key) == null
                    ? Decision.nothing(false)
                    : new Decision<>(List.of(new Mutation.Delete(key)), true));
    if (removed) {
      events.accept(new AdminEvent.PeersRuled(network.toString(), "none", "", ""));
    }
    load();
    return removed;
  }

  /** What was read of a version of the partition. */
  private record Read(long version, List<Row> rows) {}

  private void load() {
    Instant now = clock.instant();
    Read read =
        commits.change(
            PARTITION,
            view ->
                Decision.nothing(
                    new Read(
                        view.version(),
                        view.scan(PeerRule.RANGE, MAX_ENTRIES, Direction.ASCENDING))));
    List<PeerRule> rules =
        read.rows.stream().map(PeerRule::decode).filter(rule -> rule.holds(now)).toList();
    if (take(new Index(read.version, rules))) {
      changed.run();
    }
  }

  /** Whoever read before another changed something may come after him. */
  private synchronized boolean take(Index next) {
    Index before = index;
    if (next.version < before.version) {
      return false;
    }
    index = next;
    return !next.rules.equals(before.rules);
  }

  /** Reads the lists again and again, until the thread is interrupted. */
  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        load();
      } catch (StoreException e) {
        // What is known already holds until the store answers again.
      }
      try {
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
