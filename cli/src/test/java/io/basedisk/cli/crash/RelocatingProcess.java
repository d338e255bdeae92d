package io.basedisk.cli.crash;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.RelocatableHome;
import io.basedisk.domain.home.HomeRelocation.Declared;
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
 * A process that relocates a home and stops before a step. It prints the number of steps taken, and
 * waits to be killed.
 */
final class RelocatingProcess {

  private static final Set<String> STEPS =
      Set.of("write", "rename", "remove", "sync", "describe", "patchHeader", "setModifiedAt");

  private final int last;
  private int taken;

  private RelocatingProcess(int last) {
    this.last = last;
  }

  /** Takes the home, and the number of steps after which to stop, at the latest at the end. */
  public static void main(String[] args) throws IOException {
    RelocatingProcess process = new RelocatingProcess(Integer.parseInt(args[1]));
    DiskFiles files =
        process.stepped(DiskFiles.class, new LocalDiskFiles(OperatingSystem.current()));
    DiskImages images = process.stepped(DiskImages.class, new Qcow2DiskImages());
    try (RelocatableHome home =
        BaseDisks.builder().home(Path.of(args[0])).files(files).images(images).openRelocatable()) {
      home.relocation().relocate(Declared.NOTHING);
      process.awaitKill();
    }
  }

  private <T> T stepped(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              if (STEPS.contains(method.getName())) {
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
