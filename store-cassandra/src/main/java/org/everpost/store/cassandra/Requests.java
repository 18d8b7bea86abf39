package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the driver: bounds what is in flight and tries again what failed, through other
 * nodes, as long as the options' patience lasts. Whatever is run here must be safe to run twice.
 * Safe for any number of threads.
 */
final class Requests {

  /** The time limits of single attempts, each longer than the servers' own for the same. */
  static final Duration READ_LIMIT = Duration.ofSeconds(4);

  static final Duration WRITE_LIMIT = Duration.ofSeconds(4);
  static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);
  static final Duration LIST_LIMIT = Duration.ofSeconds(12);
  static final Duration HINT_LIMIT = Duration.ofSeconds(2);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private static final Duration CLOSING = Duration.ofMillis(500);

  /** How many partition keys a node sends at a time when all are listed. */
  private static final int LIST_PAGE = 500;

  private final CqlSession session;
  private final RandomGenerator random;
  private final Duration patience;
  private final Semaphore inFlight;
  private final CountDownLatch closing = new CountDownLatch(1);

  Requests(CqlSession session, CassandraOptions options, RandomGenerator random) {
    this.session = session;
    this.random = random;
    this.patience = options.patience();
    this.inFlight = new Semaphore(options.maxInFlight());
  }

  /**
   * Prepares a statement. A node that has just come back may learn of a table a moment after it
   * takes questions, so what it does not understand is asked again.
   */
  PreparedStatement prepare(String statement) {
    return retrying(() -> session.prepare(statement), _ -> true);
  }

  /** Runs a statement and takes all its rows. */
  List<Row> rows(Statement<?> statement) {
    return retrying(() -> inPlace(() -> session.execute(statement).all()));
  }

  /** Runs a statement that has one row, or none (null). */
  @Nullable Row row(Statement<?> statement) {
    List<Row> rows = rows(statement);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  /**
   * What is made of the first row it can be made of, among those the replicas have each for itself:
   * a coordinator that needs one copy takes its own, if its snitch is not dynamic. Those that do
   * not answer are passed over.
   *
   * @param use null for a row that will not do
   */
  <T> Optional<T> copy(BoundStatement statement, Function<Row, @Nullable T> use) {
    for (Node replica : replicas(statement)) {
      try {
        Statement<?> here = statement.setNode(replica).setConsistencyLevel(ConsistencyLevel.ONE);
        Row row = whileOpen(() -> inPlace(() -> session.execute(here).one()));
        T made = row == null ? null : use.apply(row);
        if (made != null) {
          return Optional.of(made);
        }
      } catch (DriverException e) {
        // There may be others.
      }
    }
    return Optional.empty();
  }

  private Set<Node> replicas(BoundStatement statement) {
    CqlIdentifier keyspace = Objects.requireNonNull(statement.getRoutingKeyspace(), "keyspace");
    ByteBuffer partition = Objects.requireNonNull(statement.getRoutingKey(), "partition key");
    return session
        .getMetadata()
        .getTokenMap()
        .map(tokens -> tokens.getReplicas(keyspace, partition))
        .orElse(Set.of());
  }

  /**
   * What a conditional statement came to.
   *
   * @param repeated whether an earlier attempt may have been carried out
   */
  record Outcome(Row row, boolean repeated) {}

  /** Runs a conditional statement. */
  Outcome conditional(Statement<?> statement) {
    AtomicInteger attempts = new AtomicInteger();
    Row row =
        retrying(() -> {
          attempts.incrementAndGet();
          return inPlace(() -> session.execute(statement).one());
        });
    return new Outcome(
        Objects.requireNonNull(row, "a conditional statement has an outcome"), attempts.get() > 1);
  }

  /** Runs a statement that lists partitions and hands over its rows, page by page. */
  void list(Statement<?> statement, Consumer<Row> visitor) {
    ByteBuffer position = null;
    do {
      Statement<?> page = statement.setPageSize(LIST_PAGE).setPagingState(position);
      ResultSet result = retrying(() -> inPlace(() -> session.execute(page)));
      position = result.getExecutionInfo().getPagingState();
      for (int left = result.getAvailableWithoutFetching(); left > 0; left--) {
        visitor.accept(Objects.requireNonNull(result.one()));
      }
    } while (position != null);
  }

  private <T> T inPlace(Supplier<T> request) {
    inFlight.acquireUninterruptibly();
    try {
      return request.get();
    } finally {
      inFlight.release();
    }
  }

  private <T> T retrying(Supplier<T> attempt) {
    return retrying(attempt, failure -> !(failure instanceof QueryValidationException));
  }

  private <T> T retrying(Supplier<T> attempt, Predicate<DriverException> mayPass) {
    long began = System.nanoTime(); // nobody sets this clock
    Duration pause = SHORTEST_PAUSE;
    while (true) {
      DriverException failure;
      try {
        return whileOpen(attempt);
      } catch (DriverException e) {
        failure = e;
      }
      if (!mayPass.test(failure) || System.nanoTime() - began >= patience.toNanos()) {
        throw new StoreUnavailableException("Cassandra: " + describe(failure), failure);
      }
      rest(jittered(pause));
      requireOpen(failure);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private <T extends @Nullable Object> T whileOpen(Supplier<T> attempt) {
    requireOpen(null);
    try {
      return attempt.get();
    } catch (IllegalStateException e) { // what the driver throws once its session is closed
      throw new StoreUnavailableException("the store is closed", e);
    }
  }

  private void requireOpen(@Nullable DriverException failure) {
    if (closing.getCount() == 0) {
      throw new StoreUnavailableException("the store is closed", failure);
    }
  }

  private static String describe(DriverException failure) {
    return failure instanceof AllNodesFailedException all
        ? "no node could serve the request, " + all.getAllErrors().size() + " asked"
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  /** Between half and all of {@code pause}. */
  private Duration jittered(Duration pause) {
    long half = pause.toNanos() / 2;
    return Duration.ofNanos(half + Math.floorMod(random.nextLong(), half));
  }

  /** Rests, unless the store is closed; an interrupted caller gets its answer like any other. */
  private void rest(Duration pause) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          boolean over = closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
          assert over || closing.getCount() > 0;
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Ends all pauses; whoever calls from now on is refused. What is under way has a moment: nodes
   * that hang would else be waited for as long as the longest request may take.
   */
  void close() {
    closing.countDown();
    if (!isDoneWithin(CLOSING, session.closeAsync())) {
      boolean _ = isDoneWithin(CLOSING, session.forceCloseAsync());
    }
  }

  private static boolean isDoneWithin(Duration limit, CompletionStage<Void> what) {
    try {
      what.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
