package io.basedisk.qcow2.check;

import io.basedisk.domain.image.CheckResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of {@code qemu-img check} for an image.
 *
 * @param exit exit code: 0 for clean, 2 for corruptions, 3 for leaks, 1 for a failed check
 * @param counts numbers in the result, by name; a missing number is 0; empty without a result
 * @param output the whole output
 */
public record QemuCheck(int exit, Map<String, Long> counts, String output) {

  private static final Pattern NUMBER = Pattern.compile("\"([a-z-]+)\": (\\d+)");

  public static QemuCheck of(Path image) {
    return run("qemu-img", "check", "--output=json", alone(image));
  }

  /** Lets QEMU repair an image. */
  static QemuCheck repair(Path image, String scope) {
    return run("qemu-img", "check", "-r", scope, "--output=json", alone(image));
  }

  /** Returns the content of an image, with zeros for unreadable parts. */
  static byte[] salvage(Path image) throws IOException {
    Path raw = image.resolveSibling("salvaged");
    run(
        "qemu-img",
        "convert",
        "--salvage",
        "-f",
        "qcow2",
        "-O",
        "raw",
        image.toString(),
        raw.toString());
    return Files.exists(raw) ? Files.readAllBytes(raw) : new byte[0];
  }

  /** Returns whether two images have different content; unreadable parts are ignored. */
  static boolean readDifferently(Path one, Path other) {
    return run("qemu-img", "compare", alone(one), alone(other)).exit == 1;
  }

  private static QemuCheck run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Long> counts = new HashMap<>();
      for (Matcher number = NUMBER.matcher(output); number.find(); ) {
        counts.put(number.group(1), Long.valueOf(number.group(2)));
      }
      return new QemuCheck(process.waitFor(), counts, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens the image without its backing file, whose name may be damaged. */
  private static String alone(Path image) {
    return "json:{'driver': 'qcow2', 'backing': null, 'file': {'driver': 'file', 'filename': 'IT'}}"
        .replace('\'', '"')
        .replace("IT", image.toString());
  }

  boolean hasErrors() {
    return exit == 1 || exit == 2;
  }

  boolean hasLeaks() {
    return count("leaks") > 0;
  }

  /** Returns whether all references were followed and counted. */
  boolean isComplete() {
    return !counts.isEmpty();
  }

  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** Returns our result in QEMU's terms. */
  public static Map<String, Long> countsOf(CheckResult result) {
    Map<String, Long> counts = new HashMap<>();
    counts.put("corruptions", result.corruptions());
    counts.put("leaks", result.leaks());
    counts.put("check-errors", result.checkErrors());
    counts.put("total-clusters", result.totalClusters());
    counts.put("allocated-clusters", result.allocatedClusters());
    counts.put("fragmented-clusters", result.fragmentedClusters());
    counts.put("compressed-clusters", result.compressedClusters());
    counts.put("image-end-offset", result.imageEndOffset());
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  /** Returns QEMU's result without zeros. */
  public Map<String, Long> nonZeroCounts() {
    Map<String, Long> nonZero = new HashMap<>(counts);
    nonZero.values().removeIf(count -> count == 0);
    return nonZero;
  }
}
