package org.everpost.testkit.botnet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.everpost.testkit.botnet.Chronicle.Experience;
import org.everpost.testkit.botnet.Chronicle.Second;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Series;

/**
 * One measurement: everybody gets to know each other, then it is quiet, then there is a flood, then
 * what comes after it, with the honest beside it from the first to the last second.
 *
 * @param flood nothing: only the honest
 * @param earlier another, in the first half of the acquaintance: the server has been attacked
 *     before
 * @param status what the operator looks at the server with; nothing: he does not
 * @param serverPid the first process of the server
 * @param queries how many DNS queries the server has sent so far
 */
public record Siege(
    String name,
    Target target,
    Optional<Flood> flood,
    Optional<Flood> earlier,
    Duration acquaintance,
    Duration quiet,
    Duration flooding,
    Duration after,
    Duration retryAfter,
    Optional<String> status,
    long serverPid,
    LongSupplier queries) {

  /** Where a siege is. */
  public enum Phase {
    ACQUAINTANCE,
    QUIET,
    FLOOD,
    AFTER
  }

  private static final String SHELL_COMMAND = "ls /";
  private static final Duration SHELL_PAUSE = Duration.ofMillis(200);
  private static final Duration STATUS_PAUSE = Duration.ofSeconds(2);
  private static final long NANOS_IN_SECOND = 1_000_000_000;

  /**
   * What a siege has brought.
   *
   * @param introduced whether the regular sender got known before it
   * @param ownCpu processors the generator itself kept busy during the flood
   */
  public record Result(
      Chronicle chronicle,
      List<Entry> entries,
      Map<Tally.Kind, Long> tally,
      boolean introduced,
      double ownCpu) {

    /** The figures, by name. */
    public Map<String, Double> figures() {
      return Figures.of(this);
    }
  }

  public Siege {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(retryAfter, "retryAfter");
    Objects.requireNonNull(queries, "queries");
  }

  private record Sample(long nanos, ServerLoad load, int connected, int served, long queries) {}

  private static double ownCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Takes its time; tells at the beginning of each phase that it has begun. */
  public Result run(Consumer<Phase> begun) {
    try (Operator shell = new Operator(Series.SHELL, SHELL_COMMAND);
        Operator looking = new Operator(Series.STATUS, status.orElse("true"))) {
      return run(begun, shell, looking);
    }
  }

  private Result run(Consumer<Phase> begun, Operator shell, Operator looking) {
    Journal journal = new Journal();
    Pace pace = new Pace();
    List<Sample> samples = new ArrayList<>();
    Map<Tally.Kind, Long> tally = Map.of();
    int quietBegin;
    int floodBegin;
    int floodEnd;
    boolean introduced;
    double ownCpu = 0;
    try (pace;
        HonestSenders senders = new HonestSenders(target, journal, retryAfter);
        Users users = new Users(target, journal)) {
      begun.accept(Phase.ACQUAINTANCE);
      introduced = senders.introduce();
      senders.begin();
      users.begin();
      shell.begin(journal, SHELL_PAUSE);
      if (status.isPresent()) {
        looking.begin(journal, STATUS_PAUSE);
      }
      if (earlier.isPresent()) {
        try (Botnet botnet = Botnet.unleash(earlier.get())) {
          watch(acquaintance.dividedBy(2), journal, samples, pace, Optional.of(botnet));
        }
        quietBegin = watch(acquaintance.dividedBy(2), journal, samples, pace, Optional.empty());
      } else {
        quietBegin = watch(acquaintance, journal, samples, pace, Optional.empty());
      }
      begun.accept(Phase.QUIET);
      floodBegin = watch(quiet, journal, samples, pace, Optional.empty());
      floodEnd = floodBegin;
      if (flood.isPresent()) {
        begun.accept(Phase.FLOOD);
        double ownBefore = ownCpuSeconds();
        try (Botnet botnet = Botnet.unleash(flood.get())) {
          floodEnd = watch(flooding, journal, samples, pace, Optional.of(botnet));
          tally = botnet.tally().sums();
        }
        ownCpu = (ownCpuSeconds() - ownBefore) / (flooding.toNanos() / 1e9);
        begun.accept(Phase.AFTER);
        watch(after, journal, samples, pace, Optional.empty());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    List<Entry> entries = journal.entries();
    Chronicle chronicle =
        new Chronicle(name, quietBegin, floodBegin, floodEnd, seconds(samples, entries));
    return new Result(chronicle, entries, tally, introduced, ownCpu);
  }

  /** Looks once a second; returns the second of the journal it ended in. */
  private int watch(
      Duration time, Journal journal, List<Sample> samples, Pace pace, Optional<Botnet> botnet)
      throws InterruptedException {
    long until = journal.now() + time.toNanos();
    for (long next = journal.now(); next < until; next += NANOS_IN_SECOND) {
      pace.pause(Duration.ofNanos(next - journal.now()));
      samples.add(
          new Sample(
              journal.now(),
              ServerLoad.of(serverPid),
              botnet.map(Botnet::connected).orElse(0),
              botnet.map(Botnet::served).orElse(0),
              queries.getAsLong()));
    }
    pace.pause(Duration.ofNanos(until - journal.now()));
    return (int) (journal.now() / NANOS_IN_SECOND);
  }

  private static List<Second> seconds(List<Sample> samples, List<Entry> entries) {
    Map<Long, List<Entry>> bySecond =
        entries.stream().collect(Collectors.groupingBy(e -> e.beginNanos() / NANOS_IN_SECOND));
    List<Second> seconds = new ArrayList<>();
    for (int i = 1; i < samples.size(); i++) {
      Sample before = samples.get(i - 1);
      Sample sample = samples.get(i);
      Map<Series, Experience> series = new EnumMap<>(Series.class);
      bySecond.getOrDefault(before.nanos / NANOS_IN_SECOND, List.of()).stream()
          .collect(Collectors.groupingBy(Entry::series))
          .forEach((each, its) -> series.put(each, Experience.of(its)));
      double elapsed = (sample.nanos - before.nanos) / (double) NANOS_IN_SECOND;
      seconds.add(
          new Second(
              (int) (before.nanos / NANOS_IN_SECOND),
              Math.max(0, (sample.load.cpuSeconds() - before.load.cpuSeconds()) / elapsed),
              before.load.residentOctets(),
              before.load.privateOctets(),
              before.connected,
              before.served,
              sample.queries - before.queries,
              series));
    }
    return seconds;
  }
}
