package io.basedisk.qcow2.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fuzzes every use of images for a while, each in a process of its own with a heap of 256 MiB.
 * Findings go to a directory, to be fixed and added to the regression inputs. The corpus stays
 * there too, for the next run.
 */
public final class FuzzRun {

  /** Time limit of an input, including waits. {@link ImageFuzzer} limits processor time. */
  private static final int HANG_SECONDS = 600;

  private static final int MAX_INPUT_BYTES = 8192;

  /** Part of the log to print for a finding. */
  private static final int FINDING_LINES = 40;

  private final long seconds;
  private final Path directory;

  private FuzzRun(long seconds, Path directory) {
    this.seconds = seconds;
    this.directory = directory;
  }

  /**
   * Runs the fuzzer, and exits with 1 after a finding.
   *
   * @param arguments the seconds for each use; the directory; the uses, none for all
   */
  public static void main(String[] arguments) throws Exception {
    FuzzRun run = new FuzzRun(Long.parseLong(arguments[0]), Path.of(arguments[1]));
    List<String> failed = new ArrayList<>();
    FuzzSeeds.main(new String[] {run.directory.resolve("seeds").toString()});
    for (ImageUse use : ImageUse.values()) {
      boolean chosen = arguments.length == 2 || List.of(arguments).contains(use.name());
      if (chosen && !run.fuzz(use)) {
        failed.add(use.name());
      }
    }
    if (!failed.isEmpty()) {
      System.err.println("findings in " + failed + ": see " + run.directory);
      System.exit(1);
    }
  }

  private boolean fuzz(ImageUse use) throws IOException, InterruptedException {
    System.out.println("fuzzing " + use + " for " + seconds + " s");
    Path corpus = Files.createDirectories(directory.resolve("corpus").resolve(use.name()));
    Path findings = Files.createDirectories(directory.resolve("findings").resolve(use.name()));
    Path log = directory.resolve(use + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + ImageFuzzer.class.getName(),
                "--target_args=" + use,
                "--instrumentation_includes=io.basedisk.**",
                "--custom_hook_includes=io.basedisk.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-timeout=" + HANG_SECONDS,
                "-rss_limit_mb=0",
                "-max_len=" + MAX_INPUT_BYTES,
                "-max_total_time=" + seconds,
                corpus.toString(),
                directory.resolve("seeds").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(2 * seconds + 3 * HANG_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    boolean passed = ended && process.exitValue() == 0;
    List<String> lines = Files.readAllLines(log);
    lines.stream().filter(line -> line.startsWith("Done")).forEach(System.out::println);
    if (!passed) {
      lines.stream().skip(Math.max(0, lines.size() - FINDING_LINES)).forEach(System.out::println);
    }
    return passed;
  }
}
