package org.everpost.testkit.botnet;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.everpost.testkit.botnet.Chronicle.Experience;
import org.everpost.testkit.botnet.Chronicle.Second;
import org.everpost.testkit.botnet.Journal.Series;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Sieges as a picture: for each a row, on the left what the honest waited, on the right what the
 * server bore.
 */
public final class Picture {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;
  private static final double LONGEST_MILLIS = 30_000;
  private static final double SHORTEST_MILLIS = 1;
  private static final float THICK = 2f;
  private static final float THIN = 1f;

  private static final Map<Series, Color> COLOURS = new EnumMap<>(Series.class);

  static {
    COLOURS.put(Series.KNOWN, new Color(0x1B7837));
    COLOURS.put(Series.NEWCOMER, new Color(0xE08214));
    COLOURS.put(Series.IMAP, new Color(0x2166AC));
    COLOURS.put(Series.SUBMISSION, new Color(0x762A83));
    COLOURS.put(Series.STATUS, new Color(0x4D4D4D));
  }

  private Picture() {}

  /** Draws them, one below the other, into a PNG file. */
  public static void draw(List<Chronicle> sieges, Path file) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (Chronicle siege : sieges) {
      charts.add(latency(siege));
      charts.add(load(siege));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(charts, sieges.size(), 2, out, BitmapFormat.PNG);
    }
  }

  private static XYChart latency(Chronicle siege) {
    XYChart chart = chart(siege, siege.name() + ": latency (– p99, ·· p50, × not served)", "ms");
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(SHORTEST_MILLIS);
    chart.getStyler().setYAxisMax(LONGEST_MILLIS);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    COLOURS.forEach((series, colour) -> {
      String name = Figures.lower(series);
      XYSeries slow =
          line(chart, siege, name, experience(series, e -> millis(e, e.p99Millis())), colour);
      if (series == Series.STATUS) {
        // Not every second has one, so there are no lines between them.
        slow.setMarker(SeriesMarkers.CIRCLE);
        slow.setMarkerColor(colour);
      }
      XYSeries median =
          line(
              chart,
              siege,
              name + " p50",
              experience(series, e -> millis(e, e.p50Millis())),
              colour);
      median.setLineStyle(SeriesLines.DOT_DOT);
      median.setLineWidth(THIN);
      median.setShowInLegend(false);
      XYSeries failed =
          line(
              chart,
              siege,
              name + " failed",
              experience(series, e -> e.bad() > 0 ? LONGEST_MILLIS : Double.NaN),
              colour);
      failed.setLineStyle(SeriesLines.NONE);
      failed.setMarker(SeriesMarkers.CROSS);
      failed.setMarkerColor(colour);
      failed.setShowInLegend(false);
    });
    return chart;
  }

  private static double millis(Experience experience, double value) {
    return experience.good() == 0 ? Double.NaN : Math.clamp(value, SHORTEST_MILLIS, LONGEST_MILLIS);
  }

  private static ToDoubleFunction<Second> experience(
      Series series, ToDoubleFunction<Experience> value) {
    return second -> {
      Experience its = second.series().get(series);
      return its == null ? Double.NaN : value.applyAsDouble(its);
    };
  }

  private static XYChart load(Chronicle siege) {
    XYChart chart = chart(siege, "server: load", "processors");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMin(1, 0.0);
    chart.setYAxisGroupTitle(1, "connections of the botnet");
    chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
    line(chart, siege, "processors", Second::cpu, new Color(0xB2182B));
    line(chart, siege, "connected", Second::connected, new Color(0x2166AC)).setYAxisGroup(1);
    line(chart, siege, "greeted", Second::served, new Color(0x92C5DE)).setYAxisGroup(1);
    return chart;
  }

  private static XYChart chart(Chronicle siege, String title, String unit) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("s")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setAnnotationLineColor(Color.RED);
    chart.getStyler().setAnnotationLineStroke(new BasicStroke(THIN));
    if (siege.floodEnd() > siege.floodBegin()) {
      chart.addAnnotation(new AnnotationLine(siege.floodBegin(), true, false));
      chart.addAnnotation(new AnnotationLine(siege.floodEnd(), true, false));
    }
    return chart;
  }

  private static XYSeries line(
      XYChart chart, Chronicle siege, String name, ToDoubleFunction<Second> value, Color colour) {
    List<Second> seconds = siege.seconds();
    double[] x = seconds.stream().mapToDouble(Second::number).toArray();
    double[] y = seconds.stream().mapToDouble(value).toArray();
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(colour);
    series.setLineWidth(THICK);
    series.setLineStyle(SeriesLines.SOLID);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }
}
