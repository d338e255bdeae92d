package io.basedisk.cli.crash;

import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.adopt.Adoption;
import io.basedisk.domain.adopt.AdoptionPlan;
import io.basedisk.domain.adopt.AdoptionRequest;
import io.basedisk.domain.adopt.HomeAdoption;
import io.basedisk.domain.adopt.HomeAdoptionPlan;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;

/**
 * A process that adopts a tree into a home and stops before a step. It prints the number of steps
 * taken, and waits to be killed.
 */
final class AdoptingProcess {

  private static final Set<String> STEPS =
      Set.of(
          "createDirectory",
          "link",
          "copy",
          "copyAttributes",
          "importImage",
          "setModifiedAt",
          "rename",
          "remove",
          "sync",
          "describe",
          "seal",
          "settledStatus",
          "patchHeader");

  /** Moves the disks of a directory into the home. */
  static final String MOVE = "move";

  /** Copies the disks of a home of BoxLite. */
  static final String COPY = "copy";

  private final int last;
  private boolean counts;
  private int taken;

  private AdoptingProcess(int last) {
    this.last = last;
  }

  /** Runs an adoption, kills it after at most {@code steps} steps, and returns their number. */
  static int kill(Path home, Path tree, int steps, String way)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AdoptingProcess.class.getName(),
                home.toString(),
                tree.toString(),
                String.valueOf(steps),
                way)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // The process prints the number of its steps, then waits to be killed.
    try (var out = process.inputReader()) {
      return Integer.parseInt(String.valueOf(out.readLine()));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Takes the home, the tree, the number of steps after which to stop, and the way. */
  public static void main(String[] args) throws IOException {
    AdoptingProcess process = new AdoptingProcess(Integer.parseInt(args[2]));
    DiskFiles files =
        process.stepped(DiskFiles.class, new LocalDiskFiles(OperatingSystem.current()));
    DiskImages images = process.stepped(DiskImages.class, new Qcow2DiskImages());
    try (BaseDisks home =
        BaseDisks.builder().home(Path.of(args[0])).files(files).images(images).open()) {
      if (args[3].equals(COPY)) {
        process.copy(home, Path.of(args[1]));
      } else {
        process.move(home, Path.of(args[1]));
      }
      process.awaitKill();
    }
  }

  private void move(BaseDisks home, Path tree) {
    Adoption adoption = home.adoption();
    AdoptionPlan plan = adoption.plan(new AdoptionRequest(tree, null, ImmutableSet.of(), true));
    counts = true;
    adoption.adopt(plan);
  }

  private void copy(BaseDisks home, Path boxLite) {
    HomeAdoption adoption = home.homeAdoption();
    HomeAdoptionPlan plan = adoption.plan(boxLite);
    counts = true;
    adoption.adopt(plan);
  }

  private <T> T stepped(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              if (counts && STEPS.contains(method.getName())) {
                if (taken == last) {
                  awaitKill();
                }
                taken++;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void awaitKill() throws IOException {
    System.out.println(taken);
    System.out.flush();
    while (System.in.read() >= 0) {
      // Nothing is ever written: the end of the input means that the parent is gone.
    }
  }
}
