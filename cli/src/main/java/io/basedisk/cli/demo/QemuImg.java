package io.basedisk.cli.demo;

import io.basedisk.cli.render.Text;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** The program {@code qemu-img}, which checks files independently if it is installed. */
public final class QemuImg {

  private static final String NAME = "qemu-img";

  private final Path program;

  private QemuImg(Path program) {
    this.program = program;
  }

  /**
   * Finds the program.
   *
   * @param searchPath directories, in the syntax of the environment variable PATH
   * @return the program; empty if no directory has it
   */
  public static Optional<QemuImg> find(String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator, -1)) {
      Path program = Path.of(directory, NAME);
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(new QemuImg(program));
      }
    }
    return Optional.empty();
  }

  /** Checks the consistency of images. */
  Check check(Collection<Path> images) {
    String what =
        "qemu-img check finds every file clean (" + Text.count(images.size(), "file") + ")";
    for (Path image : images) {
      String problem = problemOf(image);
      if (!problem.isEmpty()) {
        return new Check(what, image + ": " + problem);
      }
    }
    return Check.passed(what);
  }

  private String problemOf(Path image) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "check", "-q", "-f", "qcow2", image.toString())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      int code = process.waitFor();
      return code == 0 ? "" : "it ended with " + code;
    } catch (IOException e) {
      return "it could not be run: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
