package example.fleet;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clones a fleet of boxes in a pool of threads, cancels one batch, and removes all: {@code Fleet
 * HOME}.
 */
public final class Fleet implements AutoCloseable {

  private static final BoxId GOLDEN = BoxId.of("golden");
  private static final SnapshotName INSTALLED = new SnapshotName("installed");

  private final BaseDisks disks;
  private final ExecutorService pool = Executors.newFixedThreadPool(4);

  private Fleet(BaseDisks disks) {
    this.disks = disks;
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    try (BaseDisks disks = BaseDisks.open(home);
        Fleet fleet = new Fleet(disks)) {
      fleet.importGolden(image(home.resolveSibling(home.getFileName() + ".raw")));
      fleet.cloneInParallel(4, 10);
      fleet.cancelABatch();
      fleet.removeAll();
    }
  }

  private static Path image(Path file) throws IOException {
    byte[] content = new byte[32 << 20];
    new Random().nextBytes(content);
    return Files.write(file, content);
  }

  private void importGolden(Path image) {
    Progress percent = (done, total) -> System.out.println("import: " + 100 * done / total + " %");
    disks.boxes().createFromImage(GOLDEN, ImageSource.raw(image), null, percent);
    disks.snapshots().create(GOLDEN, INSTALLED);
  }

  /** Each batch is one operation: all of its boxes are made, or none. */
  private void cloneInParallel(int batches, int boxes) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      List<BoxId> names = names("batch-" + i, boxes);
      running.add(pool.submit(() -> disks.clones().cloneSnapshot(GOLDEN, INSTALLED, names)));
    }
    for (Future<?> batch : running) {
      batch.get();
    }
    check(disks.boxes().list().size() == 1 + batches * boxes, "all boxes of all batches exist");
  }

  /** Cancellation is an interrupt of the operation's thread: the batch is rolled back. */
  private void cancelABatch() throws Exception {
    List<BoxId> names = names("cancelled", 1000);
    CountDownLatch hasStarted = new CountDownLatch(1);
    CountDownLatch isRolledBack = new CountDownLatch(1);
    Progress untilCancelled =
        (done, total) -> {
          if (done == 10) {
            hasStarted.countDown();
            waitForInterrupt();
          }
        };
    Future<?> batch =
        pool.submit(
            () -> {
              try {
                disks.clones().cloneSnapshot(GOLDEN, INSTALLED, names, untilCancelled);
              } catch (InterruptedOperationException e) {
                System.out.println(e.getMessage());
                isRolledBack.countDown();
              }
            });
    hasStarted.await();
    batch.cancel(true);
    // cancel() returns at once. The thread may still be rolling back.
    check(isRolledBack.await(1, TimeUnit.HOURS), "the batch ended");
    check(
        disks.boxes().list().stream().noneMatch(box -> names.contains(box.box().id())),
        "no box of it is left");
    check(
        disks.doctor().examine(Doctor.Depth.METADATA).findings().isEmpty(), "the home is in order");
  }

  /** Makes the moment of the cancellation certain; a real program would show the progress here. */
  private static void waitForInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeAll() throws ExecutionException, InterruptedException {
    List<Future<?>> removals = new ArrayList<>();
    for (BoxDetails box : disks.boxes().list()) {
      BoxId id = box.box().id();
      removals.add(pool.submit(() -> disks.boxes().remove(id, SnapshotsOnRemoval.REMOVE)));
    }
    for (Future<?> removal : removals) {
      removal.get();
    }
    check(disks.boxes().list().isEmpty(), "no box is left");
    check(disks.bases().list(BaseFilter.ALL).isEmpty(), "the shared base went with its last box");
  }

  private static List<BoxId> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> BoxId.of(prefix + "-" + i)).toList();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not true: " + what);
    }
    System.out.println("ok: " + what);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
