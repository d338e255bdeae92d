package io.basedisk.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** Where the program starts. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Console console =
        new Console(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            System.getenv());
    System.exit(new Program(console).run(args));
  }
}
