package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A user who owns a directory in a disk's path swaps it for a symbolic link to another user's
 * directory. The other user's files stay untouched.
 */
@EnabledOnOs(OS.LINUX)
class SwappedDirectoryTest {

  private static final int FORKS = 300;
  private static final ByteSize SIZE = ByteSize.parse("1M");

  @TempDir Path scratch;

  private Path root;
  private Path victim;
  private Path victimsDisk;
  private Path disk;
  private Path aside;
  private byte[] victimsBytes;

  @BeforeEach
  void makeDirectories() throws IOException {
    root = scratch.toRealPath();
    victim = Files.createDirectories(root.resolve("victim/b/disks"));
    Path own = Files.createDirectories(root.resolve("own/b/disks"));
    aside = root.resolve("aside");
    DiskImages images = new Qcow2DiskImages();
    victimsDisk = victim.resolve("disk.qcow2");
    images.createOverlay(victimsDisk, Path.of("/bases/victims"), ImageFormat.QCOW2, SIZE);
    disk = own.resolve("disk.qcow2");
    images.createOverlay(disk, Path.of("/bases/own"), ImageFormat.QCOW2, SIZE);
    victimsBytes = Files.readAllBytes(victimsDisk);
  }

  private void assertVictimUnchanged() throws IOException {
    assertEquals(
        ImmutableList.of(victimsDisk), new LocalDiskFiles(OperatingSystem.current()).list(victim));
    assertEquals(-1, Arrays.mismatch(victimsBytes, Files.readAllBytes(victimsDisk)));
    assertEquals(1, Files.getAttribute(victimsDisk, "unix:nlink"));
    assertEquals(0600, (int) (Integer) Files.getAttribute(victimsDisk, "unix:mode") & 07777);
  }

  private static OperatingSystem system(boolean walking) {
    return walking ? CrippledSystem.withoutOpenat2() : OperatingSystem.current();
  }

  /** The component of the disk's path that becomes a link, and its target. */
  @ParameterizedTest
  @CsvSource({
    "own, victim, true",
    "own/b, victim/b, true",
    "own/b/disks, victim/b/disks, true",
    "own/b/disks/disk.qcow2, victim/b/disks/disk.qcow2, true",
    "own, victim, false",
    "own/b, victim/b, false",
    "own/b/disks, victim/b/disks, false",
    "own/b/disks/disk.qcow2, victim/b/disks/disk.qcow2, false",
  })
  void a_link_anywhere_in_the_path_is_named_and_not_followed(
      String component, String target, boolean walking) throws IOException {
    Path swapped = root.resolve(component);
    Files.move(swapped, aside);
    Files.createSymbolicLink(swapped, root.resolve(target));
    DiskFiles files = new LocalDiskFiles(system(walking));
    ImageLocks locks = new FileImageLocks(system(walking), UnknownUsePolicy.KEEP);
    DiskImages images = new Qcow2DiskImages(system(walking));
    boolean isDisk = swapped.equals(disk);

    assertAll(
        () -> assertRefused(swapped, isDisk, () -> files.sha256(disk, Progress.NONE)),
        () -> assertRefused(swapped, isDisk, () -> files.read(disk, 1 << 20)),
        () -> assertRefused(swapped, isDisk, () -> files.description(disk)),
        () -> assertRefused(swapped, isDisk, () -> files.settledStatus(disk)),
        () -> assertRefused(swapped, isDisk, () -> files.sync(disk)),
        () -> assertRefused(swapped, isDisk, () -> files.link(disk, root.resolve("base"))),
        () -> assertRefused(swapped, isDisk, () -> files.limitPermissions(disk, 0)),
        () -> assertRefused(swapped, isDisk, () -> files.seal(disk, 4321)),
        () -> assertRefused(swapped, isDisk, () -> files.copy(disk, root.resolve("copy"))),
        () -> assertRefused(swapped, isDisk, () -> locks.guard(disk)),
        () -> assertRefused(swapped, isDisk, () -> locks.share(disk)),
        () -> assertTrue(locks.openedBy(disk).isPresent()),
        () -> assertRefused(swapped, isDisk, () -> images.readHeader(disk)),
        () -> assertRefused(swapped, isDisk, () -> images.isEmptyOverlay(disk)),
        () -> assertRefused(swapped, isDisk, () -> images.check(disk)),
        () -> assertRefused(swapped, isDisk, () -> images.digest(disk, Progress.NONE)),
        () -> assertRefused(swapped, isDisk, () -> images.planBackingName(disk, Path.of("/x"))),
        () -> assertThrows(BaseDiskException.class, () -> images.createEmpty(disk, SIZE)));
    if (!isDisk) {
      Path added = disk.resolveSibling("added");
      assertAll(
          () -> assertRefused(swapped, false, () -> files.remove(disk)),
          () -> assertRefused(swapped, false, () -> files.rename(disk, added)),
          () -> assertRefused(swapped, false, () -> files.createDirectory(added, 0700)),
          () -> assertRefused(swapped, false, () -> files.write(added, new byte[1])),
          () -> assertRefused(swapped, false, () -> images.createEmpty(added, SIZE)),
          () ->
              assertRefused(
                  swapped,
                  false,
                  () -> images.createOverlay(added, disk, ImageFormat.QCOW2, SIZE)));
    }
    assertVictimUnchanged();
  }

