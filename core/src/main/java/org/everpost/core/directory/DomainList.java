package org.everpost.core.directory;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Which domains are ours, held in memory whole: a stranger's domain costs no look into the store.
 * As exact as {@link RowCache}.
 *
 * <p>A domain is added here first and to its own partition second, and deleted the other way round:
 * a crash in between leaves a listed domain without a settings row, which has no addresses and can
 * be added or deleted again.
 *
 * <p>Safe for any number of threads.
 */
final class DomainList {

  private static final int PAGE = 1_000;

  private final Ledger ledger;
  private final boolean shared;
  private final Clock clock;
  private final RandomSource random;
  private final OptimisticCommit commits;

  private final Loads<Partition, Loaded> loads = new Loads<>();
  private volatile @Nullable Loaded loaded;

  DomainList(
      Ledger ledger, boolean shared, Clock clock, RandomSource random, OptimisticCommit commits) {
    this.ledger = ledger;
    this.shared = shared;
    this.clock = clock;
    this.random = random;
    this.commits = commits;
  }

  /** The list, oldest first, as of a change, and when the store had told it. */
  private record Loaded(Map<DomainName, ListedDomainRow> domains, long changes, long nanos) {}

  boolean contains(DomainName domain) {
    return domains().containsKey(domain);
  }

  /** All of them, oldest first. */
  List<DomainName> all() {
    return List.copyOf(domains().keySet());
  }

  /** The one that was added first. */
  Optional<DomainName> oldest() {
    return domains().keySet().stream().findFirst();
  }

  /** What is known of a domain, from the store; null if it is not listed. */
  @Nullable ListedDomainRow read(DomainName domain) {
    return find(ledger.read(ListedDomainRow.PARTITION), domain);
  }

  /**
   * Lists a domain. If it is listed already it gets a new incarnation but stays as old as it is.
   */
  void put(DomainName domain) {
    commits.change(
        ListedDomainRow.PARTITION,
        view -> {
          ListedDomainRow before = find(view, domain);
          long created = before == null ? clock.millis() : before.createdMillis();
          ListedDomainRow row = new ListedDomainRow(created, random.nextLong());
          return new Decision<>(
              List.of(new Mutation.Put(ListedDomainRow.key(domain), row.encode())), row);
        });
    loads.changed();
  }

  /** Takes a domain off the list unless it was added anew meanwhile. */
  void remove(DomainName domain, ListedDomainRow expected) {
    commits.change(
        ListedDomainRow.PARTITION,
        view ->
            expected.equals(find(view, domain))
                ? new Decision<>(List.of(new Mutation.Delete(ListedDomainRow.key(domain))), true)
                : Decision.nothing(false));
    loads.changed();
  }

  private static @Nullable ListedDomainRow find(PartitionView view, DomainName domain) {
    byte[] value = view.get(ListedDomainRow.key(domain));
    return value == null ? null : ListedDomainRow.decode(value);
  }

  private Map<DomainName, ListedDomainRow> domains() {
    Loaded current = loaded;
    if (current != null
        && current.changes() == loads.changes()
        && (!shared || clock.nanoTime() - current.nanos() < RowCache.LIFE_WHEN_SHARED.toNanos())) {
      return current.domains();
    }
    return loads.get(ListedDomainRow.PARTITION, this::load).domains();
  }

  private Loaded load() {
    long before = loads.changes();
    PartitionView view = ledger.read(ListedDomainRow.PARTITION);
    Map<DomainName, ListedDomainRow> rows = new LinkedHashMap<>();
    KeyRange range = ListedDomainRow.RANGE;
    List<Row> page;
    do {
      page = view.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        rows.put(ListedDomainRow.domain(row.key()), ListedDomainRow.decode(row.value()));
        range = range.after(row.key());
      }
    } while (page.size() == PAGE);
    Map<DomainName, ListedDomainRow> domains =
        rows.entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(
                    Comparator.comparingLong(ListedDomainRow::createdMillis)))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, LinkedHashMap::new));
    Loaded now = new Loaded(domains, before, clock.nanoTime());
    loaded = now;
    return now;
  }
}
