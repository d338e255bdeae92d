package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** All cases in which the users of a file are unknown. */
class UnknownUsePolicyTest {

  @TempDir Path scratch;

  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = Files.write(scratch.resolve("disk.qcow2"), new byte[] {1, 2, 3});
  }

  private static FileImageLocks keeping(OperatingSystem system) {
    return new FileImageLocks(system, UnknownUsePolicy.KEEP);
  }

  private static FileImageLocks trusting(OperatingSystem system) {
    return new FileImageLocks(system, UnknownUsePolicy.TRUST_CALLER);
  }

  private void assertGuardRefused(String why, FileImageLocks imageLocks) {
    RefusedException refusal = assertThrows(RefusedException.class, () -> imageLocks.guard(disk));
    assertEquals(disk + " may be open for writing: " + why, refusal.getMessage());
    assertEquals(Optional.of(new Remedy.ConfirmUnused(disk)), refusal.remedy());
  }

  /** In pure Java. */
  @Nested
  class Portable {

    private static final String WHY = "its locks can't be queried: Java has no calls for that";

    private final FileImageLocks keeping = keeping(OperatingSystem.portable());

    @Test
    void everything_may_be_open() {
      assertEquals(Optional.of("may be open: " + WHY), keeping.openedBy(disk));
    }

    @Test
    void everything_may_be_written_to() {
      assertEquals(Optional.of("may be open for writing: " + WHY), keeping.writtenBy(disk));
    }

    @Test
    void nothing_can_be_guarded() {
      assertGuardRefused(WHY, keeping);
    }

    @Test
    void what_is_not_there_is_not_open() {
      assertEquals(Optional.empty(), keeping.openedBy(scratch.resolve("missing")));
    }

    @Test
    void what_is_not_there_is_not_found() {
      assertThrows(NotFoundException.class, () -> keeping.guard(scratch.resolve("missing")));
    }
  }

  /** On a file system without locks. */
  @Nested
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  class WithoutLocks {

    private static final String WHY = "its locks can't be queried: No locks available";

    private final FileImageLocks keeping = keeping(CrippledSystem.withoutLocks());

    @Test
    void everything_may_be_open() {
      assertEquals(Optional.of("may be open: " + WHY), keeping.openedBy(disk));
    }

    @Test
    void everything_may_be_written_to() {
      assertEquals(Optional.of("may be open for writing: " + WHY), keeping.writtenBy(disk));
    }

    @Test
    void nothing_can_be_guarded() {
      assertGuardRefused(WHY, keeping);
    }

    @Test
    void a_trusted_caller_is_still_told_of_a_writer() throws IOException {
      try (RandomAccessFile writer = new RandomAccessFile(disk.toFile(), "rw")) {
        assertThrows(
            RefusedException.class,
            () -> trusting(CrippledSystem.withoutLocks()).guard(disk),
            writer::toString);
      }
    }
  }

  /** On another user's file, with hidden processes of other users. */
  @Nested
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  class WithoutSight {

    private static final String WHY = "not every process can be inspected";

    private final FileImageLocks keeping = keeping(CrippledSystem.withoutLeasesOrSightOfOthers());
    private final FileImageLocks trusting = trusting(CrippledSystem.withoutLeasesOrSightOfOthers());

    @Test
    void everything_may_be_open() {
      assertEquals(Optional.of("may be open: " + WHY), keeping.openedBy(disk));
    }

    @Test
    void nothing_can_be_guarded() {
      assertGuardRefused(WHY, keeping);
    }

    @Test
    void a_trusted_caller_can_guard() {
      assertDoesNotThrow(() -> trusting.guard(disk).close());
    }

    @Test
    void a_trusted_caller_is_still_told_of_a_writer_that_is_seen() throws IOException {
      try (RandomAccessFile writer = new RandomAccessFile(disk.toFile(), "rw")) {
        assertThrows(RefusedException.class, () -> trusting.guard(disk), writer::toString);
      }
    }
  }
}