  private static void assertRefused(Path link, boolean isEnd, Runnable step) {
    BaseDiskException failure = assertThrows(BaseDiskException.class, step::run);
    if (!isEnd) {
      assertTrue(
          failure.getMessage().contains(link + " is a symbolic link; it was a directory"),
          failure::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_directory_that_is_swapped_again_and_again_never_leads_to_the_victim_s(boolean walking)
      throws Exception {
    DiskFiles files = new LocalDiskFiles(system(walking));
    DiskImages images = new Qcow2DiskImages(system(walking));
    ImageLocks locks = new FileImageLocks(system(walking), UnknownUsePolicy.KEEP);
    Path base = root.resolve("base.qcow2");
    Path overlay = disk.resolveSibling("overlay");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    int done = 0;
    try {
      Future<Integer> swapping = executor.submit(() -> swapUntil(over));
      for (int i = 0; i < FORKS; i++) {
        // The steps of a fork: the disk becomes a base, and an overlay takes its path.
        done += attempt(() -> locks.guard(disk).close());
        done += attempt(() -> files.link(disk, base));
        done += attempt(() -> images.createOverlay(overlay, base, ImageFormat.QCOW2, SIZE));
        done += attempt(() -> files.copyAttributes(disk, overlay));
        done += attempt(() -> files.sync(overlay));
        done += attempt(() -> files.rename(overlay, disk));
        done += attempt(() -> files.limitPermissions(disk, 0640));
        done += attempt(() -> files.remove(overlay));
        if (files.status(base).isPresent()) {
          assertNotEquals("/bases/victims", images.readHeader(base).backing().name());
          files.remove(base);
        }
      }
      over.set(true);
      assertTrue(swapping.get() > 0);
    } finally {
      over.set(true);
      executor.shutdownNow();
    }
    assertTrue(done > 0, "nothing was done");
    assertVictimUnchanged();
  }

  private static int attempt(Runnable step) {
    try {
      step.run();
      return 1;
    } catch (BaseDiskException e) {
      return 0;
    }
  }

  /** Swaps the own directory for a link to the victim's, and back. */
  private int swapUntil(AtomicBoolean over) throws IOException {
    Path directory = disk.getParent();
    int swaps = 0;
    while (!over.get()) {
      Files.move(directory, aside);
      Files.createSymbolicLink(directory, victim);
      swaps++;
      Thread.onSpinWait();
      Files.delete(directory);
      Files.move(aside, directory);
    }
    return swaps;
  }

  @Test
  void a_source_that_a_user_names_may_be_reached_through_links() throws IOException {
    Path plain = disk.resolveSibling("plain.qcow2");
    new Qcow2DiskImages().createEmpty(plain, SIZE);
    Path link = Files.createSymbolicLink(root.resolve("link"), disk.getParent());
    ImageSource source = ImageSource.qcow2(link.resolve("plain.qcow2"));

    assertEquals(SIZE.bytes(), new Qcow2DiskImages().inspect(source).virtualSize());
  }
}
