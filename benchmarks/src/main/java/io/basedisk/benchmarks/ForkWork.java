package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import java.io.IOException;
import java.nio.file.Path;

/** Forks of clean disks, and clones in a batch. */
final class ForkWork implements Work {

  /** Number of forks in one measurement, since one fork is too short. */
  private static final int FORKS = 20;

  private static final int CLONES = 1000;

  /** Number of warm-up measurements: two thousand forks, until the JVM has compiled the code. */
  private static final int WARMUPS = 100;

  /**
   * Number of directories so far. They stay until the end: before ext4 takes a new inode, it looks
   * at every inode that was freed recently.
   */
  private int directories;

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = new Place(session.place().fresh("forks"), session.place().fileSystem());
    ImmutableList<Samples> forks;
    try (BaseDisks disks = BaseDisks.open(fresh(place))) {
      for (int i = 0; i < WARMUPS; i++) {
        fork(disks);
      }
      forks =
          Contest.run(
              place,
              1,
              session.rounds(),
              () -> fork(disks),
              () -> limit(session, place, "fork", FORKS),
              () -> createWithQemu(place));
    }
    ImmutableList<Samples> clones =
        Contest.run(
            place,
            1,
            session.fewRounds(),
            () -> clones(place),
            () -> createWithQemu(place),
            () -> limit(session, place, "overlays", CLONES));
    Place.remove(place.directory());
    String where = place.fileSystem();
    Samples ours = forks.get(0);
    return ImmutableList.of(
        Row.seconds(Bar.FORK_BY_C, where, ours, forks.get(1), forks.get(1)),
        Row.seconds(Bar.FORK_BY_QEMU, where, ours, forks.get(2), forks.get(1)),
        Row.seconds(Bar.CLONES, where, clones.get(0), clones.get(1), clones.get(2)));
  }

  private double fork(BaseDisks disks) {
    ImmutableList<BoxId> boxes = names("fork-" + directories++, FORKS);
    boxes.forEach(box -> disks.boxes().create(box, ByteSize.parse("10G")));
    long start = System.nanoTime();
    boxes.forEach(box -> disks.bases().create(box, BaseDiskKind.CLONE_BASE, null));
    return Command.seconds(start) / FORKS;
  }

  private Path fresh(Place place) throws IOException {
    return place.fresh(Integer.toString(directories++));
  }

  private double limit(Session session, Place place, String what, int count) throws Exception {
    String directory = fresh(place).toString();
    return Double.parseDouble(
        Command.of(session.limit().toString(), what, directory, Integer.toString(count))
            .run()
            .strip());
  }

  private double createWithQemu(Place place) throws Exception {
    Path directory = fresh(place);
    String base = directory.resolve("base.qcow2").toString();
    Command.of("qemu-img", "create", "-q", "-f", "qcow2", base, "10G").run();
    long start = System.nanoTime();
    for (int i = 0; i < FORKS; i++) {
      Path overlay = directory.resolve(i + ".qcow2");
      Command.of(
              "qemu-img",
              "create",
              "-q",
              "-f",
              "qcow2",
              "-b",
              base,
              "-F",
              "qcow2",
              overlay.toString())
          .run();
      Place.sync(overlay);
    }
    return Command.seconds(start) / FORKS;
  }

  private double clones(Place place) throws Exception {
    try (BaseDisks disks = BaseDisks.open(fresh(place))) {
      BoxId box = BoxId.of("source");
      disks.boxes().create(box, ByteSize.parse("10G"));
      ImmutableList<BoxId> clones = names("clone", CLONES);
      long start = System.nanoTime();
      disks.clones().cloneBox(box, clones);
      return Command.seconds(start) / CLONES;
    }
  }

  private static ImmutableList<BoxId> names(String prefix, int count) {
    ImmutableList.Builder<BoxId> names = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      names.add(BoxId.of(prefix + "-" + i));
    }
    return names.build();
  }
}
