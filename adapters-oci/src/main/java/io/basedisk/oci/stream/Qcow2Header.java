package io.basedisk.oci.stream;

import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The start of an image's header, to name its format. The engine checks the rest when it opens the
 * image.
 *
 * <p>QEMU, "The QCOW2 Image Format", "Header": bytes 0 to 3 are the magic, 8 to 15 the offset of
 * the backing file's name, which is 0 if there is none.
 */
public final class Qcow2Header {

  private static final int MAGIC = 0x514649FB;
  private static final int BACKING_OFFSET = 8;
  private static final int BYTES = 16;

  private final ByteBuffer start;

  private Qcow2Header(ByteBuffer start) {
    this.start = start;
  }

  /**
   * {@return the start of a file}
   *
   * @param file the file
   */
  public static Qcow2Header read(Path file) {
    ByteBuffer start = ByteBuffer.allocate(BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (start.hasRemaining() && channel.read(start) >= 0) {
        // A shorter file leaves zeros.
      }
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
    return new Qcow2Header(start);
  }

  /** {@return whether the magic is that of qcow2} */
  public boolean isQcow2() {
    return start.getInt(0) == MAGIC;
  }

  /** {@return whether there is the name of a backing file} */
  boolean hasBackingName() {
    return start.getLong(BACKING_OFFSET) != 0;
  }
}
