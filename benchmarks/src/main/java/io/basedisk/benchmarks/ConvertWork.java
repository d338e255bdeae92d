package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flattening a chain, and compressing a disk. */
final class ConvertWork implements Work {

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    rows.add(flatten(session));
    if (!session.place().hasReflinks()) {
      Path raw = Disks.mixed(session.place(), "mixed.raw");
      rows.addAll(compress(session, raw, CompressionType.ZLIB, Bar.ZLIB, Bar.ZLIB_SIZE));
      rows.addAll(compress(session, raw, CompressionType.ZSTD, Bar.ZSTD, Bar.ZSTD_SIZE));
      Files.delete(raw);
    }
    return rows.build();
  }

  private static Row flatten(Session session) throws Exception {
    Place place = session.place();
    Path top = Disks.chain(place, "flatten", 4, 1L << 30, 8 * Disks.MIB);
    Path ours = place.file("flat-ours.qcow2");
    Path theirs = place.file("flat-qemu.qcow2");
    Path copy = place.file("flat-copy.qcow2");
    Command qemu =
        Command.of("qemu-img", "convert", "-O", "qcow2", top.toString(), theirs.toString());
    // The same data in one file.
    Path flat = place.file("flatten-0.qcow2");
    Command cp = Command.of("cp", "--reflink=auto", flat.toString(), copy.toString());
    ImmutableList<Samples> times =
        Contest.run(
            place,
            1,
            session.fewRounds(),
            () -> convert(() -> Disks.open(top), Qcow2Options.DEFAULT, ours),
            () -> durably(qemu, theirs),
            () -> durably(cp, copy));
    for (int layer = 0; layer < 4; layer++) {
      Files.delete(place.file("flatten-" + layer + ".qcow2"));
    }
    Bar bar = place.hasReflinks() ? Bar.FLATTEN_SHARED : Bar.FLATTEN;
    return Row.seconds(bar, place.fileSystem(), times.get(0), times.get(1), times.get(2));
  }

  private static ImmutableList<Row> compress(
      Session session, Path raw, CompressionType type, Bar time, Bar size) throws Exception {
    Place place = session.place();
    Path ours = place.file("compressed-ours.qcow2");
    Path theirs = place.file("compressed-qemu.qcow2");
    Path limit = place.file("compressed.zst");
    Qcow2Options options = Qcow2Options.DEFAULT.withCompression(Compression.of(type));
    Command qemu =
        Command.of(
            "qemu-img",
            "convert",
            "-c",
            "-f",
            "raw",
            "-O",
            "qcow2",
            "-o",
            "compression_type=" + type.label(),
            raw.toString(),
            theirs.toString());
    Command zstd = Command.of("zstd", "-q", "-f", "-T0", raw.toString(), "-o", limit.toString());
    long[] sizes = new long[2];
    ImmutableList<Samples> times =
        Contest.run(
            place,
            1,
            session.fewRounds(),
            () -> convert(() -> openRaw(raw), options, ours, sizes),
            () -> durably(qemu, theirs, sizes),
            () -> durably(zstd, limit));
    return ImmutableList.of(
        Row.seconds(
            time,
            place.fileSystem(),
            times.get(0),
            times.get(1),
            type == CompressionType.ZSTD ? times.get(2) : null),
        Row.bytes(
            size,
            place.fileSystem(),
            Samples.of(ImmutableList.of((double) sizes[0])),
            Samples.of(ImmutableList.of((double) sizes[1]))));
  }

  private static DiskImage openRaw(Path raw) {
    return DiskImage.open(raw, ImageFormat.RAW, OpenPolicy.nothing());
  }

  private interface Source {
    DiskImage open();
  }

  private static double convert(Source source, Qcow2Options options, Path to) throws Exception {
    return convert(source, options, to, new long[2]);
  }

  private static double convert(Source source, Qcow2Options options, Path to, long[] sizes)
      throws Exception {
    long start = System.nanoTime();
    try (DiskImage disk = source.open()) {
      new Conversion(disk, to, Progress.NONE).toQcow2(options);
    }
    double seconds = Command.seconds(start);
    sizes[0] = Files.size(to);
    Files.delete(to);
    return seconds;
  }

  private static double durably(Command command, Path made) throws Exception {
    return durably(command, made, new long[2]);
  }

  private static double durably(Command command, Path made, long[] sizes) throws Exception {
    long start = System.nanoTime();
    command.run();
    Place.sync(made);
    double seconds = Command.seconds(start);
    sizes[1] = Files.size(made);
    Files.delete(made);
    return seconds;
  }
}
