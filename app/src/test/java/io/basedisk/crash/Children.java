package io.basedisk.crash;

import com.google.common.base.VerifyException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Starts the processes of one test. All work on one home and write their logs to one directory. */
final class Children {

  private final Path home;
  private final Path logs;
  private final ChildJvm jvm;
  private final int threads;
  private final Random random;

  private Children(Path home, Path logs, ChildJvm jvm, int threads, Random random) {
    this.home = home;
    this.logs = logs;
    this.jvm = jvm;
    this.threads = threads;
    this.random = random;
  }

  /**
   * Prepares processes.
   *
   * @param directory directory of the test; the home does not exist yet
   * @param threads number of threads of each process
   */
  static Children of(Path directory, int threads, Random random) throws IOException {
    return new Children(
        directory.resolve("home"),
        Files.createDirectory(directory.resolve("logs")),
        ChildJvm.prepare(Files.createDirectory(directory.resolve("jvm"))),
        threads,
        random);
  }

  /**
   * Starts a process that loads its classes and then waits for {@link Child#go}.
   *
   * @param name prefix of the names of its actors. Processes that work at the same time need
   *     different names
   */
  Child start(String name) {
    return start(name, home);
  }

  /** Starts a process like {@link #start(String)}, for another home. */
  Child start(String name, Path home) {
    try {
      return new Child(
          jvm.run(
                  home.toString(),
                  logs.toString(),
                  name,
                  Integer.toString(threads),
                  Long.toString(random.nextLong()))
              .redirectError(Redirect.appendTo(logs.resolve(name + ".stderr").toFile()))
              .start());
    } catch (IOException e) {
      throw new VerifyException(e);
    }
  }

  /** Returns an audit of the home against the logs of its processes. */
  Audit audit() {
    return new Audit(home, logs);
  }
}
