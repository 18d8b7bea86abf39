package org.everpost.core.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimKey;

/**
 * The keys our domains sign with (RFC 6376). A new one waits until somebody has seen its record in
 * DNS; then it signs, and the one before it with the same algorithm no more. Safe for any number of
 * threads.
 */
public final class SigningKeys {

  /** RFC 8301 §3.2; a longer record does not fit everywhere, and nobody demands it. */
  private static final int RSA_BITS = 2048;

  /** How long it may take until a change made elsewhere is known here. */
  private static final Duration LIFE = Duration.ofSeconds(5);

  private static final int MAX_DOMAINS = 10_000;

  /** Two wait or sign for each algorithm; the others have retired within a month. */
  private static final int MAX_KEYS = 100;

  /**
   * A retired key is listed so long, by when another month has begun: no later selector is like its
   * own.
   */
  private static final Duration FORGOTTEN = Duration.ofDays(31);

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuuMM", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The room a selector and what stands behind it need in a name of 253 octets. */
  private static final int LONGEST_DOMAIN = 253 - 32;

  private final Ledger ledger;
  private final Directory directory;
  private final Clock clock;
  private final EventSink events;
  private final OptimisticCommit commits;
  private final Cache<DomainName, List<DkimKey>> active;

  public SigningKeys(
      Ledger ledger, Directory directory, Clock clock, RandomSource random, EventSink events) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.directory = Objects.requireNonNull(directory, "directory");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.events = Objects.requireNonNull(events, "events");
    this.commits = new OptimisticCommit(ledger, clock, random);
    this.active =
        Caffeine.newBuilder()
            .maximumSize(MAX_DOMAINS)
            .expireAfterWrite(LIFE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /** What a domain signs with now; nothing if it is not ours. */
  public List<DkimKey> active(DomainName domain) {
    List<DkimKey> known = active.getIfPresent(domain);
    if (known != null) {
      return known;
    }
    List<DkimKey> keys = new ArrayList<>();
    if (directory.isLocal(domain)) {
      for (Row row : rows(ledger.read(RowCache.partition(domain)))) {
        DkimKey key = DkimKeyRow.signer(domain, row);
        if (key != null) {
          keys.add(key);
        }
      }
    }
    List<DkimKey> found = List.copyOf(keys);
    active.put(domain, found);
    return found;
  }

  /** All keys of a domain, the oldest first, without those that were deleted. */
  public List<SigningKey> all(DomainName domain) {
    return rows(ledger.read(RowCache.partition(domain))).stream()
        .filter(row -> !DkimKeyRow.decode(row.value()).deleted())
        .map(row -> DkimKeyRow.read(domain, row))
        .sorted(
            Comparator.comparing(SigningKey::created)
                .thenComparing(SigningKey::algorithm)
                .thenComparing(key -> key.selector().ascii()))
        .toList();
  }

  private static List<Row> rows(PartitionView view) {
    return view.scan(DkimKeyRow.RANGE, MAX_KEYS, Direction.ASCENDING);
  }

  /**
   * Makes a key for each of these algorithms that has none, or with {@code successors} none that
   * waits. Unchanged if there is none to make.
   *
   * @throws IllegalArgumentException if there is no room: in the name, or for another key
   */
  public Change make(DomainName domain, Set<DkimAlgorithm> algorithms, boolean successors) {
    if (!directory.isLocal(domain)) {
      return Change.NO_SUCH_DOMAIN;
    }
    if (domain.ascii().length() > LONGEST_DOMAIN) {
      throw new IllegalArgumentException("the name of the domain is too long to have keys");
    }
    Map<DkimAlgorithm, KeyPair> pairs = new EnumMap<>(DkimAlgorithm.class);
    Change change =
        commits.change(
            RowCache.partition(domain), view -> decideMaking(view, algorithms, successors, pairs));
    return tell(change, "domain dkim make", domain);
  }

  private Decision<Change> decideMaking(
      PartitionView view,
      Set<DkimAlgorithm> algorithms,
      boolean successors,
      Map<DkimAlgorithm, KeyPair> pairs) {
    if (DirectoryChanges.settings(view) == null) {
      return Decision.nothing(Change.NO_SUCH_DOMAIN);
    }
    Instant now = now();
    List<Row> rows = rows(view);
    List<DkimKeyRow> present = rows.stream().map(row -> DkimKeyRow.decode(row.value())).toList();
    List<Mutation> mutations = new ArrayList<>();
    for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
      if (algorithms.contains(algorithm)
          && present.stream().noneMatch(key -> standsInTheWay(key, algorithm, successors))) {
        KeyPair pair = pairs.computeIfAbsent(algorithm, SigningKeys::generate);
        mutations.add(
            new Mutation.Put(
                DkimKeyRow.key(selector(algorithm, now, view)),
                DkimKeyRow.fresh(algorithm, pair, now).encode()));
      }
    }
    if (mutations.isEmpty()) {
      return Decision.nothing(Change.UNCHANGED);
    }
    int kept = rows.size() + mutations.size();
    for (int i = 0; i < rows.size(); i++) {
      Instant retired = present.get(i).retired();
      if (retired != null && retired.plus(FORGOTTEN).isBefore(now)) {
        mutations.add(new Mutation.Delete(rows.get(i).key()));
        kept--;
      }
    }
    if (kept > MAX_KEYS) {
      throw new IllegalArgumentException("there are too many keys already; wait a month");
    }
    return new Decision<>(mutations, Change.DONE);
  }

