package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DiskFiles} does. Extend it and say how to reach the same files past the port;
 * the contract itself touches no file system, so a fake in memory can extend it too.
 *
 * <p>A {@link Feature} that an implementation lacks skips its tests. That what was not synced may
 * be lost, and what was synced is not, takes a power cut: no test here shows it.
 */
public abstract class DiskFilesContract {

  /** What not every implementation, machine or user has. */
  public enum Feature {
    SYMBOLIC_LINKS,
    /** Files can be given to another owner and group. */
    OWNERS,
    EXTENDED_ATTRIBUTES,
    HOLES,
    SECOND_FILE_SYSTEM
  }

  private static final byte[] CONTENT = "content of the disk".getBytes(UTF_8);
  private static final byte[] OTHER_CONTENT = "another content, and longer".getBytes(UTF_8);

  private static final BaseDescription DESCRIPTION =
      new BaseDescription(
          new HomeId("0123456789abcdef0123456789abcdef"),
          new BaseDiskId("abcdEF12"),
          BaseDiskKind.SNAPSHOT,
          new SnapshotName("nightly \"\u00e4\" \ud83d\ude00"),
          new BoxId("web-1"),
          new BaseDiskId("parent00"),
          Instant.ofEpochSecond(1_700_000_000),
          ImageFormat.QCOW2);

  private static final BaseDescription OTHER_DESCRIPTION =
      new BaseDescription(
          new HomeId("fedcba9876543210fedcba9876543210"),
          new BaseDiskId("00000000"),
          BaseDiskKind.ROOTFS,
          new RootfsKey("x".repeat(255)),
          BoxId.GLOBAL,
          null,
          Instant.ofEpochSecond(1_600_000_000),
          ImageFormat.QCOW2);

  /** Returns the implementation under test: the same one each time within a test. */
  protected abstract DiskFiles files();

  /** Returns the real path of a directory that exists and is empty when a test begins. */
  protected abstract Path root();

  /** Makes a regular file with that content, or gives an existing one that content. */
  protected abstract void write(Path file, byte[] content);

  /** Returns the whole content of a regular file. */
  protected abstract byte[] read(Path file);

  /** Gives a file or directory those permission bits, 0 to 07777. */
  protected abstract void setMode(Path path, int mode);

  /** Returns whether a feature is there; that of every implementation that says nothing. */
  protected boolean supports(Feature feature) {
    return true;
  }

  /** Makes a symbolic link that leads to {@code target}, which need not exist. */
  protected void symlink(Path link, Path target) {
    throw lacking(Feature.SYMBOLIC_LINKS);
  }

  /** Gives a file another owner and group. */
  protected void setOwner(Path file, int owner, int group) {
    throw lacking(Feature.OWNERS);
  }

  /** Returns whether a user who is in no group, and not root, may read a file. */
  protected boolean canRead(Path file, int user) {
    throw lacking(Feature.OWNERS);
  }

  /** Gives a file a user's extended attribute; the name goes without a prefix. */
  protected void setExtendedAttribute(Path file, String name, byte[] value) {
    throw lacking(Feature.EXTENDED_ATTRIBUTES);
  }

  /** Returns a user's extended attribute of a file, or empty if it has none of that name. */
  protected Optional<byte[]> extendedAttribute(Path file, String name) {
    throw lacking(Feature.EXTENDED_ATTRIBUTES);
  }

  /** Makes a regular file that begins with a hole of that many bytes and ends with the content. */
  protected void writeBehindHole(Path file, long hole, byte[] content) {
    throw lacking(Feature.HOLES);
  }

  /** Returns a directory like {@link #root}, on another file system. */
  protected Path rootElsewhere() {
    throw lacking(Feature.SECOND_FILE_SYSTEM);
  }

  private static UnsupportedOperationException lacking(Feature feature) {
    return new UnsupportedOperationException("override this, or supports(" + feature + ")");
  }

  private void needs(Feature feature) {
    assumeTrue(supports(feature), () -> feature + " is not there");
  }

  // Fixtures.

  private Path path(String name) {
    return root().resolve(name);
  }

  private Path disk() {
    return written("disk", CONTENT);
  }

  private Path other() {
    return written("other", OTHER_CONTENT);
  }

  private Path directory() {
    Path directory = path("directory");
    files().createDirectory(directory, 0755);
    return directory;
  }

  private Path missing() {
    return path("missing");
  }

  private Path linkTo(Path target) {
    needs(Feature.SYMBOLIC_LINKS);
    Path link = path("link");
    symlink(link, target);
    return link;
  }

  private Path written(String name, byte[] content) {
    Path file = path(name);
    write(file, content);
    return file;
  }

  private FileStatus status(Path path) {
    return files().status(path).orElseThrow(() -> new AssertionError("nothing at " + path));
  }

  private boolean exists(Path path) {
    return files().status(path).isPresent();
  }

  /** Asserts that the step fails with an error that names the file, on one line. */
  private static void assertFails(Path named, Runnable step) {
    StorageException failure = assertThrows(StorageException.class, step::run);
    assertTrue(failure.getMessage().contains(named.toString()), failure::getMessage);
    assertFalse(failure.getMessage().contains("\n"), failure::getMessage);
  }

  private static void assertRefusesToReplace(Path named, Runnable step) {
    AlreadyExistsException failure = assertThrows(AlreadyExistsException.class, step::run);
    assertTrue(failure.getMessage().contains(named.toString()), failure::getMessage);
  }

  /** The real path of a file. */
  @Nested
  class RealPath {

    @Test
    void a_path_without_links_is_its_own() {
      assertEquals(disk(), files().realPath(disk()));
    }

    @Test
    void dots_are_resolved() {
      Path disk = disk();
      Path directory = directory();
      assertEquals(disk, files().realPath(directory.resolve("..").resolve(".").resolve("disk")));
    }

    @Test
    void a_link_at_the_end_is_followed() {
      Path disk = disk();
      assertEquals(disk, files().realPath(linkTo(disk)));
    }

    @Test
    void a_link_on_the_way_is_followed() {
      Path directory = directory();
      Path inside = directory.resolve("inside");
      write(inside, CONTENT);
      assertEquals(inside, files().realPath(linkTo(directory).resolve("inside")));
    }

    @Test
    void a_directory_has_one() {
      Path directory = directory();
      assertEquals(directory, files().realPath(directory));
    }

