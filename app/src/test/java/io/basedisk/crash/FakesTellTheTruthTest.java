package io.basedisk.crash;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.testing.InMemoryOperationLocks;
import io.basedisk.domain.testing.InMemoryStampFile;
import io.basedisk.domain.testing.UseCases;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fakes of the power cut tests behave like real files. The same operations make the same steps
 * on both, and every query gets the same answer.
 */
class FakesTellTheTruthTest {

  private static final int SEED = 7;
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  private static final BoxId WEB = BoxId.of("web");
  private static final BoxId FIRST = BoxId.of("first");
  private static final BoxId SECOND = BoxId.of("second");
  private static final RootfsKey KEY = new RootfsKey("key");
  private static final ByteSize SIZE = Content.VIRTUAL_SIZE;

  @TempDir private Path directory;

  @Test
  void the_same_operations_are_the_same_steps_over_real_files_and_over_the_fakes()
      throws IOException {
    List<String> fake = overFakes();
    List<String> real = overRealFiles();

    for (int i = 0; i < Math.min(fake.size(), real.size()); i++) {
      int step = i;
      assertEquals(
          fake.get(i),
          real.get(i),
          () -> "step " + step + ", after " + fake.subList(Math.max(0, step - 5), step));
    }
    assertEquals(fake.size(), real.size());
    assertTrue(fake.size() > 100, "hardly any steps");
  }

  private static void scenario(UseCases home, BiConsumer<BoxId, Integer> guestWrites) {
    home.boxes().create(WEB, SIZE);
    guestWrites.accept(WEB, 1);
    home.bases().create(WEB, BaseDiskKind.CLONE_BASE, null);
    guestWrites.accept(WEB, 2);
    home.snapshots().create(WEB, new SnapshotName("installed"));
    guestWrites.accept(WEB, 3);
    home.snapshots()
        .create(WEB, new SnapshotName("copied"), Snapshots.Mode.COPY, InternalSnapshots.REFUSE);
    home.clones().cloneBox(WEB, ImmutableList.of(FIRST, SECOND));
    home.clones().cloneBox(FIRST, ImmutableList.of(BoxId.of("third")));
    home.clones()
        .cloneSnapshot(WEB, new SnapshotName("installed"), ImmutableList.of(BoxId.of("fourth")));
    ImageSource disk = ImageSource.qcow2(home.boxes().get(WEB).box().disk(DiskSlot.CONTAINER));
    home.boxes().createFromImage(BoxId.of("imported"), disk, null, Progress.NONE);
    home.rootfs().add(KEY, disk, Progress.NONE);
    home.rootfs().createBox(BoxId.of("fifth"), KEY, null);
    home.rootfs().attach(SECOND, KEY);
    refused(() -> home.rootfs().attach(SECOND, KEY));
    refused(() -> home.rootfs().remove(KEY));
    guestWrites.accept(WEB, 4);
    home.rootfs().add(KEY, disk, Progress.NONE);
    home.compactions().plan(WEB, new MaxDepth(1));
    home.compactions().compact(WEB, new MaxDepth(1), Progress.NONE);
    refused(() -> home.boxes().create(WEB, SIZE));
    refused(() -> home.boxes().remove(WEB, SnapshotsOnRemoval.REFUSE));
    home.boxes().remove(FIRST, SnapshotsOnRemoval.REFUSE);
    home.boxes().remove(WEB, SnapshotsOnRemoval.REMOVE);
    home.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    home.boxes()
        .list()
        .forEach(box -> home.boxes().remove(box.box().id(), SnapshotsOnRemoval.REMOVE));
    home.rootfs().prune(0);
    home.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
  }

  private static void refused(Runnable operation) {
    try {
      operation.run();
    } catch (BaseDiskException expected) {
      return;
    }
    throw new VerifyException("not refused");
  }

  private static List<String> overFakes() {
    HomeLayout home = Fleet.HOME;
    InMemoryDisks disks =
        new InMemoryDisks()
            .withDirectory(home.bases())
            .withDirectory(home.boxes())
            .withDirectory(home.db());
    Recorder recorder = new Recorder(home.home());
    scenario(
        useCases(home, recorder, disks, disks, new InMemoryImageLocks(disks)),
        (box, cluster) -> disks.guestWrites(disk(home, box), cluster, "written"));
    return recorder.steps;
  }

