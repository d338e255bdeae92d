package io.basedisk.cli;

import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output, which remembers that the reader of a pipe closed it. Java does not let the
 * system end the program then, as other programs end.
 */
final class PipedOutput extends FilterOutputStream {

  private boolean isClosedByReader;

  PipedOutput(OutputStream out) {
    super(out);
  }

  /** {@return whether a write failed because no process reads the pipe any more} */
  boolean isClosedByReader() {
    return isClosedByReader;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    try {
      out.write(bytes, offset, count);
    } catch (IOException e) {
      isClosedByReader |= isBrokenPipe(e);
      throw e;
    }
  }

  /** The system's message may be in the user's language; on Linux the pipe's name tells more. */
  private boolean isBrokenPipe(IOException failure) {
    if ("Broken pipe".equals(failure.getMessage())) {
      return true;
    }
    if (!(out instanceof FileOutputStream)) {
      return false;
    }
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return name.startsWith("pipe:") || name.startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
