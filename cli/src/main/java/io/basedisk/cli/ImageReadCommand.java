package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** {@code basedisk image read}. */
final class ImageReadCommand extends Command {

  private static final int CHUNK = 1 << 20;

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<Long> offset =
      takes.parameter("OFFSET", Numbers::bytes, "The first byte, as a SIZE that may be 0.");

  private final Argument<Long> length =
      takes.parameter(
          "LENGTH",
          Numbers::bytes,
          "The number of bytes, in the same units. They must be within the disk.");

  private final SourceImage source = new SourceImage(takes);

  ImageReadCommand(RootCommand root) {
    super(root, "Writes the bytes of a part of a disk to standard output.");
    examples("  basedisk image read disk.qcow2 0 512 | xxd");
  }

  @Override
  public Integer call() {
    if (root.json()) {
      throw new InvalidArgumentException("--json: the bytes of a disk are no JSON document");
    }
    try (OpenDisk disk = source.open(root.images(), root, file.get());
        ProgressLine progress = root.progress("read")) {
      copy(disk, offset.get(), length.get(), progress);
      return ExitCode.DONE.number();
    }
  }

  private void copy(OpenDisk disk, long start, long count, Progress progress) {
    if (count > disk.virtualSize() || start > disk.virtualSize() - count) {
      throw new InvalidArgumentException(
          file.get()
              + ": has "
              + disk.virtualSize()
              + " bytes: there are no "
              + count
              + " at offset "
              + start);
    }
    OutputStream out = root.console().bytes();
    byte[] chunk = new byte[(int) Math.min(CHUNK, count)];
    try {
      for (long done = 0; done < count; ) {
        int size = (int) Math.min(chunk.length, count - done);
        disk.read(start + done, ByteBuffer.wrap(chunk, 0, size));
        out.write(chunk, 0, size);
        done += size;
        progress.at(done, count);
      }
      out.flush();
    } catch (IOException e) {
      throw new StorageException("cannot write to standard output", e);
    }
  }
}
