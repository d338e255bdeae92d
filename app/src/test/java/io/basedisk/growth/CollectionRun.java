package io.basedisk.growth;

import com.google.common.base.Stopwatch;
import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.collect.GarbageCollection.Report;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A collection of a whole home in a JVM of its own, with a heap of a given size. */
final class CollectionRun {

  /**
   * The result of a collection.
   *
   * @param collected number of collected bases
   * @param kept number of kept bases
   * @param millis duration in milliseconds, without the start of the JVM
   */
  record Result(int collected, int kept, long millis) {}

  private CollectionRun() {}

  /** Collects in a new JVM, and returns the result. Fails if the heap is too small. */
  static Result of(Path home, int heapMebibytes) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CollectionRun.class.getName(),
                home.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new VerifyException("the collection of " + home + " failed: " + output);
    }
    ImmutableList<Long> figures =
        output.strip().lines().map(Long::valueOf).collect(ImmutableList.toImmutableList());
    return new Result(figures.get(0).intValue(), figures.get(1).intValue(), figures.get(2));
  }

  public static void main(String[] arguments) {
    try (BaseDisks disks = BaseDisks.open(Path.of(arguments[0]))) {
      Stopwatch watch = Stopwatch.createStarted();
      Report report = disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
      System.out.println(report.bases().collected().size());
      System.out.println(report.bases().kept().size());
      System.out.println(watch.elapsed(TimeUnit.MILLISECONDS));
    }
  }
}
