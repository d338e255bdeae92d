package io.basedisk.oci.image;

import io.basedisk.oci.artifact.Contents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Contents with the magic of qcow2. */
final class Disks {

  private Disks() {}

  static byte[] qcow2(int length) {
    byte[] bytes = Contents.bytes(length, 11);
    ByteBuffer.wrap(bytes).putInt(0x514649FB).putInt(3).putLong(0);
    return bytes;
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