  private List<String> overRealFiles() throws IOException {
    HomeLayout home = new HomeLayout(directory.toRealPath().resolve("basedisk"));
    for (Path part : List.of(home.home(), home.bases(), home.boxes(), home.db())) {
      Files.createDirectory(part);
    }
    Recorder recorder = new Recorder(home.home());
    OperatingSystem system = OperatingSystem.current();
    Guests guests = new Guests(home);
    scenario(
        useCases(
            home,
            recorder,
            new LocalDiskFiles(system),
            new Qcow2DiskImages(),
            new FileImageLocks(system, UnknownUsePolicy.TRUST_CALLER)),
        (box, cluster) -> guests.write(disk(home, box), cluster, 1));
    return recorder.steps;
  }

  private static Path disk(HomeLayout home, BoxId box) {
    return home.disksDirectory(box).resolve("disk.qcow2");
  }

  private static UseCases useCases(
      HomeLayout home, Recorder recorder, DiskFiles files, DiskImages images, ImageLocks locks) {
    return UseCases.over(
        new BoundPorts(
            home,
            new InMemoryBaseDiskStore(),
            new InMemoryStampFile(),
            recorder.over(DiskFiles.class, files),
            recorder.over(DiskImages.class, images),
            new InMemoryOperationLocks(),
            locks,
            event -> {},
            () -> TIME,
            new Random(SEED),
            Duration.ZERO));
  }

  /** Notes each call of a port and its answer, with the paths as seen from the home. */
  private static final class Recorder {

    private final Path home;
    private final List<String> steps = new ArrayList<>();

    Recorder(Path home) {
      this.home = home;
    }

    <T> T over(Class<T> port, T target) {
      return port.cast(
          Proxy.newProxyInstance(
              port.getClassLoader(),
              new Class<?>[] {port},
              (proxy, method, arguments) -> record(target, method, arguments)));
    }

    private Object record(Object target, Method method, Object[] arguments) throws Throwable {
      String call = method.getName() + Arrays.stream(arguments).map(this::describe).toList();
      try {
        Object result = method.invoke(target, arguments);
        note(
            arguments,
            // The digest of a fake is not that of the file's content.
            method.getName().equals("contentDigest") ? call : call + " = " + describe(result));
        return result instanceof ImmutableList<?> paths ? inOrder(paths) : result;
      } catch (InvocationTargetException e) {
        note(arguments, call + " throws " + e.getCause().getClass().getSimpleName());
        throw e.getCause();
      }
    }

    /** Sorts the paths, since the order of a directory listing is undefined. */
    private static ImmutableList<Path> inOrder(ImmutableList<?> paths) {
      return paths.stream().map(Path.class::cast).sorted().collect(toImmutableList());
    }

    /**
     * Records a step, except on directories above the home, which differ between the two worlds.
     */
    private void note(Object[] arguments, String step) {
      if (!(arguments[0] instanceof Path path) || path.startsWith(home)) {
        steps.add(step);
      }
    }

    private String describe(Object value) {
      if (value instanceof Path path) {
        return path.startsWith(home) ? home.relativize(path).toString() : path.toString();
      } else if (value instanceof Optional<?> optional) {
        return optional.map(this::describe).orElse("nothing");
      } else if (value instanceof Collection<?> collection) {
        return collection.stream().map(this::describe).sorted().collect(Collectors.joining(","));
      } else if (value instanceof FileStatus status) {
        // The number of links of a directory depends on the file system.
        return status.type()
            + " mode "
            + Integer.toOctalString(status.mode())
            + (status.isRegularFile() ? " links " + status.links() : "");
      } else if (value instanceof SourceImage image) {
        return describe(image.files().stream().map(SourceImage.Layer::path).toList())
            + " of "
            + image.virtualSize();
      } else if (value instanceof ImageSource source) {
        return describe(source.file()) + " allowing " + describe(source.allowed());
      } else if (value instanceof Progress) {
        return "progress";
      } else if (value instanceof ImageHeader header) {
        return header.virtualSize() + " over " + describe(header.backing());
      } else if (value instanceof BackingFile backing) {
        return describe(Path.of(backing.name())) + " in " + backing.format();
      } else if (value instanceof LayerMerge merge) {
        return merge.chain().stream().map(ChainFile::path).map(this::describe).toList()
            + " kept from "
            + merge.kept();
      } else if (value instanceof Progress) {
        return "progress";
      } else if (value instanceof byte[] bytes) {
        return bytes.length + " bytes";
      } else if (value instanceof Instant) {
        return "a time";
      } else if (value instanceof Long) {
        // How many bytes a removal freed depends on the file system.
        return "bytes";
      }
      return String.valueOf(value);
    }
  }
}
