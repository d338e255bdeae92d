package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that runs full during an operation, after each possible number of pages. */
@Tag("exploration")
class FullDiskTest {

  private static final ImmutableSet<Operation> FREEING =
      ImmutableSet.of(Operation.REMOVE_SNAPSHOT, Operation.REMOVE, Operation.COLLECT);

  private static final int KIBIBYTES = 8 << 10;
  private static final int PAGE_KIBIBYTES = 4;
  private static final int PAGES_A_STEP = 3;
  private static final int ENOUGH_SUCCESSES = 6;
  private static final int MOST_PAGES_OF_AN_OPERATION = 600;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void a_full_disk_costs_nothing_and_leaves_nothing(Operation operation) throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory.toRealPath(), KIBIBYTES)) {
      Path home = mount.directory().resolve("home");
      int failures = 0;
      int successes = 0;
      for (int pages = 0; successes < ENOUGH_SUCCESSES; pages += PAGES_A_STEP) {
        assertTrue(pages < MOST_PAGES_OF_AN_OPERATION, "it never had enough space");
        if (attempt(home, operation, pages)) {
          successes++;
        } else {
          failures++;
        }
      }
      notes.add("%s failed %d times", operation, failures);
      // Operations that free space can use the reserve.
      assertEquals(FREEING.contains(operation), failures == 0, "how often it failed: " + failures);
    }
  }

  /** Returns whether the operation succeeded in that space. */
  private static boolean attempt(Path home, Operation operation, int pages) throws IOException {
    Path ballast = home.resolveSibling("ballast");
    Sample sample;
    try (OpenHome open = OpenHome.open(home)) {
      sample = Sample.make(open, "box");
    }
    leave(pages, ballast);
    boolean done = attempt(home, operation);
    Files.delete(ballast);
    try (OpenHome open = OpenHome.open(home)) {
      sample.check(open, operation);
      Audit.checkWhole(open);
      open.disks.boxes().list().forEach(box -> remove(open, box.box().id()));
      open.disks.rootfs().prune(0);
      return done;
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError(operation + " with " + pages + " pages left", failure);
    }
  }

  private static void remove(OpenHome open, BoxId box) {
    open.disks.boxes().remove(box, SnapshotsOnRemoval.REMOVE);
  }

  private static boolean attempt(Path home, Operation operation) {
    // Without the second look into the store, which has no reserve.
    try (BaseDisks disks = BaseDisks.open(home)) {
      operation.perform(disks, "box");
      return true;
    } catch (StorageException expected) {
      return false;
    } catch (BaseDiskException unexpected) {
      throw new AssertionError("a full disk is reported as something else", unexpected);
    }
  }

  /** Fills the file system except for the given number of pages. */
  private static void leave(int pages, Path ballast) throws IOException {
    long bytes =
        Files.getFileStore(ballast.getParent()).getUsableSpace()
            - (long) pages * PAGE_KIBIBYTES * 1024;
    try (FileChannel file =
        FileChannel.open(ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(PAGE_KIBIBYTES * 1024);
      for (long written = 0; written < bytes; written += zeros.capacity()) {
        file.write(zeros.clear());
      }
    }
  }
}
