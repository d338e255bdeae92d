package io.basedisk.growth;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.Stopwatch;
import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.math.Quantiles;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.growth.GrownHome.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Measures how long operations take in homes of several sizes, and prints a table in Markdown.
 *
 * <p>All homes are open at the same time and take turns, so that a disturbance of the machine slows
 * all of them.
 */
public final class GrowthRun {

  private static final ImmutableList<Size> SIZES =
      ImmutableList.of(
          new Size(100, 500, 500, 10),
          new Size(10_000, 50_000, 5_000, 1_000),
          new Size(100_000, 500_000, 5_000, 10_000));

  /** One listing of the whole home for so many rounds of the other operations. */
  private static final int ROUNDS_A_LISTING = 10;

  private static final int HEAP_MEBIBYTES = 256;
  private static final ByteSize DISK = ByteSize.parse("1G");
  private static final SnapshotName FIRST = new SnapshotName("first");
  private static final SnapshotName SECOND = new SnapshotName("second");

  private final Map<String, Map<Size, List<Double>>> times = new LinkedHashMap<>();

  private GrowthRun() {}

  /**
   * Runs the measurement.
   *
   * @param arguments a work directory; the number of rounds; and the number of bases of the largest
   *     home
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    int rounds = Integer.parseInt(arguments[1]);
    int most = Integer.parseInt(arguments[2]);
    GrowthRun run = new GrowthRun();
    List<Measured> homes = new ArrayList<>();
    try {
      for (Size size : SIZES.stream().filter(size -> size.bases() <= most).toList()) {
        GrownHome home = GrownHome.make(directory.resolve("home-" + size.bases()), size);
        homes.add(run.new Measured(home, BaseDisks.open(home.layout().home())));
      }
      for (int i = 0; i < rounds; i++) {
        homes.forEach(Measured::operate);
      }
      for (int i = 0; i <= rounds / ROUNDS_A_LISTING; i++) {
        homes.forEach(Measured::list);
      }
      for (Measured home : homes) {
        home.disks.close();
        home.collect();
      }
      run.print(homes.stream().map(measured -> measured.home.size()).toList());
    } finally {
      homes.forEach(home -> home.disks.close());
      MoreFiles.deleteDirectoryContents(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void print(List<Size> sizes) {
    System.out.println(
        sizes.stream()
            .map(
                size -> String.format("%,d bases, %,d references", size.bases(), size.references()))
            .collect(Collectors.joining(" | ", "| ms | ", " |")));
    System.out.println("|---|" + "---:|".repeat(sizes.size()));
    times.forEach(
        (operation, ofSizes) ->
            System.out.println(
                ofSizes.values().stream()
                    .map(ms -> String.format("%.2f", Quantiles.median().compute(ms)))
                    .collect(Collectors.joining(" | ", "| " + operation + " | ", " |"))));
  }

  /** One home and its operations. */
  private final class Measured {

    private final GrownHome home;
    private final BaseDisks disks;

    Measured(GrownHome home, BaseDisks disks) {
      this.home = home;
      this.disks = disks;
    }

    /** Runs each operation once, and leaves the home unchanged. */
    void operate() {
      BoxId box = BoxId.of("measured");
      BoxId clone = BoxId.of("measured-2");
      time("open the home", () -> BaseDisks.open(home.layout().home()).close());
      time("create a box", () -> disks.boxes().create(box, DISK));
      time("fork", () -> disks.snapshots().create(box, FIRST));
      disks.snapshots().create(box, SECOND);
      time("clone", () -> disks.clones().cloneSnapshot(box, FIRST, ImmutableList.of(clone)));
      time("show a box", () -> disks.boxes().get(clone));
      time("restore", () -> disks.snapshots().restore(box, FIRST, null));
      time("collect one base", () -> disks.snapshots().remove(box, SECOND));
      time("remove a box", () -> disks.boxes().remove(clone, SnapshotsOnRemoval.REFUSE));
      disks.boxes().remove(box, SnapshotsOnRemoval.REMOVE);
      time("tree of one box", () -> disks.lineage().treesOf(home.someBox()));
      time("`du` of one box", () -> disks.space().of(home.someBox()));
    }

    /** Runs the operations that read the whole home. */
    void list() {
      time("list all boxes", () -> disks.boxes().list());
      time("list all bases", () -> disks.bases().list(BaseFilter.ALL));
      time("tree of everything", () -> disks.lineage().trees());
      time("`du` of everything", () -> disks.space().ofHome());
      time("`gc`, dry run", () -> disks.garbageCollection().plan(GarbageCollection.Scope.DEFAULT));
    }

    /** Collects unused bases in a small heap, which reads every header. */
    void collect() {
      try {
        CollectionRun.Result result = CollectionRun.of(home.layout().home(), HEAP_MEBIBYTES);
        checkState(result.collected() == home.size().garbage(), "it collected %s", result);
        add("`gc`, one base in ten goes, heap of 256 MiB", (double) result.millis());
      } catch (IOException | InterruptedException e) {
        throw new VerifyException(e);
      }
    }

    private void time(String operation, Runnable work) {
      Stopwatch watch = Stopwatch.createStarted();
      work.run();
      add(operation, watch.elapsed(TimeUnit.NANOSECONDS) / 1e6);
    }

    private void add(String operation, double ms) {
      times
          .computeIfAbsent(operation, unused -> new LinkedHashMap<>())
          .computeIfAbsent(home.size(), unused -> new ArrayList<>())
          .add(ms);
    }
  }
}
