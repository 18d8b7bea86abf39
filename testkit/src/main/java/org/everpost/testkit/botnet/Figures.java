package org.everpost.testkit.botnet;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.everpost.testkit.botnet.Chronicle.Second;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Series;

/** What a siege comes to, in figures with names like {@code known.flood.p99}. */
final class Figures {

  private static final long NANOS_IN_SECOND = 1_000_000_000;

  private final Siege.Result result;
  private final Map<String, Double> figures = new TreeMap<>();

  private Figures(Siege.Result result) {
    this.result = result;
  }

  static Map<String, Double> of(Siege.Result result) {
    Figures made = new Figures(result);
    Chronicle chronicle = result.chronicle();
    made.put("introduced", result.introduced() ? 1 : 0);
    made.put("generator", result.ownCpu());
    made.phase("quiet", chronicle.quietBegin(), chronicle.floodBegin());
    made.phase("flood", chronicle.floodBegin(), chronicle.floodEnd());
    result.tally().forEach((kind, count) -> made.put("bots." + lower(kind), count));
    return made.figures;
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void put(String name, double value) {
    figures.put(name, value);
  }

  private void phase(String name, int from, int to) {
    Map<Integer, Entry> retries = new HashMap<>();
    for (Series series : Series.values()) {
      List<Entry> entries = result.entries().stream().filter(e -> e.series() == series).toList();
      entries.stream().filter(e -> e.attempt() == 2).forEach(e -> retries.put(e.number(), e));
      List<Entry> first =
          entries.stream()
              .filter(e -> e.number() >= 0 && e.attempt() == 1)
              .filter(e -> isWithin(e.beginNanos(), from, to))
              .toList();
      series(lower(series) + "." + name + ".", first, retries);
      retries.clear();
    }
    List<Second> seconds =
        result.chronicle().seconds().stream()
            .filter(s -> s.number() >= from && s.number() < to)
            .toList();
    put("cpu." + name, all(seconds, Second::cpu).average().orElse(0));
    put("connected." + name, most(seconds, Second::connected));
    put("served." + name, most(seconds, Second::served));
    put("resident." + name, most(seconds, Second::residentOctets));
    put("private." + name, most(seconds, Second::privateOctets));
    put("queries." + name, all(seconds, Second::queries).sum());
  }

  private static boolean isWithin(long nanos, int from, int to) {
    return nanos >= from * NANOS_IN_SECOND && nanos < to * NANOS_IN_SECOND;
  }

  private static DoubleStream all(List<Second> seconds, ToDoubleFunction<Second> what) {
    return seconds.stream().mapToDouble(what);
  }

  private static double most(List<Second> seconds, ToDoubleFunction<Second> what) {
    return all(seconds, what).max().orElse(0);
  }

  private void series(String prefix, List<Entry> first, Map<Integer, Entry> retries) {
    if (first.isEmpty()) {
      return;
    }
    List<Entry> good = first.stream().filter(Entry::isDone).toList();
    List<Entry> second =
        first.stream()
            .filter(e -> !e.isDone())
            .flatMap(e -> Stream.ofNullable(retries.get(e.number())))
            .filter(Entry::isDone)
            .toList();
    put(prefix + "count", first.size());
    put(prefix + "first", (double) good.size() / first.size());
    put(prefix + "second", (double) (good.size() + second.size()) / first.size());
    // Of the try that came out well, not of the time between.
    List<Long> nanos = Stream.concat(good.stream(), second.stream()).map(Entry::nanos).toList();
    if (nanos.isEmpty()) {
      return;
    }
    put(prefix + "p50", Quantile.of(nanos, 0.5) / 1e6);
    put(prefix + "p99", Quantile.of(nanos, 0.99) / 1e6);
    put(prefix + "max", Quantile.of(nanos, 1) / 1e6);
  }
}
