package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterators;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.ImageMap;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Checks and maps of an image with much metadata: small clusters, every second one written. */
final class InspectWork implements Work {

  private static final int CLUSTER = 4 << 10;
  private static final long SIZE = 512L << 20;

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = session.place();
    Path raw = place.file("inspect.raw");
    writeEveryOther(raw);
    Path image = place.file("inspect.qcow2");
    Command.of(
            "qemu-img",
            "convert",
            "-f",
            "raw",
            "-O",
            "qcow2",
            "-o",
            "cluster_size=" + CLUSTER,
            raw.toString(),
            image.toString())
        .run();
    Files.delete(raw);
    String name = image.toString();
    ImmutableList<Samples> times =
        Contest.run(
            place,
            3,
            session.rounds(),
            () -> check(image),
            () -> Command.of("qemu-img", "check", "-q", name).time(),
            () -> map(image),
            () -> Command.of("qemu-img", "map", "--output=json", name).time());
    Files.delete(image);
    String where = place.fileSystem();
    return ImmutableList.of(
        Row.seconds(Bar.CHECK, where, times.get(0), times.get(1), null),
        Row.seconds(Bar.MAP, where, times.get(2), times.get(3), null));
  }

  private static void writeEveryOther(Path raw) throws Exception {
    try (FileChannel channel =
        FileChannel.open(raw, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer cluster = ByteBuffer.allocateDirect(CLUSTER).put(0, (byte) 1);
      for (long at = 0; at < SIZE; at += 2 * CLUSTER) {
        channel.write(cluster.rewind(), at);
      }
      channel.write(ByteBuffer.allocate(1), SIZE - 1);
    }
  }

  private static double check(Path image) {
    long start = System.nanoTime();
    if (!RefcountCheck.check(image).isClean()) {
      throw new IllegalStateException(image + " is not clean");
    }
    return Command.seconds(start);
  }

  private static double map(Path image) {
    long start = System.nanoTime();
    try (DiskImage disk = Disks.open(image)) {
      if (Iterators.size(ImageMap.of(disk)) < SIZE / CLUSTER - 1) {
        throw new IllegalStateException(image + " has too few extents");
      }
    }
    return Command.seconds(start);
  }
}
