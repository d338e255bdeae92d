package io.basedisk.cli.crash;

import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.adopt.Adoption;
import io.basedisk.domain.adopt.AdoptionPlan;
import io.basedisk.domain.adopt.AdoptionRequest;
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
          "rename",
          "remove",
          "sync",
          "describe",
          "seal",
          "settledStatus",
          "patchHeader");

  private final int last;
  private boolean counts;
  private int taken;

  private AdoptingProcess(int last) {
    this.last = last;
  }

  /** Takes the home, the tree, and the number of steps after which to stop. */
  public static void main(String[] args) throws IOException {
    AdoptingProcess process = new AdoptingProcess(Integer.parseInt(args[2]));
    DiskFiles files =
        process.stepped(DiskFiles.class, new LocalDiskFiles(OperatingSystem.current()));
    DiskImages images = process.stepped(DiskImages.class, new Qcow2DiskImages());
    try (BaseDisks home =
        BaseDisks.builder().home(Path.of(args[0])).files(files).images(images).open()) {
      Adoption adoption = home.adoption();
      AdoptionPlan plan =
          adoption.plan(new AdoptionRequest(Path.of(args[1]), null, ImmutableSet.of(), true));
      process.counts = true;
      adoption.adopt(plan);
      process.awaitKill();
    }
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
