package io.basedisk.app.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code basedisk image read}. */
@Command(
    name = "read",
    description = "Writes a part of a disk to standard output, as its bytes.",
    footerHeading = "%nExample:%n",
    footer = "  basedisk image read disk.qcow2 0 512 | xxd")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageReadCommand implements Callable<Integer> {

  private static final int CHUNK = 1 << 20;

  private final RootCommand root;

  @Parameters(paramLabel = "FILE", description = "The image.")
  private Path file;

  @Parameters(
      paramLabel = "OFFSET",
      converter = ByteCount.class,
      description = "Where in the disk to start: bytes, or with K, M, G or T behind it.")
  private long offset;

  @Parameters(
      paramLabel = "LENGTH",
      converter = ByteCount.class,
      description = "How many bytes, in the same way; the disk must have so many.")
  private long length;

  @Mixin private SourceImage source = new SourceImage();

  ImageReadCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (root.json()) {
      throw new InvalidArgumentException("--json: the bytes of a disk are no JSON document");
    }
    try (OpenImage image = source.open(root, file);
        ProgressLine progress = root.progress("read")) {
      DiskImage disk = image.disk();
      if (length > disk.virtualSize() || offset > disk.virtualSize() - length) {
        throw new InvalidArgumentException(
            file
                + ": has "
                + disk.virtualSize()
                + " bytes: there are no "
                + length
                + " at offset "
                + offset);
      }
      copy(disk, root.console().bytes(), progress);
      return ExitCode.DONE.number();
    }
  }

  private void copy(DiskImage disk, OutputStream out, Progress progress) {
    byte[] chunk = new byte[(int) Math.min(CHUNK, length)];
    try {
      for (long done = 0; done < length; ) {
        int count = (int) Math.min(chunk.length, length - done);
        disk.read(offset + done, ByteBuffer.wrap(chunk, 0, count));
        out.write(chunk, 0, count);
        done += count;
        progress.at(done, length);
      }
      out.flush();
    } catch (IOException e) {
      throw new StorageException("cannot write to standard output", e);
    }
  }
}
