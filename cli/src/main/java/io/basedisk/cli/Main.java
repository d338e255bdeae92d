package io.basedisk.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/** The entry point of the program. */
public final class Main {

  private Main() {}

  /**
   * Runs one command. If its exit code is not 0, the process ends with it. Otherwise the method
   * returns, so that the launcher's rehearsal can run the next command.
   *
   * @param args the arguments of the command line
   */
  public static void main(String[] args) {
    boolean isTerminal = isTerminal("/dev/stderr");
    Console console =
        new Console(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            System.getenv(),
            isTerminal,
            new ConsoleInput(new FileInputStream(FileDescriptor.in), isTerminal("/dev/stdin")),
            new OutputScreen(isTerminal("/dev/stdout"), System.getenv()));
    int code = new Program(console).run(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Checks one stream, because Java checks only all three streams at once. */
  private static boolean isTerminal(String stream) {
    try {
      String device = Path.of(stream).toRealPath().toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
