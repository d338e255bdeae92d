package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** A fork and the collection of its base, in a small and in a large store. */
final class GrowthWork implements Work {

  private static final int FEW = 100;
  private static final int MANY = 100_000;

  /** Number of forks in one measurement. */
  private static final int FORKS = 10;

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = session.place();
    try (Store few = Store.with(FEW, place.fresh("few"));
        Store many = Store.with(MANY, place.fresh("many"))) {
      ImmutableList<Samples> times =
          Contest.run(
              place, 2, session.rounds(), many::fork, few::fork, many::collect, few::collect);
      String where = place.fileSystem();
      return ImmutableList.of(
          Row.seconds(Bar.FORK_AMONG_MANY, where, times.get(0), times.get(1), null),
          Row.seconds(Bar.COLLECT_AMONG_MANY, where, times.get(2), times.get(3), null));
    } finally {
      Place.remove(place.file("few"));
      Place.remove(place.file("many"));
    }
  }

  /** A home with many bases, each with its own box. */
  private record Store(BaseDisks disks) implements AutoCloseable {

    static Store with(int bases, Path home) throws IOException {
      BaseDisks.open(home).close();
      HomeLayout layout = new HomeLayout(home);
      try (SqliteBaseDiskStore store =
          SqliteBaseDiskStore.open(layout.db().resolve("basedisk.db"))) {
        store.change(tx -> insert(tx, bases, layout));
      }
      return new Store(BaseDisks.open(home));
    }

    private static void insert(StoreTransaction tx, int bases, HomeLayout layout) {
      Random random = new Random(1);
      Instant now = Instant.now();
      for (int i = 0; i < bases; i++) {
        BaseDiskId id = BaseDiskId.mint(random);
        BoxId box = BoxId.of("old-" + i);
        Path file = layout.baseFile(id);
        touch(file);
        tx.bases()
            .insert(
                new BaseDisk(
                    id,
                    box,
                    null,
                    BaseDiskKind.CLONE_BASE,
                    new DiskInfo(file, 1 << 30, 0),
                    null,
                    now));
        tx.boxes().insert(new Box(box, layout.disksDirectory(box), now));
        tx.references().put(new Reference(id, box, DiskSlot.CONTAINER));
      }
    }

    /** Creates an empty file. Only its name counts, since the benchmark never reads other bases. */
    private static void touch(Path file) {
      try {
        Files.createFile(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    double fork() {
      for (int i = 0; i < FORKS; i++) {
        disks.boxes().create(box(i), ByteSize.parse("1G"));
      }
      long start = System.nanoTime();
      for (int i = 0; i < FORKS; i++) {
        disks.bases().create(box(i), BaseDiskKind.CLONE_BASE, null);
      }
      double seconds = Command.seconds(start) / FORKS;
      remove();
      return seconds;
    }

    double collect() {
      for (int i = 0; i < FORKS; i++) {
        disks.boxes().create(box(i), ByteSize.parse("1G"));
        disks.bases().create(box(i), BaseDiskKind.CLONE_BASE, null);
      }
      return remove() / FORKS;
    }

    /** Removes the boxes, which collects their bases too. */
    private double remove() {
      long start = System.nanoTime();
      for (int i = 0; i < FORKS; i++) {
        disks.boxes().remove(box(i), SnapshotsOnRemoval.REFUSE);
      }
      return Command.seconds(start);
    }

    private static BoxId box(int number) {
      return BoxId.of("new-" + number);
    }

    @Override
    public void close() {
      disks.close();
    }
  }
}
