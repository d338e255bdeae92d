package io.basedisk.benchmarks;

import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Disks to work on, the same ones every time. */
final class Disks {

  static final int MIB = 1 << 20;

  private Disks() {}

  /**
   * Makes a chain of images that together have all clusters of a disk.
   *
   * @param run the bytes that a layer has on end, before it leaves as many to those below it
   * @return the top of the chain
   */
  static Path chain(Place place, String name, int depth, long size, long run) throws Exception {
    Path below = null;
    for (int layer = 0; layer < depth; layer++) {
      Path image = place.file(name + "-" + layer + ".qcow2");
      create(image, below, size);
      StringBuilder writes = new StringBuilder();
      // The lowest one has all of the disk; those above it each a part of their own.
      long step = layer == 0 ? run : depth * run;
      for (long at = layer == 0 ? 0 : layer * run; at < size; at += step) {
        writes.append("write -q -P ").append(layer + 1).append(' ').append(at).append(' ');
        writes.append(Math.min(run, size - at)).append('\n');
      }
      Command.of("qemu-io", "-t", "writeback", image.toString()).reading(writes.toString()).run();
      Place.sync(image);
      below = image;
    }
    return below;
  }

  private static void create(Path image, Path below, long size) throws Exception {
    if (below == null) {
      Command.of("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), Long.toString(size))
          .run();
    } else {
      Command.of(
              "qemu-img",
              "create",
              "-q",
              "-f",
              "qcow2",
              "-b",
              below.toString(),
              "-F",
              "qcow2",
              image.toString())
          .run();
    }
  }

  /**
   * Makes a raw disk of 128 MiB that is like a system's: three quarters are classes, symbols and
   * text out of this JVM's own modules; a quarter does not compress.
   */
  static Path mixed(Place place, String name) throws IOException {
    Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
    Random random = new Random(1);
    byte[] noise = new byte[MIB];
    Path disk = place.file(name);
    try (FileChannel from = FileChannel.open(modules);
        FileChannel to =
            FileChannel.open(
                disk,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long at = 0; at < 96L * MIB; at += 3 * MIB) {
        from.transferTo(at, 3 * MIB, to);
        random.nextBytes(noise);
        to.write(ByteBuffer.wrap(noise));
      }
      to.force(true);
    }
    return disk;
  }

  static DiskImage open(Path image) {
    return DiskImage.open(image, OpenPolicy.inside(image.getParent()));
  }
}
