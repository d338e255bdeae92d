package io.basedisk.benchmarks;

import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Disks for the benchmarks, the same in every run. */
final class Disks {

  static final int MIB = 1 << 20;

  private Disks() {}

  /**
   * Creates a chain of images that together have all clusters of a disk.
   *
   * @param run length in bytes of each run of data in a layer
   * @return the top of the chain
   */
  static Path chain(Place place, String name, int depth, long size, long run) throws Exception {
    Path below = null;
    for (int layer = 0; layer < depth; layer++) {
      Path image = place.file(name + "-" + layer + ".qcow2");
      create(image, below, size);
      StringBuilder writes = new StringBuilder();
      // The lowest image has the whole disk, and each image above it a different part.
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
   * Creates a raw disk of 128 MiB that is similar to a system disk. Three quarters are classes,
   * symbols and text from the modules of this JVM; one quarter does not compress.
   */
  static Path mixed(Place place, String name) throws IOException {
    return mixed(place, name, 1);
  }

  /**
   * Creates a raw disk of several times 128 MiB, as {@link #mixed(Place, String)} does. No two
   * parts are the same.
   */
  static Path mixed(Place place, String name, int parts) throws IOException {
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
      for (int part = 0; part < parts; part++) {
        for (long at = 0; at < 96L * MIB; at += 3 * MIB) {
          from.transferTo(at, 3 * MIB, to);
          random.nextBytes(noise);
          to.write(ByteBuffer.wrap(noise));
        }
      }
      to.force(true);
    }
    return disk;
  }

  static DiskImage open(Path image) {
    return DiskImage.open(image, OpenPolicy.inside(image.getParent()));
  }
}