  private static boolean standsInTheWay(
      DkimKeyRow key, DkimAlgorithm algorithm, boolean successors) {
    return key.algorithm() == algorithm
        && key.retired() == null
        && (key.activated() == null || !successors);
  }

  /** As in {@code ep202611r}: the month, the algorithm, and a number from the second one on. */
  private static DomainName selector(DkimAlgorithm algorithm, Instant now, PartitionView view) {
    String base =
        "ep"
            + MONTH.format(now)
            + switch (algorithm) {
              case RSA_SHA256 -> "r";
              case ED25519_SHA256 -> "e";
            };
    DomainName name = new DomainName(base);
    for (int i = 2; view.get(DkimKeyRow.key(name)) != null; i++) {
      name = new DomainName(base + i);
    }
    return name;
  }

  private static KeyPair generate(DkimAlgorithm algorithm) {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(
              switch (algorithm) {
                case RSA_SHA256 -> "RSA";
                case ED25519_SHA256 -> "Ed25519";
              });
      if (algorithm == DkimAlgorithm.RSA_SHA256) {
        generator.initialize(RSA_BITS);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no key for " + algorithm, e);
    }
  }

  /**
   * Lets a key sign that waited, in place of the one that did. Unchanged if it does not wait (any
   * more).
   */
  public Change activate(SigningKey key) {
    DomainName domain = key.domain();
    Change change =
        commits.change(RowCache.partition(domain), view -> decideActivating(domain, view, key));
    active.invalidate(domain);
    return tell(change, "domain dkim activate " + key.selector(), domain);
  }

  private Decision<Change> decideActivating(
      DomainName domain, PartitionView view, SigningKey wanted) {
    Instant now = now();
    List<Mutation> mutations = new ArrayList<>();
    boolean found = false;
    for (Row row : rows(view)) {
      SigningKey key = DkimKeyRow.read(domain, row);
      if (key.algorithm() != wanted.algorithm()) {
        continue;
      }
      DkimKeyRow before = DkimKeyRow.decode(row.value());
      if (key.state() == State.PENDING && key.publicKey().equals(wanted.publicKey())) {
        found = true;
        mutations.add(new Mutation.Put(row.key(), before.activated(now).encode()));
      } else if (key.state() == State.ACTIVE) {
        mutations.add(new Mutation.Put(row.key(), before.retired(now).encode()));
      }
    }
    return found ? new Decision<>(mutations, Change.DONE) : Decision.nothing(Change.UNCHANGED);
  }

  /**
   * Destroys a key, whatever it is used for. Its selector stays taken for a month: what others
   * remember of its record must not be held against a later key.
   */
  public Change delete(DomainName domain, DomainName selector) {
    byte[] key = DkimKeyRow.key(selector);
    Change change =
        commits.change(
            RowCache.partition(domain),
            view -> {
              byte[] value = view.get(key);
              DkimKeyRow before = value == null ? null : DkimKeyRow.decode(value);
              if (before == null || before.deleted()) {
                return Decision.nothing(Change.NO_SUCH_KEY);
              }
              return new Decision<>(
                  List.of(new Mutation.Put(key, before.deleted(now()).encode())), Change.DONE);
            });
    active.invalidate(domain);
    return tell(change, "domain dkim delete " + selector, domain);
  }

  private Change tell(Change change, String action, DomainName domain) {
    if (change == Change.DONE) {
      events.accept(new AdminEvent.DirectoryChanged(action, domain.ascii()));
    }
    return change;
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.epochSecond());
  }
}
