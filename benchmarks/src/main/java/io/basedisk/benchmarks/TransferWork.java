package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.place.ArtifactPlaces;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Exporting a disk as an archive, and importing it. */
final class TransferWork implements Work {

  private static final BoxId BOX = BoxId.of("web");
  private static final BoxId COPY = BoxId.of("copy");
  private static final SnapshotName SNAPSHOT = new SnapshotName("v1");

  /** Number of disks of {@link Disks#mixed} one after the other. */
  private static final int PARTS = 4;

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = session.place();
    Path archive = place.file("travel.tar");
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    try (BaseDisks source = BaseDisks.open(place.fresh("travel-source"));
        BaseDisks target = BaseDisks.open(place.fresh("travel-target"))) {
      Path raw = Disks.mixed(place, "travel.raw", PARTS);
      Path base = makeBase(source, BOX, raw);
      rows.addAll(exports(session, source, raw, base));
      Files.delete(raw);
      rows.add(imports(session, source, target, base, archive));
    }
    Files.delete(archive);
    Place.remove(place.file("travel-source"));
    Place.remove(place.file("travel-target"));
    return rows.build();
  }

  private static Path makeBase(BaseDisks source, BoxId box, Path raw) {
    source.boxes().createFromImage(box, ImageSource.raw(raw), null, Progress.NONE);
    BaseDisk base = source.snapshots().create(box, SNAPSHOT);
    return base.diskInfo().basePath();
  }

  private static ImmutableList<Row> exports(Session session, BaseDisks source, Path raw, Path base)
      throws Exception {
    Place place = session.place();
    Path converted = place.file("travel-qemu.qcow2");
    Command tar =
        Command.of(
            "bash",
            "-o",
            "pipefail",
            "-c",
            "tar -cf - -C \"$0\" \"$1\" | zstd -q -T0 | sha256sum",
            base.getParent().toString(),
            base.getFileName().toString());
    Command qemu =
        Command.of(
            "qemu-img",
            "convert",
            "-c",
            "-O",
            "qcow2",
            "-o",
            "compression_type=zstd",
            base.toString(),
            converted.toString());
    ImmutableList<Samples> times =
        Contest.run(
            place,
            1,
            session.fewRounds(),
            () -> export(source, raw, place),
            tar::time,
            () -> {
              double seconds = qemu.time();
              Files.delete(converted);
              return seconds;
            });
    return ImmutableList.of(
        Row.seconds(Bar.EXPORT_BY_TAR, place.fileSystem(), times.get(0), times.get(1), null),
        Row.seconds(Bar.EXPORT_BY_QEMU, place.fileSystem(), times.get(0), times.get(2), null));
  }

  /**
   * Exports a new base, so that its digest is computed too. The archive goes to a pipe that
   * discards it, as that of the peer does.
   */
  private static double export(BaseDisks source, Path raw, Place place) throws Exception {
    makeBase(source, COPY, raw);
    place.settle();
    long start = System.nanoTime();
    try (LayerStore archive =
        places(place).writeArchive(OutputStream.nullOutputStream(), "the pipe")) {
      Transfer.send(source, COPY, SNAPSHOT, archive);
    }
    double seconds = Command.seconds(start);
    source.boxes().remove(COPY, SnapshotsOnRemoval.REMOVE);
    return seconds;
  }

  private static Row imports(
      Session session, BaseDisks source, BaseDisks target, Path base, Path archive)
      throws Exception {
    Place place = session.place();
    try (LayerStore made = places(place).createArchive(archive)) {
      Transfer.send(source, BOX, SNAPSHOT, made);
    }
    Path compressed = place.file("travel.zst");
    Command.of("zstd", "-q", "-f", "-T0", base.toString(), "-o", compressed.toString()).run();
    Command zstd =
        Command.of(
            "bash",
            "-o",
            "pipefail",
            "-c",
            "zstd -q -d -c \"$0\" | sha256sum",
            compressed.toString());
    ImmutableList<Samples> times =
        Contest.run(
            place, 1, session.fewRounds(), () -> receive(target, place, archive), zstd::time);
    Files.delete(compressed);
    return Row.seconds(Bar.IMPORT, place.fileSystem(), times.get(0), times.get(1), null);
  }

  private static double receive(BaseDisks target, Place place, Path archive) {
    long start = System.nanoTime();
    try (LayerStore opened = places(place).openArchive(archive)) {
      Transfer.receive(target, COPY, opened);
    }
    double seconds = Command.seconds(start);
    target.boxes().remove(COPY, SnapshotsOnRemoval.REMOVE);
    return seconds;
  }

  private static ArtifactPlaces places(Place place) {
    return ArtifactPlaces.using(place.directory());
  }
}
