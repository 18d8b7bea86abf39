package org.everpost.core.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import org.everpost.core.time.Clock;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Address rows, read through a cache that also remembers what is not there. On a store of our own
 * it is exact: it never returns what was replaced before it was asked. On a shared store a row is
 * at most {@link #LIFE_WHEN_SHARED} older than the store's answer (and never older than our own
 * last change).
 *
 * <p>Safe for any number of threads.
 */
final class RowCache {

  static final Duration LIFE_WHEN_SHARED = Duration.ofMillis(1_500);

  private static final int MAX_ROWS = 50_000;

  private final Ledger ledger;
  private final Cache<Name, Found> rows;
  private final Loads<Name, Found> loads = new Loads<>();

  RowCache(Ledger ledger, boolean shared, Clock clock) {
    this.ledger = ledger;
    Caffeine<Object, Object> caffeine =
        Caffeine.newBuilder().maximumSize(MAX_ROWS).executor(Runnable::run);
    if (shared) {
      caffeine.expireAfterWrite(LIFE_WHEN_SHARED).ticker(clock::nanoTime);
    }
    this.rows = caffeine.build();
  }

  private record Name(DomainName domain, String folded) {}

  private record Found(@Nullable AddressRow row) {}

  static Partition partition(DomainName domain) {
    return new Partition(PartitionKind.DOMAIN, domain.ascii());
  }

  /** The row of a folded local part (or {@link AddressRow#CATCH_ALL}), or null. */
  @Nullable AddressRow row(DomainName domain, String folded) {
    Name name = new Name(domain, folded);
    Found cached = rows.getIfPresent(name);
    if (cached != null) {
      return cached.row();
    }
    return loads.get(name, () -> load(name)).row();
  }

  private Found load(Name name) {
    long before = loads.changes();
    byte[] value = ledger.read(partition(name.domain)).get(AddressRow.key(name.folded));
    Found found = new Found(value == null ? null : AddressRow.decode(value));
    // A change since the read counts up first and forgets the row second, so either it is seen here
    // or it forgets what is put here.
    rows.asMap().compute(name, (_, newer) -> loads.changes() == before ? found : newer);
    return found;
  }

  /** To be called after a commit, before its success is told to anybody. */
  void changed(DomainName domain, Collection<String> folded) {
    loads.changed();
    folded.forEach(local -> rows.invalidate(new Name(domain, local)));
  }

  /** After a commit that may have touched every row of every domain. */
  void changed() {
    loads.changed();
    rows.invalidateAll();
  }
}