    @Test
    void of_nothing_is_not_found() {
      NotFoundException failure =
          assertThrows(NotFoundException.class, () -> files().realPath(missing()));
      assertTrue(failure.getMessage().contains(missing().toString()), failure::getMessage);
    }

    @Test
    void of_a_link_that_leads_nowhere_is_not_found() {
      Path link = linkTo(missing());
      assertThrows(NotFoundException.class, () -> files().realPath(link));
    }
  }

  /** What a file's status says. */
  @Nested
  class Status {

    @Test
    void of_nothing_is_empty() {
      assertEquals(Optional.empty(), files().status(missing()));
    }

    @Test
    void below_a_missing_directory_is_empty() {
      assertEquals(Optional.empty(), files().status(missing().resolve("disk")));
    }

    @Test
    void tells_a_regular_file() {
      FileStatus status = status(disk());
      assertEquals(FileType.REGULAR_FILE, status.type());
    }

    @Test
    void tells_a_directory() {
      assertEquals(FileType.DIRECTORY, status(directory()).type());
    }

    @Test
    void does_not_follow_a_link() {
      Path link = linkTo(disk());
      assertEquals(FileType.SYMBOLIC_LINK, status(link).type());
    }

    @Test
    void is_there_for_a_link_that_leads_nowhere() {
      assertTrue(exists(linkTo(missing())));
    }

    @Test
    void follows_links_on_the_way() {
      Path directory = directory();
      Path inside = directory.resolve("inside");
      write(inside, CONTENT);
      FileStatus direct = status(inside);
      assertEquals(direct.identity(), status(linkTo(directory).resolve("inside")).identity());
    }

    @Test
    void tells_the_length() {
      assertEquals(CONTENT.length, status(disk()).length());
    }

    @Test
    void counts_one_name_of_a_new_file() {
      assertEquals(1, status(disk()).links());
    }

    @Test
    void tells_the_permission_bits() {
      Path disk = disk();
      setMode(disk, 0640);
      assertEquals(0640, status(disk).mode());
    }

    @Test
    void tells_the_permission_bits_beyond_read_write_and_execute() {
      Path directory = directory();
      setMode(directory, 01711);
      assertEquals(01711, status(directory).mode());
    }

    @Test
    void tells_owner_and_group() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      FileStatus status = status(disk);
      assertAll(() -> assertEquals(1234, status.owner()), () -> assertEquals(2345, status.group()));
    }

    @Test
    void two_files_have_two_identities() {
      assertNotEquals(status(disk()).identity(), status(other()).identity());
    }

    @Test
    void writing_to_a_file_keeps_its_identity() {
      Path disk = disk();
      FileStatus before = status(disk);
      write(disk, OTHER_CONTENT);
      assertEquals(before.identity(), status(disk).identity());
    }

