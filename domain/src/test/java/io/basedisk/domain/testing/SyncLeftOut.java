package io.basedisk.domain.testing;

import io.basedisk.domain.port.DiskFiles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Leaves out one sync of an operation, to see whether a test of power cuts finds that. */
public final class SyncLeftOut {

  private SyncLeftOut() {}

  /**
   * Returns a change of ports that leaves out the {@code n}-th sync of a path, counted from 0.
   *
   * @param synced gets every path, also the one that is left out
   */
  public static UnaryOperator<BoundPorts> of(int n, List<Path> synced) {
    return ports ->
        ports.withFiles(
            DiskFiles.class.cast(
                Proxy.newProxyInstance(
                    SyncLeftOut.class.getClassLoader(),
                    new Class<?>[] {DiskFiles.class},
                    (proxy, method, arguments) -> {
                      if (method.getName().equals("sync")) {
                        pathsOf(arguments[0]).forEach(path -> sync(ports.files(), path, n, synced));
                        return null;
                      }
                      try {
                        return method.invoke(ports.files(), arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    })));
  }

  private static List<Path> pathsOf(Object argument) {
    return argument instanceof List<?> list
        ? list.stream().map(Path.class::cast).toList()
        : List.of((Path) argument);
  }

  private static void sync(DiskFiles files, Path path, int n, List<Path> synced) {
    synced.add(path);
    if (synced.size() - 1 != n) {
      files.sync(path);
    }
  }
}
