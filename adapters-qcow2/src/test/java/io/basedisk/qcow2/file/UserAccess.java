package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Access to a file as another user who is in no group of the file. Needs root. */
final class UserAccess {

  private UserAccess() {}

  /** Returns whether a user can read a file. */
  static boolean toRead(Path file, int user) throws IOException {
    return by(user, "cat", file.toString());
  }

  /** Returns whether a user can open a file for writing. */
  static boolean toWrite(Path file, int user) throws IOException {
    return by(user, "dd", "if=/dev/null", "of=" + file, "conv=notrunc");
  }

  /** Runs a command as a user, and returns whether it succeeds. */
  static boolean by(int user, String... command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"));
    all.addAll(List.of(command));
    Process process;
    try {
      process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "setpriv is not there");
      throw e;
    }
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
