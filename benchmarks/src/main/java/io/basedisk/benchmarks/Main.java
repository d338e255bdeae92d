package io.basedisk.benchmarks;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures all work with a bar, and prints which bars are met. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures basedisk and its peers (QEMU's tools, C programs and others) in turn, and prints"
          + " whether each bar is met. The page cache is warm. Figures are medians, and ratios are"
          + " medians of pairs.",
      "On a busy machine, trust the ratios more than the figures."
    })
public final class Main implements Callable<Integer> {

  private static final ImmutableMap<String, Work> WORKS =
      ImmutableMap.<String, Work>builder()
          .put("start", new StartWork())
          .put("fork", new ForkWork())
          .put("convert", new ConvertWork())
          .put("transfer", new TransferWork())
          .put("read", new ReadWork())
          .put("inspect", new InspectWork())
          .put("growth", new GrowthWork())
          .put("memory", new MemoryWork())
          .build();

  /** The work that is measured again on a file system with reflinks. */
  private static final Work SHARED = new ConvertWork();

  @Option(names = "--quick", description = "Take fewer rounds: under five minutes.")
  private boolean quick;

  @Option(
      names = "--check",
      description = "Fail if a ratio is behind its bar by more than the spread.")
  private boolean check;

  @Option(
      names = "--only",
      paramLabel = "WORK",
      split = ",",
      description =
          "Measure only these works: start, fork, convert, transfer, read, inspect, growth,"
              + " memory.")
  private List<String> only = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Number of rounds for each work.")
  private int rounds;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      required = true,
      description = "Work directory. The benchmarks measure its file system.")
  private Path directory = Path.of("");

  @Option(
      names = "--reflinks-in",
      paramLabel = "DIR",
      description = "Second work directory, on a file system with reflinks.")
  private @Nullable Path reflinks;

  @Option(names = "--limit", required = true, hidden = true)
  private Path limit = Path.of("");

  @Option(names = "--root", required = true, hidden = true)
  private Path root = Path.of("");

  @Option(
      names = "--jdk",
      paramLabel = "DIR",
      description = "A JDK to measure the command line on. Can be repeated.")
  private List<Path> jdks = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
  private @Nullable Path json;

  /**
   * Runs the benchmarks and ends the process.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Session session =
        new Session(
            Place.of(directory),
            rounds > 0 ? rounds : quick ? 5 : 15,
            quick,
            limit,
            root,
            ImmutableList.copyOf(jdks.isEmpty() ? List.of(thisJdk()) : jdks));
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Work> work : WORKS.entrySet()) {
      if (only.isEmpty() || only.contains(work.getKey())) {
        rows.addAll(measure(work.getKey(), work.getValue(), session));
      }
    }
    if (reflinks != null && (only.isEmpty() || only.contains("convert"))) {
      rows.addAll(measure("convert, reflinks", SHARED, session.at(Place.of(reflinks))));
    }
    Report report = new Report(ImmutableList.copyOf(rows));
    Map<String, Object> machine = machine(session);
    System.out.println();
    machine.forEach((name, value) -> System.out.println(name + ": " + value));
    System.out.println();
    report.print(System.out);
    if (json != null) {
      report.writeJson(json, machine);
      System.out.println("\nall figures: " + json);
    }
    return check && !report.holds() ? 1 : 0;
  }

  /** Measures one work. If it fails, the other works are measured nevertheless. */
  private static List<Row> measure(String name, Work work, Session session)
      throws InterruptedException {
    long start = System.nanoTime();
    System.err.print("measuring " + name + " on " + session.place().fileSystem() + " ...");
    try {
      return work.measure(session);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(name + ": " + Throwables.getStackTraceAsString(e), e);
    } finally {
      System.err.printf(" %.0f s%n", io.basedisk.benchmarks.Command.seconds(start));
    }
  }

  private static Path thisJdk() {
    return Path.of(System.getProperty("java.home"));
  }

  private static Map<String, Object> machine(Session session)
      throws IOException, InterruptedException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("file system", session.place().fileSystem());
    machine.put("page cache", "warm");
    machine.put("rounds", session.rounds());
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("kernel", System.getProperty("os.version"));
    machine.put(
        "qemu",
        io.basedisk.benchmarks.Command.of("qemu-img", "--version")
            .run()
            .lines()
            .findFirst()
            .orElse(""));
    if (Files.isReadable(Path.of("/proc/loadavg"))) {
      machine.put("load average", Files.readString(Path.of("/proc/loadavg")).strip());
    }
    return machine;
  }
}
