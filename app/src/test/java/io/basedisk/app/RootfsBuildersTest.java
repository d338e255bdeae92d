package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.qcow2.Qcow2DiskImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rootfs cache as an embedder uses it, on real files. */
class RootfsBuildersTest {

  private static final RootfsKey KEY = new RootfsKey("debian");
  private static final ByteSize SIZE = ByteSize.parse("1M");
  private static final int OBJECTS = 3;
  private static final int THREADS = 9;

  @TempDir private Path directory;

  @Test
  void one_builder_runs_though_many_open_homes_and_threads_ask_at_once() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    List<BaseDisks> homes = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int i = 0; i < OBJECTS; i++) {
        homes.add(open());
      }
      List<Callable<BaseDiskId>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        BaseDisks disks = homes.get(i % OBJECTS);
        all.add(
            () ->
                disks
                    .rootfs()
                    .getOrCreate(
                        KEY,
                        image -> {
                          runs.incrementAndGet();
                          Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(200));
                          build(image);
                        })
                    .details()
                    .base()
                    .id());
      }
      ImmutableSet.Builder<BaseDiskId> got = ImmutableSet.builder();
      for (Future<BaseDiskId> one : threads.invokeAll(all)) {
        got.add(one.get());
      }
      assertEquals(1, got.build().size());
    } finally {
      threads.shutdownNow();
      homes.forEach(BaseDisks::close);
    }
    assertEquals(1, runs.get());
  }

  @Test
  void a_builder_that_dies_or_leaves_its_file_open_leaves_nothing_and_lets_the_next_try()
      throws IOException {
    try (BaseDisks disks = open()) {
      assertThrows(
          AssertionError.class,
          () ->
              disks
                  .rootfs()
                  .getOrCreate(
                      KEY,
                      image -> {
                        build(image);
                        throw new AssertionError("the builder dies");
                      }));
      List<FileChannel> open = new ArrayList<>();
      assertThrows(
          RefusedException.class,
          () ->
              disks
                  .rootfs()
                  .getOrCreate(
                      KEY,
                      image -> {
                        build(image);
                        open.add(writer(image));
                      }));
      open.get(0).close();
      assertEquals(0, disks.home().bases().toFile().list().length);

      disks.rootfs().getOrCreate(KEY, RootfsBuildersTest::build);
      assertEquals(1, disks.home().bases().toFile().list().length);
    }
  }

  @Test
  void an_attached_rootfs_keeps_its_entry_until_the_box_goes() {
    try (BaseDisks disks = open()) {
      BoxId web = BoxId.of("web");
      BoxDetails created = disks.boxes().create(web, SIZE);
      disks.rootfs().getOrCreate(KEY, RootfsBuildersTest::build);
      BaseDiskId base = disks.rootfs().attach(web, KEY).id();
      Box box = created.box();

      assertEquals(
          base.fileName(),
          Path.of(
                  new Qcow2DiskImages()
                      .readHeader(box.disk(DiskSlot.GUEST_ROOTFS))
                      .backing()
                      .name())
              .getFileName()
              .toString());
      assertEquals(0, disks.rootfs().prune(0).keys().size());
      disks.boxes().remove(web, SnapshotsOnRemoval.REFUSE);
      assertEquals(1, disks.rootfs().prune(0).keys().size());
      assertEquals(0, disks.home().bases().toFile().list().length);
    }
  }

  private BaseDisks open() {
    return BaseDisks.builder()
        .home(directory.resolve("home"))
        .operationTimeout(Duration.ofHours(1))
        .open();
  }

  private static void build(Path image) {
    new Qcow2DiskImages().createEmpty(image, SIZE);
  }

  private static FileChannel writer(Path image) {
    try {
      return FileChannel.open(image, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
