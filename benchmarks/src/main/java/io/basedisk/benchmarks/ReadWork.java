package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.qcow2.image.DiskImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Reads through chains, with everything in the page cache. */
final class ReadWork implements Work {

  private static final int QEMU_READS = 100_000;
  private static final Pattern QEMU_TIME = Pattern.compile("completed in ([0-9.]+) seconds");
  private static final int DEEP = 64;

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = session.place();
    Path one = Disks.chain(place, "read-1", 1, 1L << 30, Disks.MIB);
    Path deep = Disks.chain(place, "read-64", DEEP, 1L << 30, Disks.MIB);
    Path raw = place.file("read.raw");
    Command.of("qemu-img", "convert", "-O", "raw", one.toString(), raw.toString()).run();
    ImmutableList<Samples> reads =
        Contest.run(
            place, 1, session.rounds(), () -> ours(one), () -> withQemu(one), () -> ours(deep));
    ImmutableList<Samples> all =
        Contest.run(
            place,
            1,
            session.fewRounds(),
            () -> digest(one),
            () -> Command.of("sha256sum", raw.toString()).time());
    Files.delete(raw);
    Files.delete(one);
    for (int layer = 0; layer < DEEP; layer++) {
      Files.delete(place.file("read-64-" + layer + ".qcow2"));
    }
    String where = place.fileSystem();
    return ImmutableList.of(
        Row.seconds(Bar.READ, where, reads.get(0), reads.get(1), null),
        Row.seconds(Bar.READ_DEEP, where, reads.get(2), reads.get(0), null),
        Row.seconds(Bar.READ_ALL, where, all.get(0), all.get(1), null));
  }

  /** Runs JMH in this process. With processes of its own, it could not take turns with qemu-img. */
  private static double ours(Path image) throws Exception {
    var options =
        new OptionsBuilder()
            .include(ChainReads.class.getSimpleName())
            .param("image", image.toString())
            .forks(0)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(300))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(500))
            .verbosity(VerboseMode.SILENT)
            .build();
    return Iterables.getOnlyElement(new Runner(options).run()).getPrimaryResult().getScore() / 1e9;
  }

  private static double withQemu(Path image) throws Exception {
    String output =
        Command.of(
                "qemu-img",
                "bench",
                "-d",
                "1",
                "-c",
                Integer.toString(QEMU_READS),
                "-s",
                Integer.toString(ChainReads.LENGTH),
                "-S",
                Integer.toString(ChainReads.STEP),
                "-f",
                "qcow2",
                image.toString())
            .run();
    Matcher time = QEMU_TIME.matcher(output);
    if (!time.find()) {
      throw new IOException("qemu-img bench printed " + output);
    }
    return Double.parseDouble(time.group(1)) / QEMU_READS;
  }

  private static double digest(Path image) throws Exception {
    long start = System.nanoTime();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ByteBuffer buffer = ByteBuffer.allocateDirect(Disks.MIB);
    try (DiskImage disk = Disks.open(image)) {
      for (long at = 0; at < disk.virtualSize(); at += buffer.capacity()) {
        disk.read(at, buffer.clear());
        digest.update(buffer.flip());
      }
    }
    return Command.seconds(start) + 0 * digest.digest()[0];
  }
}
