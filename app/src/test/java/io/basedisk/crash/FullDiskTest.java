package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that really runs full, after each number of pages that an operation can use. */
@Tag("exploration")
class FullDiskTest {

  private static final int KIBIBYTES = 8 << 10;
  private static final int PAGE_KIBIBYTES = 4;
  private static final int MOST_PAGES_OF_AN_OPERATION = 160;

  @TempDir private Path directory;

  @Test
  void a_full_disk_costs_nothing_and_leaves_nothing() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory.toRealPath(), KIBIBYTES)) {
      Path home = mount.directory().resolve("home");
      Path ballast = mount.directory().resolve("ballast");
      Sample sample;
      try (OpenHome open = OpenHome.open(home)) {
        sample = Sample.make(open, "box");
      }
      Set<Operation> failed = EnumSet.noneOf(Operation.class);
      Set<Operation> succeeded = EnumSet.noneOf(Operation.class);
      for (Operation operation :
          EnumSet.complementOf(EnumSet.of(Operation.REMOVE, Operation.SNAPSHOT))) {
        for (int pages = 0; pages <= MOST_PAGES_OF_AN_OPERATION; pages += 3) {
          leave(pages, ballast);
          boolean done = attempt(home, operation);
          (done ? succeeded : failed).add(operation);
          Files.delete(ballast);
          try (OpenHome open = OpenHome.open(home)) {
            sample.check(open, operation);
            Audit.checkWhole(open);
            Operation.newBoxes("box").stream()
                .filter(box -> open.hasBox(box.value()))
                .forEach(box -> Operation.REMOVE.perform(open.disks, box.value()));
          } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(operation + " with " + pages + " pages left", failure);
          }
        }
      }
      assertTrue(failed.contains(Operation.FORK), "no fork failed: the disk was not full");
      assertTrue(succeeded.contains(Operation.FORK), "no fork succeeded");
    }
  }

  private static boolean attempt(Path home, Operation operation) {
    try (OpenHome open = OpenHome.open(home)) {
      operation.perform(open.disks, "box");
      return true;
    } catch (StorageException expected) {
      return false;
    } catch (BaseDiskException unexpected) {
      throw new AssertionError("a full disk is reported as something else", unexpected);
    }
  }

  /** Fills the file system but for so many pages. */
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