    @Test
    void a_hole_occupies_nothing() {
      needs(Feature.HOLES);
      Path sparse = path("sparse");
      writeBehindHole(sparse, 1 << 20, CONTENT);
      FileStatus status = status(sparse);
      assertEquals((1 << 20) + CONTENT.length, status.length());
      // Equal where the implementation can't tell: then it is the length, as documented.
      assertTrue(status.allocatedBytes() <= status.length(), status::toString);
    }
  }

  /** What is in a directory. */
  @Nested
  class Listing {

    @Test
    void of_an_empty_directory_is_empty() {
      assertEquals(ImmutableList.of(), files().list(directory()));
    }

    @Test
    void has_files_directories_and_links_but_nothing_below_them() {
      Path disk = disk();
      Path link = linkTo(missing());
      Path directory = directory();
      write(directory.resolve("inside"), CONTENT);
      assertEquals(
          ImmutableSet.of(disk, link, directory), ImmutableSet.copyOf(files().list(root())));
    }

    @Test
    void of_nothing_and_of_a_file_fails() {
      Path disk = disk();
      assertFails(missing(), () -> files().list(missing()));
      assertFails(disk, () -> files().list(disk));
    }
  }

  /** The digest of what is in a file. */
  @Nested
  class Digest {

    @Test
    void is_ended_by_an_interrupt() {
      Path disk = disk();
      Thread.currentThread().interrupt();
      assertThrows(InterruptedOperationException.class, () -> files().sha256(disk, Progress.NONE));
      assertTrue(Thread.interrupted(), "the interrupt stays pending");
    }

    @Test
    void reports_its_progress() {
      List<Long> left = new ArrayList<>();
      files().sha256(disk(), (done, total) -> left.add(total - done));
      assertEquals(0, left.get(left.size() - 1));
    }

    @Test
    void of_known_bytes_is_known() {
      // The first test vector of FIPS 180-2 for SHA-256.
      assertEquals(
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          files().sha256(written("abc", "abc".getBytes(UTF_8)), Progress.NONE));
    }

    @Test
    void of_an_empty_file_is_that_of_no_bytes() {
      assertEquals(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          files().sha256(written("empty", new byte[0]), Progress.NONE));
    }

    @Test
    void of_two_names_of_a_file_is_the_same() {
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      assertEquals(files().sha256(disk, Progress.NONE), files().sha256(base, Progress.NONE));
    }

    @Test
    void of_a_hole_is_that_of_zeros() {
      needs(Feature.HOLES);
      Path sparse = path("sparse");
      writeBehindHole(sparse, 1 << 20, new byte[0]);
      Path zeros = written("zeros", new byte[1 << 20]);
      assertEquals(files().sha256(zeros, Progress.NONE), files().sha256(sparse, Progress.NONE));
    }

    @Test
    void of_nothing_and_of_a_directory_fails() {
      Path directory = directory();
      assertFails(missing(), () -> files().sha256(missing(), Progress.NONE));
      assertFails(directory, () -> files().sha256(directory, Progress.NONE));
    }

    @Test
    void of_a_symbolic_link_fails() {
      Path link = linkTo(disk());
      assertFails(link, () -> files().sha256(link, Progress.NONE));
    }
  }

  /** A further name for a file. */
  @Nested
  class Link {

    @Test
    void says_that_it_was_made() {
      assertTrue(files().link(disk(), path("base")));
    }

    @Test
    void both_names_are_the_same_file() {
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      assertEquals(status(disk).identity(), status(base).identity());
    }

    @Test
    void counts_the_names() {
      Path disk = disk();
      files().link(disk, path("base"));
      assertEquals(2, status(disk).links());
    }

    @Test
    void what_is_written_under_one_name_reads_under_the_other() {
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      write(disk, OTHER_CONTENT);
      assertArrayEquals(OTHER_CONTENT, read(base));
    }

    @Test
    void leaves_the_time_of_the_content() {
      Path disk = disk();
      FileStatus before = status(disk);
      files().link(disk, path("base"));
      assertEquals(before.modifiedAt(), status(disk).modifiedAt());
    }

    @Test
    void does_not_turn_the_time_of_the_inode_back() {
      Path disk = disk();
      FileStatus before = status(disk);
      files().link(disk, path("base"));
      assertFalse(status(disk).changedAt().isBefore(before.changedAt()));
    }

    @Test
    void refuses_a_name_that_a_file_has() {
      Path disk = disk();
      Path other = other();
      assertRefusesToReplace(other, () -> files().link(disk, other));
      assertArrayEquals(OTHER_CONTENT, read(other));
    }

    @Test
    void refuses_a_name_that_a_directory_has() {
      Path disk = disk();
      Path directory = directory();
      assertRefusesToReplace(directory, () -> files().link(disk, directory));
    }

    @Test
    void refuses_the_name_of_a_link_that_leads_nowhere() {
      Path disk = disk();
      Path link = linkTo(missing());
      assertRefusesToReplace(link, () -> files().link(disk, link));
      assertFalse(exists(missing()));
    }

    @Test
    void refuses_its_own_name() {
      Path disk = disk();
      assertRefusesToReplace(disk, () -> files().link(disk, disk));
    }

    @Test
    void of_nothing_fails() {
      assertFails(missing(), () -> files().link(missing(), path("base")));
    }

    @Test
    void into_a_missing_directory_fails() {
      Path disk = disk();
      Path base = missing().resolve("base");
      assertFails(base, () -> files().link(disk, base));
    }

    @Test
    void of_a_directory_fails() {
      Path directory = directory();
      assertFails(directory, () -> files().link(directory, path("base")));
    }

    @Test
    void of_a_symbolic_link_fails() {
      Path link = linkTo(disk());
      assertFails(link, () -> files().link(link, path("base")));
      assertFalse(exists(path("base")));
    }

    @Test
    void to_another_file_system_is_not_possible_and_changes_nothing() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path disk = disk();
      Path base = rootElsewhere().resolve("base");
      assertFalse(files().link(disk, base));
      assertFalse(exists(base));
      assertEquals(1, status(disk).links());
    }

    @Test
    void to_another_file_system_refuses_a_name_that_a_file_has() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path disk = disk();
      Path base = rootElsewhere().resolve("base");
      write(base, OTHER_CONTENT);
      assertRefusesToReplace(base, () -> files().link(disk, base));
    }

    @Test
    void to_a_missing_directory_of_another_file_system_fails() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path disk = disk();
      Path base = rootElsewhere().resolve("missing").resolve("base");
      assertFails(base, () -> files().link(disk, base));
    }

    @Test
    void of_many_threads_that_link_to_one_name_one_succeeds() throws Exception {
      int threads = 8;
      Path base = path("base");
      List<Callable<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Path disk = written("disk-" + i, CONTENT);
        attempts.add(() -> files().link(disk, base));
      }
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      int linked = 0;
      try {
        for (Future<Boolean> attempt : executor.invokeAll(attempts)) {
          try {
            linked += attempt.get() ? 1 : 0;
          } catch (ExecutionException e) {
            assertEquals(AlreadyExistsException.class, e.getCause().getClass());
          }
        }
      } finally {
        executor.shutdownNow();
      }
      assertEquals(1, linked);
    }
  }

  /** Another name instead of the one that a file has. */
  @Nested
  class Rename {

    @Test
    void moves_the_content_to_the_new_name() {
      Path to = path("to");
      files().rename(disk(), to);
      assertArrayEquals(CONTENT, read(to));
    }

    @Test
    void the_old_name_is_gone() {
      Path disk = disk();
      files().rename(disk, path("to"));
      assertFalse(exists(disk));
    }

    @Test
    void keeps_the_identity() {
      Path disk = disk();
      FileStatus before = status(disk);
      files().rename(disk, path("to"));
      assertEquals(before.identity(), status(path("to")).identity());
    }

    @Test
    void replaces_a_file_of_that_name() {
      Path other = other();
      files().rename(disk(), other);
      assertArrayEquals(CONTENT, read(other));
    }

    @Test
    void replaces_a_file_that_may_not_be_written_to() {
      Path other = other();
      setMode(other, 0400);
      files().rename(disk(), other);
      assertArrayEquals(CONTENT, read(other));
    }

    @Test
    void leaves_the_replaced_file_its_other_names() {
      Path other = other();
      Path base = path("base");
      files().link(other, base);
      files().rename(disk(), other);
      assertAll(
          () -> assertArrayEquals(OTHER_CONTENT, read(base)),
          () -> assertEquals(1, status(base).links()));
    }

    @Test
    void to_the_same_name_changes_nothing() {
      Path disk = disk();
      files().rename(disk, disk);
      assertArrayEquals(CONTENT, read(disk));
    }

    // POSIX lets rename do nothing where both names are the same file's, and then leave both.
    @Test
    void over_another_name_of_the_same_file_leaves_that_one_alone() {
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      files().rename(disk, base);
      assertAll(
          () -> assertFalse(exists(disk)),
          () -> assertArrayEquals(CONTENT, read(base)),
          () -> assertEquals(1, status(base).links()));
    }

    @Test
    void into_another_directory() {
      Path inside = directory().resolve("inside");
      files().rename(disk(), inside);
      assertArrayEquals(CONTENT, read(inside));
    }

    @Test
    void moves_a_symbolic_link_itself() {
      Path disk = disk();
      Path to = path("to");
      files().rename(linkTo(disk), to);
      assertAll(
          () -> assertEquals(FileType.SYMBOLIC_LINK, status(to).type()),
          () -> assertArrayEquals(CONTENT, read(disk)));
    }

    @Test
    void replaces_a_symbolic_link_itself() {
      Path other = other();
      Path link = linkTo(other);
      files().rename(disk(), link);
      assertAll(
          () -> assertEquals(FileType.REGULAR_FILE, status(link).type()),
          () -> assertArrayEquals(OTHER_CONTENT, read(other)));
    }

    @Test
    void of_nothing_fails_and_leaves_the_target() {
      Path other = other();
      assertFails(missing(), () -> files().rename(missing(), other));
      assertArrayEquals(OTHER_CONTENT, read(other));
    }

    @Test
    void over_a_directory_fails() {
      Path disk = disk();
      Path directory = directory();
      assertFails(directory, () -> files().rename(disk, directory));
      assertArrayEquals(CONTENT, read(disk));
    }

    @Test
    void to_another_file_system_fails_and_changes_nothing() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path disk = disk();
      Path to = rootElsewhere().resolve("to");
      assertFails(disk, () -> files().rename(disk, to));
      assertAll(
          () -> assertArrayEquals(CONTENT, read(disk)), () -> assertFalse(exists(to), "a copy"));
    }
  }

  /** The end of a name. */
  @Nested
  class Remove {

    @Test
    void the_name_is_gone() {
      Path disk = disk();
      files().remove(disk);
      assertFalse(exists(disk));
    }

    @Test
    void of_the_last_name_frees_what_the_file_occupied() {
      Path disk = written("disk", "content ".repeat(10_000).getBytes(UTF_8));
      FileStatus before = status(disk);
      assertTrue(before.allocatedBytes() > 0, before::toString);
      assertEquals(before.allocatedBytes(), files().remove(disk));
    }

    @Test
    void of_one_of_two_names_frees_nothing() {
      Path disk = disk();
      files().link(disk, path("base"));
      assertEquals(0, files().remove(disk));
    }

    @Test
    void of_one_of_two_names_leaves_the_other() {
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      files().remove(disk);
      assertArrayEquals(CONTENT, read(base));
    }

    @Test
    void of_a_file_that_may_not_be_written_to() {
      Path disk = disk();
      setMode(disk, 0400);
      files().remove(disk);
      assertFalse(exists(disk));
    }

    @Test
    void of_nothing_has_no_effect() {
      assertEquals(0, files().remove(missing()));
    }

    @Test
    void below_a_missing_directory_has_no_effect() {
      assertEquals(0, files().remove(missing().resolve("disk")));
    }

    @Test
    void of_an_empty_directory() {
      Path directory = directory();
      assertEquals(0, files().remove(directory));
      assertFalse(exists(directory));
    }

    @Test
    void of_a_directory_with_a_file_in_it_fails_and_leaves_both() {
      Path directory = directory();
      Path inside = directory.resolve("inside");
      write(inside, CONTENT);
      assertFails(directory, () -> files().remove(directory));
      assertArrayEquals(CONTENT, read(inside));
    }

    @Test
    void of_a_symbolic_link_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      Path link = linkTo(disk);
      assertEquals(0, files().remove(link));
      assertAll(() -> assertFalse(exists(link)), () -> assertArrayEquals(CONTENT, read(disk)));
    }
  }

  /** A new directory. */
  @Nested
  class CreateDirectory {

    @Test
    void is_a_directory() {
      assertEquals(FileType.DIRECTORY, status(directory()).type());
    }

    // The usual file mode creation mask, 022, would take the group's and the others' write bits.
    @Test
    void has_the_mode_that_was_asked_for() {
      Path directory = path("directory");
      files().createDirectory(directory, 0777);
      assertEquals(0777, status(directory).mode());
    }

    @Test
    void has_no_more_than_the_mode_that_was_asked_for() {
      Path directory = path("directory");
      files().createDirectory(directory, 0711);
      assertEquals(0711, status(directory).mode());
    }

    @Test
    void can_hold_files() {
      Path inside = directory().resolve("inside");
      files().rename(disk(), inside);
      assertArrayEquals(CONTENT, read(inside));
    }

    @Test
    void refuses_to_replace_a_directory() {
      Path directory = directory();
      assertRefusesToReplace(directory, () -> files().createDirectory(directory, 0700));
      assertEquals(0755, status(directory).mode());
    }

    @Test
    void refuses_to_replace_a_file() {
      Path disk = disk();
      assertRefusesToReplace(disk, () -> files().createDirectory(disk, 0700));
      assertArrayEquals(CONTENT, read(disk));
    }

    @Test
    void refuses_to_replace_a_link_that_leads_nowhere() {
      Path link = linkTo(missing());
      assertRefusesToReplace(link, () -> files().createDirectory(link, 0700));
      assertFalse(exists(missing()));
    }

    @Test
    void makes_no_parents() {
      Path directory = missing().resolve("directory");
      assertFails(directory, () -> files().createDirectory(directory, 0700));
      assertFalse(exists(missing()));
    }
  }

  /** A copy of a file. */
  @Nested
  class Copy {

    @Test
    void reports_its_progress() {
      List<Long> reports = new ArrayList<>();
      files()
          .copy(
              disk(),
              path("copy"),
              (done, total) -> {
                assertTrue(0 <= done && done <= total, done + " of " + total);
                reports.add(done == total ? 1L : 0L);
              });
      assertTrue(reports.contains(1L), "the end is reported");
    }

    @Test
    void leaves_nothing_if_its_progress_fails() {
      Path copy = path("copy");
      RuntimeException failure = new IllegalStateException("no progress");
      assertSame(
          failure,
          assertThrows(
              IllegalStateException.class,
              () ->
                  files()
                      .copy(
                          disk(),
                          copy,
                          (done, total) -> {
                            throw failure;
                          })));
      assertEquals(Optional.empty(), files().status(copy));
    }

    @Test
    void is_ended_by_an_interrupt_or_complete() {
      Path disk = disk();
      Path copy = path("copy");
      Thread.currentThread().interrupt();
      boolean isMade = true;
      try {
        files().copy(disk, copy);
      } catch (InterruptedOperationException e) {
        isMade = false;
      }
      assertTrue(Thread.interrupted(), "the interrupt stays pending");
      if (isMade) { // By sharing blocks, at once.
        assertArrayEquals(CONTENT, read(copy));
      } else {
        assertEquals(Optional.empty(), files().status(copy));
      }
    }

    @Test
    void has_the_content() {
      Path copy = path("copy");
      files().copy(disk(), copy);
      assertArrayEquals(CONTENT, read(copy));
    }

    @Test
    void of_an_empty_file_is_empty() {
      Path copy = path("copy");
      files().copy(written("empty", new byte[0]), copy);
      assertArrayEquals(new byte[0], read(copy));
    }

    @Test
    void is_a_file_of_its_own() {
      Path disk = disk();
      Path copy = path("copy");
      files().copy(disk, copy);
      write(disk, OTHER_CONTENT);
      assertArrayEquals(CONTENT, read(copy));
    }

    @Test
    void leaves_the_source() {
      Path disk = disk();
      FileStatus before = status(disk);
      files().copy(disk, path("copy"));
      assertEquals(before, status(disk));
    }

    @Test
    void has_the_mode() {
      Path disk = disk();
      setMode(disk, 0464);
      files().copy(disk, path("copy"));
      assertEquals(0464, status(path("copy")).mode());
    }

    @Test
    void has_the_owner_and_group() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      files().copy(disk, path("copy"));
      FileStatus copy = status(path("copy"));
      assertAll(() -> assertEquals(1234, copy.owner()), () -> assertEquals(2345, copy.group()));
    }

    @Test
    void has_no_attributes_of_the_user_s() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      setExtendedAttribute(disk, "origin", CONTENT);
      files().copy(disk, path("copy"));
      assertEquals(Optional.empty(), extendedAttribute(path("copy"), "origin"));
    }

    @Test
    void of_a_file_with_a_hole_has_the_content() {
      needs(Feature.HOLES);
      Path sparse = path("sparse");
      writeBehindHole(sparse, 3 << 20, CONTENT);
      files().copy(sparse, path("copy"));
      assertArrayEquals(read(sparse), read(path("copy")));
    }

    @Test
    void keeps_a_hole() {
      needs(Feature.HOLES);
      Path sparse = path("sparse");
      writeBehindHole(sparse, 3 << 20, CONTENT);
      files().copy(sparse, path("copy"));
      FileStatus copy = status(path("copy"));
      assertTrue(copy.allocatedBytes() <= status(sparse).allocatedBytes(), copy::toString);
    }

    @Test
    void of_a_file_that_is_one_hole_has_its_length() {
      needs(Feature.HOLES);
      Path sparse = path("sparse");
      writeBehindHole(sparse, 3 << 20, new byte[0]);
      files().copy(sparse, path("copy"));
      assertEquals(3 << 20, status(path("copy")).length());
    }

    @Test
    void refuses_to_replace_a_file() {
      Path disk = disk();
      Path other = other();
      assertRefusesToReplace(other, () -> files().copy(disk, other));
      assertArrayEquals(OTHER_CONTENT, read(other));
    }

    @Test
    void refuses_to_replace_its_source() {
      Path disk = disk();
      assertRefusesToReplace(disk, () -> files().copy(disk, disk));
      assertArrayEquals(CONTENT, read(disk));
    }

    @Test
    void refuses_to_write_through_a_link_that_leads_nowhere() {
      Path disk = disk();
      Path link = linkTo(missing());
      assertRefusesToReplace(link, () -> files().copy(disk, link));
      assertFalse(exists(missing()));
    }

    @Test
    void of_nothing_fails_and_makes_nothing() {
      assertFails(missing(), () -> files().copy(missing(), path("copy")));
      assertFalse(exists(path("copy")));
    }

    @Test
    void of_a_directory_fails_and_makes_nothing() {
      Path directory = directory();
      assertFails(directory, () -> files().copy(directory, path("copy")));
      assertFalse(exists(path("copy")));
    }

    @Test
    void of_a_symbolic_link_fails_and_makes_nothing() {
      Path link = linkTo(disk());
      assertFails(link, () -> files().copy(link, path("copy")));
      assertFalse(exists(path("copy")));
    }

    @Test
    void to_another_file_system_has_the_content() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path copy = rootElsewhere().resolve("copy");
      files().copy(disk(), copy);
      assertArrayEquals(CONTENT, read(copy));
    }
  }

  /** The attributes of one file for another. */
  @Nested
  class CopyAttributes {

    @Test
    void gives_the_mode() {
      Path disk = disk();
      Path other = other();
      setMode(disk, 0464);
      files().copyAttributes(disk, other);
      assertEquals(0464, status(other).mode());
    }

    @Test
    void gives_the_owner_and_group() {
      needs(Feature.OWNERS);
      Path disk = disk();
      Path other = other();
      setOwner(disk, 1234, 2345);
      files().copyAttributes(disk, other);
      FileStatus status = status(other);
      assertAll(() -> assertEquals(1234, status.owner()), () -> assertEquals(2345, status.group()));
    }

    // A change of owner takes these bits away, so they have to come after it.
    @Test
    void gives_another_owner_and_the_set_user_id_bit() {
      needs(Feature.OWNERS);
      Path disk = disk();
      Path other = other();
      setOwner(disk, 1234, 2345);
      setMode(disk, 04755);
      files().copyAttributes(disk, other);
      assertEquals(04755, status(other).mode());
    }

    @Test
    void gives_no_attributes_of_the_user_s() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      Path other = other();
      setExtendedAttribute(disk, "origin", CONTENT);
      files().copyAttributes(disk, other);
      assertEquals(Optional.empty(), extendedAttribute(other, "origin"));
    }

    @Test
    void takes_away_the_attributes_of_the_user_s_whatever_the_source_has() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      Path other = other();
      setExtendedAttribute(disk, "origin", CONTENT);
      setExtendedAttribute(other, "origin", OTHER_CONTENT);
      setExtendedAttribute(other, "empty", new byte[0]);
      files().copyAttributes(disk, other);
      assertAll(
          () -> assertEquals(Optional.empty(), extendedAttribute(other, "origin")),
          () -> assertEquals(Optional.empty(), extendedAttribute(other, "empty")));
    }

    @Test
    void does_not_give_the_description_of_a_base() {
      Path disk = disk();
      Path other = other();
      files().describe(disk, DESCRIPTION);
      files().describe(other, DESCRIPTION);
      files().copyAttributes(disk, other);
      assertEquals(Optional.empty(), files().description(other));
    }

    @Test
    void leaves_the_content() {
      Path other = other();
      files().copyAttributes(disk(), other);
      assertArrayEquals(OTHER_CONTENT, read(other));
    }

    @Test
    void of_nothing_fails() {
      Path other = other();
      assertFails(missing(), () -> files().copyAttributes(missing(), other));
    }

    @Test
    void for_nothing_fails() {
      Path disk = disk();
      assertFails(missing(), () -> files().copyAttributes(disk, missing()));
    }

    @Test
    void for_a_symbolic_link_fails_and_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      Path other = other();
      setMode(disk, 0464);
      setMode(other, 0600);
      Path link = linkTo(other);
      assertFails(link, () -> files().copyAttributes(disk, link));
      assertEquals(0600, status(other).mode());
    }
  }

  /** What others may do, taken away. */
  @Nested
  class LimitPermissions {

    @Test
    void of_owner_group_and_others() {
      Path disk = disk();
      setMode(disk, 0666);
      files().limitPermissions(disk, DiskFiles.READ_ONLY);
      assertEquals(0444, status(disk).mode());
    }

    @Test
    void leaves_the_other_bits() {
      Path disk = disk();
      setMode(disk, 0751);
      files().limitPermissions(disk, DiskFiles.READ_ONLY);
      assertEquals(0551, status(disk).mode());
    }

    @Test
    void of_a_directory() {
      Path directory = directory();
      setMode(directory, 02777);
      files().limitPermissions(directory, 0711);
      assertEquals(02711, status(directory).mode());
    }

    @Test
    void twice_is_the_same_as_once() {
      Path disk = disk();
      setMode(disk, 0640);
      files().limitPermissions(disk, DiskFiles.READ_ONLY);
      files().limitPermissions(disk, DiskFiles.READ_ONLY);
      assertEquals(0440, status(disk).mode());
    }

    @Test
    void of_nothing_fails() {
      assertFails(missing(), () -> files().limitPermissions(missing(), DiskFiles.READ_ONLY));
    }

    @Test
    void of_a_symbolic_link_fails_and_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      setMode(disk, 0640);
      Path link = linkTo(disk);
      assertFails(link, () -> files().limitPermissions(link, DiskFiles.READ_ONLY));
      assertEquals(0640, status(disk).mode());
    }
  }

  /** A directory on the way that became a symbolic link to another user's. */
  @Nested
  class LinkOnTheWay {

    private Path victim;
    private Path link;
    private Path throughLink;
    private Path own;

    /** Makes a directory with a file, and a link to it on the way to that file. */
    private void swap() {
      Path directory = directory();
      victim = directory.resolve("disk");
      write(victim, CONTENT);
      setMode(victim, 0640);
      link = linkTo(directory);
      throughLink = link.resolve("disk");
      own = other();
    }

    private void assertRefused(Runnable step) {
      FileStatus before = status(victim);
      assertFails(link, step);
      assertAll(
          () -> assertEquals(ImmutableList.of(victim), files().list(victim.getParent())),
          () -> assertArrayEquals(CONTENT, read(victim)),
          () -> assertEquals(before, status(victim)),
          () -> assertArrayEquals(OTHER_CONTENT, read(own)));
    }

    @Test
    void is_not_followed_by_a_question() {
      swap();
      assertRefused(() -> files().list(link));
      assertRefused(() -> files().read(throughLink, 100));
      assertRefused(() -> files().description(throughLink));
      assertRefused(() -> files().sha256(throughLink, Progress.NONE));
      assertRefused(() -> files().settledStatus(throughLink));
    }

    @Test
    void is_not_followed_by_a_change_of_a_name() {
      swap();
      assertRefused(() -> files().link(throughLink, path("base")));
      assertRefused(() -> files().link(own, link.resolve("base")));
      assertRefused(() -> files().rename(throughLink, path("stolen")));
      assertRefused(() -> files().rename(own, throughLink));
      assertRefused(() -> files().remove(throughLink));
      assertRefused(() -> files().remove(link.resolve("nothing")));
      assertRefused(() -> files().createDirectory(link.resolve("directory"), 0700));
    }

    @Test
    void is_not_followed_by_a_change_of_content_or_attributes() {
      swap();
      assertRefused(() -> files().copy(throughLink, path("copy")));
      assertRefused(() -> files().copy(own, link.resolve("copy")));
      assertRefused(() -> files().copyAttributes(throughLink, own));
      assertRefused(() -> files().copyAttributes(own, throughLink));
      assertRefused(() -> files().limitPermissions(throughLink, 0400));
      assertRefused(() -> files().seal(throughLink, 0));
      assertRefused(() -> files().describe(throughLink, DESCRIPTION));
      assertRefused(() -> files().write(link.resolve("new"), CONTENT));
      assertRefused(() -> files().setModifiedAt(throughLink, Instant.EPOCH));
    }

    @Test
    void is_not_followed_by_a_sync() {
      swap();
      assertRefused(() -> files().sync(throughLink));
      assertRefused(() -> files().sync(link));
      assertRefused(() -> files().sync(ImmutableList.of(own, throughLink)));
    }
  }

  /** The bytes of a small file. */
  @Nested
  class Read {

    @Test
    void are_all_of_them() {
      assertArrayEquals(CONTENT, files().read(disk(), CONTENT.length));
    }

    @Test
    void of_an_empty_file_are_none() {
      assertArrayEquals(new byte[0], files().read(written("empty", new byte[0]), 0));
    }

    @Test
    void of_a_file_that_is_longer_than_allowed_fail() {
      Path disk = disk();
      assertFails(disk, () -> files().read(disk, CONTENT.length - 1));
    }

    @Test
    void of_nothing_are_not_found() {
      NotFoundException failure =
          assertThrows(NotFoundException.class, () -> files().read(missing(), 10));
      assertTrue(failure.getMessage().contains(missing().toString()), failure::getMessage);
    }

    @Test
    void of_a_directory_fail() {
      Path directory = directory();
      assertFails(directory, () -> files().read(directory, 10));
    }

    @Test
    void of_a_symbolic_link_fail() {
      Path link = linkTo(disk());
      assertFails(link, () -> files().read(link, 100));
    }
  }

  /** A small file that is made with its content. */
  @Nested
  class Write {

    @Test
    void has_the_content() {
      Path file = path("home.json");
      files().write(file, CONTENT);
      assertArrayEquals(CONTENT, files().read(file, 100));
    }

    @Test
    void of_no_bytes_is_an_empty_file() {
      Path file = path("home.json");
      files().write(file, new byte[0]);
      assertEquals(0, status(file).length());
    }

    // The usual file mode creation mask, 022, leaves these; a stricter one must not take them.
    @Test
    void can_be_read_by_all_and_written_by_its_owner() {
      Path file = path("home.json");
      files().write(file, CONTENT);
      assertEquals(0644, status(file).mode());
    }

    @Test
    void refuses_to_replace_a_file() {
      Path other = other();
      assertRefusesToReplace(other, () -> files().write(other, CONTENT));
      assertArrayEquals(OTHER_CONTENT, read(other));
    }

    @Test
    void refuses_to_write_through_a_link_that_leads_nowhere() {
      Path link = linkTo(missing());
      assertRefusesToReplace(link, () -> files().write(link, CONTENT));
      assertFalse(exists(missing()));
    }

    @Test
    void in_a_missing_directory_fails() {
      Path file = missing().resolve("home.json");
      assertFails(file, () -> files().write(file, CONTENT));
    }
  }

  /** What a base's file says of itself. */
  @Nested
  class Description {

    @Test
    void is_what_was_written() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      files().describe(disk, DESCRIPTION);
      assertEquals(Optional.of(DESCRIPTION), files().description(disk));
    }

    @Test
    void may_be_without_a_name_and_a_parent() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      BaseDescription bare =
          new BaseDescription(
              DESCRIPTION.home(),
              DESCRIPTION.id(),
              BaseDiskKind.CLONE_BASE,
              null,
              BoxId.GLOBAL,
              null,
              DESCRIPTION.createdAt(),
              ImageFormat.RAW);
      files().describe(disk, bare);
      assertEquals(Optional.of(bare), files().description(disk));
    }

    @Test
    void takes_the_place_of_the_one_before() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      files().describe(disk, OTHER_DESCRIPTION);
      files().describe(disk, DESCRIPTION);
      assertEquals(Optional.of(DESCRIPTION), files().description(disk));
    }

    @Test
    void of_a_file_that_says_nothing_is_empty() {
      assertEquals(Optional.empty(), files().description(disk()));
    }

    @Test
    void is_the_file_s_by_whatever_name() {
      needs(Feature.EXTENDED_ATTRIBUTES);
      Path disk = disk();
      Path base = path("base");
      files().link(disk, base);
      files().describe(base, DESCRIPTION);
      files().rename(disk, path("renamed"));
      assertEquals(Optional.of(DESCRIPTION), files().description(path("renamed")));
    }

    @Test
    void leaves_content_mode_and_modification_time() {
      Path disk = disk();
      setMode(disk, 0640);
      FileStatus before = status(disk);
      files().describe(disk, DESCRIPTION);
      assertAll(
          () -> assertArrayEquals(CONTENT, read(disk)),
          () -> assertEquals(0640, status(disk).mode()),
          () -> assertEquals(before.version(), status(disk).version()));
    }

    @Test
    void of_nothing_fails() {
      assertFails(missing(), () -> files().description(missing()));
      assertFails(missing(), () -> files().describe(missing(), DESCRIPTION));
    }

    @Test
    void of_a_symbolic_link_fails_and_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      Path link = linkTo(disk);
      assertFails(link, () -> files().description(link));
      assertFails(link, () -> files().describe(link, DESCRIPTION));
      assertEquals(Optional.empty(), files().description(disk));
    }
  }

  /** A file that is given to another user. */
  @Nested
  class SetOwner {

    @Test
    void gives_a_file_to_a_user_and_a_group_and_leaves_its_permissions() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setMode(disk, 0640);
      files().setOwner(disk, 1234, 2345);
      FileStatus status = status(disk);
      assertAll(
          () -> assertEquals(1234, status.owner()),
          () -> assertEquals(2345, status.group()),
          () -> assertEquals(0640, status.mode()));
    }

    @Test
    void of_a_missing_file_fails() {
      assertFails(missing(), () -> files().setOwner(missing(), 1234, 2345));
    }

    @Test
    void does_not_follow_a_link() {
      needs(Feature.OWNERS);
      needs(Feature.SYMBOLIC_LINKS);
      Path disk = disk();
      int owner = status(disk).owner();
      Path link = path("link");
      symlink(link, disk);
      assertFails(link, () -> files().setOwner(link, 1234, 2345));
      assertEquals(owner, status(disk).owner());
    }
  }

  /** A base's file that no user but the owner of the home can change. */
  @Nested
  class Seal {

    private static final int HOME_OWNER = 4321;

    @Test
    void takes_all_write_permissions() {
      Path disk = disk();
      setMode(disk, 0666);
      files().seal(disk, status(disk).owner());
      assertEquals(0444, status(disk).mode());
    }

    @Test
    void of_its_owner_s_own_file_changes_no_other_permission() {
      Path disk = disk();
      setMode(disk, 0750);
      files().seal(disk, status(disk).owner());
      assertEquals(0550, status(disk).mode());
    }

    @Test
    void gives_the_file_to_the_owner_and_leaves_its_group() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      setMode(disk, 0644);
      files().seal(disk, HOME_OWNER);
      assertAll(
          () -> assertEquals(HOME_OWNER, status(disk).owner()),
          () -> assertEquals(2345, status(disk).group()),
          () -> assertEquals(0444, status(disk).mode()));
    }

    @Test
    void lets_the_former_owner_read_and_no_other_user() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      setMode(disk, 0600);
      files().seal(disk, HOME_OWNER);
      assertAll(
          () -> assertTrue(canRead(disk, 1234), "the former owner"),
          () -> assertFalse(canRead(disk, 1235), "another user"),
          () -> assertEquals(0, status(disk).mode() & 0222));
    }

    @Test
    void does_not_let_a_former_owner_read_who_could_not() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      setMode(disk, 0200);
      files().seal(disk, HOME_OWNER);
      assertFalse(canRead(disk, 1234));
    }

    @Test
    void twice_is_the_same_as_once() {
      needs(Feature.OWNERS);
      Path disk = disk();
      setOwner(disk, 1234, 2345);
      setMode(disk, 0640);
      files().seal(disk, HOME_OWNER);
      FileStatus once = status(disk);
      files().seal(disk, HOME_OWNER);
      assertAll(
          () -> assertEquals(once.mode(), status(disk).mode()),
          () -> assertEquals(once.owner(), status(disk).owner()),
          () -> assertTrue(canRead(disk, 1234)));
    }

    @Test
    void leaves_content_and_modification_time() {
      Path disk = disk();
      FileStatus before = status(disk);
      files().seal(disk, status(disk).owner());
      assertAll(
          () -> assertArrayEquals(CONTENT, read(disk)),
          () -> assertEquals(before.version(), status(disk).version()));
    }

    @Test
    void of_nothing_and_of_a_directory_fails() {
      Path directory = directory();
      assertFails(missing(), () -> files().seal(missing(), HOME_OWNER));
      assertFails(directory, () -> files().seal(directory, HOME_OWNER));
    }

    @Test
    void of_a_symbolic_link_fails_and_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      setMode(disk, 0640);
      Path link = linkTo(disk);
      assertFails(link, () -> files().seal(link, HOME_OWNER));
      assertEquals(0640, status(disk).mode());
    }
  }

  /** The status by which a later change shows. */
  @Nested
  class SettledStatus {

    @Test
    void is_the_status() {
      Path disk = disk();
      assertEquals(files().settledStatus(disk), status(disk));
    }

    @Test
    void is_left_by_every_change_of_the_content_however_soon() {
      for (int i = 0; i < 5; i++) {
        Path disk = disk();
        FileStatus settled = files().settledStatus(disk);
        write(disk, CONTENT);
        assertNotEquals(settled.version(), status(disk).version());
      }
    }

    @Test
    void is_not_left_by_another_name_nor_another_mode() {
      Path disk = disk();
      FileStatus settled = files().settledStatus(disk);
      assertTrue(files().link(disk, path("other-name")));
      setMode(disk, 0400);
      assertEquals(settled.version(), status(disk).version());
    }

    @Test
    void of_nothing_fails() {
      assertFails(missing(), () -> files().settledStatus(missing()));
    }

    @Test
    void of_a_directory_fails() {
      Path directory = directory();
      assertFails(directory, () -> files().settledStatus(directory));
    }
  }

  /** The modification time of another file. */
  @Nested
  class SetModifiedAt {

    @Test
    void is_exactly_the_time_of_the_other_file() {
      FileStatus other = files().settledStatus(other());
      Path disk = disk();
      files().setModifiedAt(disk, other.modifiedAt());
      assertEquals(other.modifiedAt(), status(disk).modifiedAt());
    }

    @Test
    void stays_with_other_attributes_and_another_name() {
      FileStatus other = files().settledStatus(other());
      Path disk = disk();
      files().setModifiedAt(disk, other.modifiedAt());
      setMode(disk, 0400);
      files().copyAttributes(path("other"), disk);
      files().rename(disk, path("renamed"));
      files().sync(path("renamed"));
      assertEquals(other.modifiedAt(), status(path("renamed")).modifiedAt());
    }

    @Test
    void goes_with_the_next_change_of_the_content() {
      FileStatus other = files().settledStatus(other());
      Path disk = disk();
      files().setModifiedAt(disk, other.modifiedAt());
      write(disk, CONTENT);
      assertNotEquals(other.modifiedAt(), status(disk).modifiedAt());
    }

    @Test
    void leaves_the_content() {
      Path disk = disk();
      files().setModifiedAt(disk, status(other()).modifiedAt());
      assertArrayEquals(CONTENT, read(disk));
    }

    @Test
    void of_nothing_fails() {
      FileStatus other = status(other());
      assertFails(missing(), () -> files().setModifiedAt(missing(), other.modifiedAt()));
    }

    @Test
    void of_a_symbolic_link_fails_and_leaves_the_file_that_it_leads_to() {
      Path disk = disk();
      FileStatus before = files().settledStatus(disk);
      FileStatus other = status(other());
      Path link = linkTo(disk);
      assertFails(link, () -> files().setModifiedAt(link, other.modifiedAt()));
      assertEquals(before.version(), status(disk).version());
    }
  }

  /** Durability: what can be seen of it without a power cut. */
  @Nested
  class Sync {

    @Test
    void of_a_file() {
      Path disk = disk();
      assertDoesNotThrow(() -> files().sync(disk));
    }

    @Test
    void of_a_directory() {
      Path directory = directory();
      assertDoesNotThrow(() -> files().sync(directory));
    }

    @Test
    void of_a_file_that_may_not_be_written_to() {
      Path disk = disk();
      setMode(disk, 0400);
      assertDoesNotThrow(() -> files().sync(disk));
    }

    @Test
    void of_nothing_at_all() {
      assertDoesNotThrow(() -> files().sync(ImmutableList.of()));
    }

    @Test
    void of_the_same_file_twice() {
      Path disk = disk();
      assertDoesNotThrow(() -> files().sync(ImmutableList.of(disk, disk)));
    }

    @Test
    void of_many_files_and_their_directory_leaves_them_as_they_are() {
      ImmutableList<Path> disks = manyDisks();
      files().sync(ImmutableList.<Path>builder().addAll(disks).add(root()).build());
      disks.forEach(disk -> assertArrayEquals(CONTENT, read(disk)));
    }

    @Test
    void of_files_on_two_file_systems() {
      needs(Feature.SECOND_FILE_SYSTEM);
      Path disk = disk();
      Path elsewhere = rootElsewhere().resolve("disk");
      write(elsewhere, CONTENT);
      assertDoesNotThrow(() -> files().sync(ImmutableList.of(disk, elsewhere, rootElsewhere())));
    }

    @Test
    void of_a_missing_file_fails() {
      assertFails(missing(), () -> files().sync(missing()));
    }

    @Test
    void of_a_missing_file_among_many_fails() {
      ImmutableList<Path> paths =
          ImmutableList.<Path>builder().addAll(manyDisks()).add(missing()).build();
      assertFails(missing(), () -> files().sync(paths));
    }

    @Test
    void of_a_symbolic_link_fails() {
      Path link = linkTo(disk());
      assertFails(link, () -> files().sync(link));
    }

    private ImmutableList<Path> manyDisks() {
      ImmutableList.Builder<Path> disks = ImmutableList.builder();
      for (int i = 0; i < 200; i++) {
        disks.add(written("disk-" + i, CONTENT));
      }
      return disks.build();
    }
  }
}
