package io.basedisk.cli;

import com.google.common.base.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that may be installed on the machine that runs the tests. */
final class ShellTools {

  private ShellTools() {}

  /** {@return whether all these programs are in the path} */
  static boolean areThere(String... names) {
    return Arrays.stream(names).allMatch(ShellTools::isThere);
  }

  private static boolean isThere(String name) {
    return Splitter.on(':')
        .splitToStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
