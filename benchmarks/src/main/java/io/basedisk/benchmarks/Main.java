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

/** Measures everything that there is a bar for, and prints what is met. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures basedisk beside QEMU's tools, C and others, in turn, and prints for each bar whether"
          + " it is met. With a warm page cache. Figures are medians; ratios are taken pair by pair.",
      "A figure of a machine that does something else too says little: ratios say more."
    })
public final class Main implements Callable<Integer> {

  private static final ImmutableMap<String, Work> WORKS =
      ImmutableMap.<String, Work>builder()
          .put("start", new StartWork())
          .put("fork", new ForkWork())
          .put("convert", new ConvertWork())
          .put("read", new ReadWork())
          .put("inspect", new InspectWork())
          .put("growth", new GrowthWork())
          .put("memory", new MemoryWork())
          .build();

  /** What is different where files can share blocks. */
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
      description = "Do only that: start, fork, convert, read, inspect, growth or memory.")
  private List<String> only = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "How often each is measured.")
  private int rounds;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      required = true,
      description = "Where to work; its file system is the one that is measured.")
  private Path directory = Path.of("");

  @Option(
      names = "--reflinks-in",
      paramLabel = "DIR",
      description = "A directory on a file system with reflinks.")
  private @Nullable Path reflinks;

  @Option(names = "--limit", required = true, hidden = true)
  private Path limit = Path.of("");

  @Option(names = "--root", required = true, hidden = true)
  private Path root = Path.of("");

  @Option(
      names = "--jdk",
      paramLabel = "DIR",
      description = "A JDK to measure the command line on; may be repeated.")
  private List<Path> jdks = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures.")
  private @Nullable Path json;

  /** Runs it, and ends the process. */
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

  /** Measures one thing; that it can't be measured must not lose the rest. */
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
