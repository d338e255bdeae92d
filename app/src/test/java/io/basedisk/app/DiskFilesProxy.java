package io.basedisk.app;

import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Real files that report each step, with its first path, before they do it. */
public final class DiskFilesProxy {

  private DiskFilesProxy() {}

  /**
   * Returns files that call {@code before} before each step.
   *
   * @param before receives the name of the step and its first path
   */
  public static DiskFiles of(BiConsumer<String, Path> before) {
    DiskFiles real = new LocalDiskFiles(OperatingSystem.current());
    return (DiskFiles)
        Proxy.newProxyInstance(
            DiskFiles.class.getClassLoader(),
            new Class<?>[] {DiskFiles.class},
            (proxy, method, arguments) -> {
              if (arguments[0] instanceof Path path) {
                before.accept(method.getName(), path);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
