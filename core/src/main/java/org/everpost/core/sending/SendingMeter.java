package org.everpost.core.sending;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.Nodes;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.AccountId;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.jspecify.annotations.Nullable;

/**
 * Counts what accounts send elsewhere, through whichever node. This node knows its own counts
 * exactly; those of the others, each of which writes its own into the hints, are read every two
 * seconds, and added. So over a limit an account gets at most what the other nodes let it send in
 * two seconds and the time a hint takes to get around. Safe for any number of threads.
 */
public final class SendingMeter {

  /** Whoever tries fewer messages than this too many in an hour has no more than bad luck. */
  static final int LEAST_MARGIN = 20;

  private static final String TABLE = "sending";
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration FLOOD_PAUSE = Duration.ofHours(1);
  private static final int MAX_ACCOUNTS = 20_000;

  private final Hints hints;
  private final SendingRules rules;
  private final Nodes nodes;
  private final Clock clock;
  private final Cache<AccountId, Known> known;

  /** When a flood of an account was reported, so that it is once an hour. */
  private final Cache<AccountId, Boolean> floods;

  /**
   * What is known of an account.
   *
   * @param ours what this node counted
   * @param others what all others counted, together
   */
  private record Known(SentLately ours, SentLately others, long readAtNanos) {
    SentLately sent() {
      return ours.plus(others);
    }
  }

  public SendingMeter(Hints hints, SendingRules rules, Nodes nodes, Clock clock) {
    this.hints = Objects.requireNonNull(hints, "hints");
    this.rules = Objects.requireNonNull(rules, "rules");
    this.nodes = Objects.requireNonNull(nodes, "nodes");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.known = Caffeine.newBuilder().maximumSize(MAX_ACCOUNTS).executor(Runnable::run).build();
    this.floods =
        Caffeine.newBuilder()
            .maximumSize(MAX_ACCOUNTS)
            .expireAfterWrite(FLOOD_PAUSE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Whether an account may send one more message, to so many recipients elsewhere.
   *
   * @return null: it may
   */
  public @Nullable Excess excess(AccountDetails account, int recipients) {
    return excess(known(account.account().id()).sent(), account, recipients, clock.instant());
  }

  private @Nullable Excess excess(
      SentLately sent, AccountDetails account, int recipients, Instant now) {
    Excess last = null;
    for (Measure measure : Measure.values()) {
      int most = rules.most(measure, account, now);
      int more = measure.of(recipients);
      long at = sent.of(measure).roomAt(most, more, now.toEpochMilli());
      if (at > now.toEpochMilli() && (last == null || at > last.until().toEpochMilli())) {
        last = new Excess(measure, most, Instant.ofEpochMilli(at));
      }
    }
    return last;
  }

  /**
   * Counts a message that is about to be accepted, if the account may send it.
   *
   * @return null: it may, and it is counted
   */
  public @Nullable Excess count(AccountDetails account, int recipients) {
    AccountId id = account.account().id();
    Known before = known(id);
    Instant now = clock.instant();
    @Nullable Excess[] excess = new @Nullable Excess[1];
    change(
        id,
        before,
        its -> {
          excess[0] = excess(its.sent(), account, recipients, now);
          return excess[0] == null
              ? its.ours().plus(1, recipients, now.toEpochMilli())
              : its.ours();
        });
    return excess[0];
  }

  /** A message that was counted was not accepted after all. */
  public void takeBack(AccountDetails account, int recipients) {
    AccountId id = account.account().id();
    change(id, known(id), its -> its.ours().plus(-1, recipients, clock.millis()));
  }

  /**
   * Counts a message that was refused as too many.
   *
   * @return whether the account runs into its limit so often that nobody can mean it: told once an
   *     hour
   */
  public boolean refused(AccountDetails account) {
    AccountId id = account.account().id();
    Instant now = clock.instant();
    SentLately after =
        change(id, known(id), its -> its.ours().refusedOneMore(now.toEpochMilli())).sent();
    int hourly = rules.most(Measure.MESSAGES_PER_HOUR, account, now);
    int margin = hourly == Integer.MAX_VALUE ? LEAST_MARGIN : Math.max(LEAST_MARGIN, hourly);
    return after.refused().sum(now.toEpochMilli()) >= margin
        && floods.asMap().putIfAbsent(id, true) == null;
  }

  /**
   * @param change what this node has counted then
   */
  private Known change(AccountId id, Known before, Function<Known, SentLately> change) {
    SentLately[] was = new SentLately[1];
    Known after =
        Objects.requireNonNull(
            known
                .asMap()
                .compute(
                    id,
                    (_, present) -> {
                      Known its = present == null ? before : present;
                      was[0] = its.ours();
                      return new Known(change.apply(its), its.others(), its.readAtNanos());
                    }));
    if (!after.ours().equals(was[0])) {
      hints.put(TABLE, key(id, nodes.self()), after.ours().encode(), SentLately.LIFE);
    }
    return after;
  }

  private Known known(AccountId id) {
    Known present = known.getIfPresent(id);
    long now = clock.nanoTime();
    if (present != null && now - present.readAtNanos() < FRESH.toNanos()) {
      return present;
    }
    SentLately others = SentLately.NOTHING;
    for (NodeId other : nodes.others()) {
      others = others.plus(stored(id, other).notAhead(clock.millis()));
    }
    // What this node counted before it started, or forgot, is there as well.
    SentLately ours = present == null ? stored(id, nodes.self()) : present.ours();
    return Objects.requireNonNull(
        known
            .asMap()
            .merge(
                id,
                new Known(ours, others, now),
                (its, fresh) -> new Known(its.ours(), fresh.others(), now)));
  }

  private SentLately stored(AccountId id, NodeId node) {
    return SentLately.decode(hints.get(TABLE, key(id, node)));
  }

  private static byte[] key(AccountId id, NodeId node) {
    return (id.value() + "/" + node.text()).getBytes(StandardCharsets.US_ASCII);
  }
}
