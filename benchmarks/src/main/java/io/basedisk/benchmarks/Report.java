package io.basedisk.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The results, as a table and as JSON. */
final class Report {

  private static final String LINE = "%-44s %-12s %9s  %-38s %9s  %5s %-13s %6s  %s%n";

  private final ImmutableList<Row> rows;

  Report(ImmutableList<Row> rows) {
    this.rows = rows;
  }

  void print(PrintStream out) {
    out.printf(LINE, "work", "on", "ours", "peer", "limit", "ratio", " (quartiles)", "bar", "met");
    for (Row row : rows) {
      Optional<Samples> ratios = row.ratios();
      out.printf(
          LINE,
          row.work(),
          row.where(),
          figure(row, row.ours()),
          row.bar().peer()
              + row.peer().map(peer -> ": " + figure(row, Optional.of(peer))).orElse(""),
          figure(row, row.limit()),
          ratios.map(all -> number(all.median())).orElse("-"),
          ratios.map(Report::quartiles).orElse(""),
          Double.isFinite(row.bar().maxRatio()) ? number(row.bar().maxRatio()) : "-",
          verdict(row));
    }
  }

  private static String verdict(Row row) {
    if (row.failure() != null) {
      return "NO: " + row.failure().strip().lines().findFirst().orElse("it failed");
    }
    if (Double.isInfinite(row.bar().maxRatio())) {
      return "-";
    }
    return row.isMet() ? "yes" : row.isBehind() ? "NO" : "no, within the spread";
  }

  private static String quartiles(Samples ratios) {
    return " " + number(ratios.lowerQuartile()) + "-" + number(ratios.upperQuartile());
  }

  private static String number(double value) {
    return String.format("%.3f", value).substring(0, 5);
  }

  private static String figure(Row row, Optional<Samples> samples) {
    if (samples.isEmpty()) {
      return "-";
    }
    double median = samples.get().median();
    if (row.unit() == Row.Unit.BYTES) {
      return String.format("%.2f MiB", median / Disks.MIB);
    }
    if (median < 1e-3) {
      return String.format("%.2f us", median * 1e6);
    }
    return median < 1 ? String.format("%.2f ms", median * 1e3) : String.format("%.2f s", median);
  }

  void writeJson(Path file, Map<String, Object> machine) throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("bar", row.bar().name());
      one.put("work", row.work());
      one.put("on", row.where());
      one.put("unit", row.unit().name().toLowerCase(Locale.ROOT));
      one.put("peerName", row.bar().peer());
      put(one, "ours", row.ours());
      put(one, "peer", row.peer());
      put(one, "limit", row.limit());
      put(one, "ratio", row.ratios());
      if (Double.isFinite(row.bar().maxRatio())) {
        one.put("most", row.bar().maxRatio());
      }
      one.put("met", row.isMet());
      one.put("behind", row.isBehind());
      if (row.failure() != null) {
        one.put("failure", row.failure());
      }
      all.add(one);
    }
    Map<String, Object> document = new LinkedHashMap<>(machine);
    document.put("rows", all);
    JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).write(document, file.toFile());
  }

  private static void put(Map<String, Object> row, String name, Optional<Samples> samples) {
    samples.ifPresent(
        some -> {
          Map<String, Object> figures = new LinkedHashMap<>();
          figures.put("median", some.median());
          figures.put("lowerQuartile", some.lowerQuartile());
          figures.put("upperQuartile", some.upperQuartile());
          figures.put("samples", some.values());
          row.put(name, figures);
        });
  }

  /** {@return whether no ratio is behind its bar by more than the spread} */
  boolean holds() {
    return rows.stream().noneMatch(Row::isBehind);
  }
}
