package org.everpost.testkit.botnet;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;

/**
 * A siege second by second, in a form that can be kept and drawn.
 *
 * @param name of the siege
 * @param quietBegin in seconds since the beginning
 * @param floodBegin the same
 * @param floodEnd the same; equal to the beginning where there was no flood
 */
public record Chronicle(
    String name, int quietBegin, int floodBegin, int floodEnd, List<Second> seconds) {

  /**
   * One second.
   *
   * @param cpu processors the server kept busy
   * @param connected connections of the botnet
   * @param served those of them on which the server said something
   * @param queries DNS queries that came in this second
   * @param series what the honest experienced that began in it
   */
  public record Second(
      int number,
      double cpu,
      long residentOctets,
      long privateOctets,
      int connected,
      int served,
      long queries,
      Map<Series, Experience> series) {
    public Second {
      series = Map.copyOf(series);
    }
  }

  /**
   * Of one kind, in one second.
   *
   * @param good how many came out well
   * @param bad how many did not, except newcomers who were asked to come again
   */
  public record Experience(double p50Millis, double p99Millis, int good, int bad) {

    static Experience of(List<Entry> entries) {
      List<Long> good = entries.stream().filter(Entry::isDone).map(Entry::nanos).toList();
      long greylisted = entries.stream().filter(Experience::isGreylisted).count();
      return new Experience(
          Quantile.of(good, 0.5) / 1e6,
          Quantile.of(good, 0.99) / 1e6,
          good.size(),
          (int) (entries.size() - good.size() - greylisted));
    }

    private static boolean isGreylisted(Entry entry) {
      return entry.series() == Series.NEWCOMER
          && entry.attempt() == 1
          && entry.outcome() == Outcome.DEFERRED;
    }
  }

  private static final String SEPARATOR = "\t";
  private static final int FIXED_COLUMNS = 7;
  private static final int COLUMNS_OF_SERIES = 4;

  public Chronicle {
    Objects.requireNonNull(name, "name");
    seconds = List.copyOf(seconds);
  }

  /** As lines of text: a head, and one for each second. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.join(SEPARATOR, name, "" + quietBegin, "" + floodBegin, "" + floodEnd));
    for (Second second : seconds) {
      List<String> cells = new ArrayList<>();
      cells.add("" + second.number);
      cells.add("" + second.cpu);
      cells.add("" + second.residentOctets);
      cells.add("" + second.privateOctets);
      cells.add("" + second.connected);
      cells.add("" + second.served);
      cells.add("" + second.queries);
      for (Series series : Series.values()) {
        Experience its = second.series.get(series);
        cells.add(its == null ? "" : "" + its.p50Millis);
        cells.add(its == null ? "" : "" + its.p99Millis);
        cells.add(its == null ? "" : "" + its.good);
        cells.add(its == null ? "" : "" + its.bad);
      }
      lines.add(String.join(SEPARATOR, cells));
    }
    return lines;
  }

  /** From {@link #lines}. */
  public static Chronicle parse(List<String> lines) {
    String[] head = lines.getFirst().split(SEPARATOR, -1);
    List<Second> seconds = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(SEPARATOR, -1);
      Map<Series, Experience> series = new EnumMap<>(Series.class);
      int at = FIXED_COLUMNS;
      for (Series each : Series.values()) {
        if (!cells[at].isEmpty()) {
          series.put(
              each,
              new Experience(
                  Double.parseDouble(cells[at]),
                  Double.parseDouble(cells[at + 1]),
                  Integer.parseInt(cells[at + 2]),
                  Integer.parseInt(cells[at + 3])));
        }
        at += COLUMNS_OF_SERIES;
      }
      seconds.add(
          new Second(
              Integer.parseInt(cells[0]),
              Double.parseDouble(cells[1]),
              Long.parseLong(cells[2]),
              Long.parseLong(cells[3]),
              Integer.parseInt(cells[4]),
              Integer.parseInt(cells[5]),
              Long.parseLong(cells[6]),
              series));
    }
    return new Chronicle(
        head[0],
        Integer.parseInt(head[1]),
        Integer.parseInt(head[2]),
        Integer.parseInt(head[3]),
        seconds);
  }
}
