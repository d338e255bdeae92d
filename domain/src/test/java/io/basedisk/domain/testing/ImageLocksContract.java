package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageLocks.Guard;
import io.basedisk.domain.port.ImageLocks.Share;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link ImageLocks} does. Extend it and say how to be another user of the same files;
 * the contract itself touches no file system, so a fake in memory can extend it too.
 *
 * <p>A {@link Feature} that an implementation lacks skips its tests. That a real QEMU does as a
 * {@link User} does here takes a QEMU to show: an implementation for real files tests that by
 * itself.
 */
public abstract class ImageLocksContract {

  /** What not every implementation or file system has. */
  public enum Feature {
    /** Users that keep to QEMU's image locks are seen, and kept out. */
    IMAGE_LOCKS,
    /** Users that don't keep to locks are seen. */
    OPEN_FILES
  }

  /** A user of an image, which has its file open. */
  public enum User {
    /** Has it open for writing, without locks. */
    WRITER(true),
    /** Has it open for reading, without locks. */
    READER(false),
    /** Writes to it, as a VM does to its disk, and keeps to the locks. */
    LOCKING_WRITER(true),
    /** Reads it, as a VM does the backing file of its disk, and keeps to the locks. */
    LOCKING_READER(false),
    /** Reads it, forbids others to read it, and keeps to the locks. */
    LOCKING_LONE_READER(false);

    private final boolean writes;

    User(boolean writes) {
      this.writes = writes;
    }

    private Feature takesToSee() {
      return this == WRITER || this == READER ? Feature.OPEN_FILES : Feature.IMAGE_LOCKS;
    }
  }

  /** A file that a {@link User} has open until this is closed. */
  public interface Use extends AutoCloseable {

    @Override
    void close();
  }

  private static final int THREADS = 8;

  private static final byte[] CONTENT = "content of the disk".getBytes(UTF_8);
  private static final byte[] OTHER_CONTENT = "another content, and longer".getBytes(UTF_8);

  /** Returns the implementation under test: the same one each time within a test. */
  protected abstract ImageLocks imageLocks();

  /** Returns the real path of a directory that exists and is empty when a test begins. */
  protected abstract Path root();

  /** Makes a regular file with that content, and keeps nothing open. */
  protected abstract void write(Path file, byte[] content);

  /** Returns the whole content of a regular file, and keeps nothing open. */
  protected abstract byte[] read(Path file);

  /** Gives a file another name, whose file it replaces if there is one. */
  protected abstract void rename(Path from, Path to);

  /**
   * Starts to use a file as that user does.
   *
   * @return empty if the locks of others keep a user from it who keeps to them
   */
  protected abstract Optional<Use> use(Path file, User user);

  /** Returns how often each of several threads asks; fewer if it takes long. */
  protected int rounds() {
    return 50;
  }

  /** Returns whether a feature is there; that of every implementation that says nothing. */
  protected boolean supports(Feature feature) {
    return true;
  }

  private void needs(Feature feature) {
    assumeTrue(supports(feature), () -> feature + " is not there");
  }

  private void needsToSee(User user) {
    needs(user.takesToSee());
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

  private Path written(String name, byte[] content) {
    Path file = path(name);
    write(file, content);
    return file;
  }

  private Guard guard(Path disk) {
    return imageLocks().guard(disk);
  }

  /** Starts to use a file, which nothing keeps that user from. */
  private Use used(Path file, User user) {
    return use(file, user).orElseThrow(() -> new AssertionError(user + " can't use " + file));
  }

  private boolean canBeUsed(Path file, User user) {
    Optional<Use> use = use(file, user);
    use.ifPresent(Use::close);
    return use.isPresent();
  }

  private static void assertRefused(Path named, Runnable step) {
    RefusedException refusal = assertThrows(RefusedException.class, step::run);
    assertTrue(refusal.getMessage().contains(named.toString()), refusal::getMessage);
    assertFalse(refusal.getMessage().contains("\n"), refusal::getMessage);
  }

  /** A guard, from when it is asked for to when it is closed. */
  @Nested
  class Guarding {

    @Test
    void an_unused_file_is_possible() {
      Path disk = disk();
      assertDoesNotThrow(() -> guard(disk).close());
    }

    @Test
    void nothing_fails() {
      Path missing = path("missing");
      NotFoundException failure = assertThrows(NotFoundException.class, () -> guard(missing));
      assertTrue(failure.getMessage().contains(missing.toString()), failure::getMessage);
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void a_file_that_has_a_writer_is_refused(User writer) {
      needsToSee(writer);
      Path disk = disk();
      try (Use use = used(disk, writer)) {
        assertRefused(disk, () -> guard(disk));
      }
    }

    @Test
    void a_file_that_others_may_not_read_is_refused() {
      needsToSee(User.LOCKING_LONE_READER);
      Path disk = disk();
      try (Use use = used(disk, User.LOCKING_LONE_READER)) {
        assertRefused(disk, () -> guard(disk));
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"READER", "LOCKING_READER"})
    void a_file_that_has_a_reader_is_possible(User reader) {
      Path disk = disk();
      try (Use use = used(disk, reader)) {
        assertDoesNotThrow(() -> guard(disk).close());
      }
    }

    @Test
    void a_file_beside_one_that_has_a_writer_is_possible() {
      Path disk = disk();
      try (Use use = used(other(), User.LOCKING_WRITER)) {
        assertDoesNotThrow(() -> guard(disk).close());
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void a_file_whose_writer_has_ended_is_possible(User writer) {
      Path disk = disk();
      used(disk, writer).close();
      assertDoesNotThrow(() -> guard(disk).close());
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void a_file_again_is_refused_once_more_while_it_has_a_writer(User writer) {
      needsToSee(writer);
      Path disk = disk();
      try (Use use = used(disk, writer)) {
        assertRefused(disk, () -> guard(disk));
        assertRefused(disk, () -> guard(disk));
      }
    }

    @Test
    void that_was_refused_keeps_no_user_from_starting() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Use use = used(disk, User.WRITER)) {
        assertRefused(disk, () -> guard(disk));
        assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void leaves_the_content() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        guard.checkNoWriter();
      }
      assertArrayEquals(CONTENT, read(disk));
    }

    @Test
    void works_on_a_thread_that_is_interrupted() {
      Path disk = disk();
      Thread.currentThread().interrupt();
      try (Guard guard = guard(disk)) {
        guard.checkNoWriter();
        assertTrue(Thread.interrupted(), "the interrupt was lost");
      } finally {
        Thread.interrupted();
      }
    }
  }

  /** Whom a guard keeps out, and for how long. */
  @Nested
  class WhileGuarded {

    @Test
    void a_writer_that_keeps_to_locks_can_not_start() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"READER", "LOCKING_READER"})
    void a_reader_can_start(User reader) {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        assertTrue(canBeUsed(disk, reader));
      }
    }

    @Test
    void a_writer_can_not_start_under_another_name_of_the_file() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      Path base = path("base");
      try (Guard guard = guard(disk)) {
        rename(disk, base);
        assertFalse(canBeUsed(base, User.LOCKING_WRITER));
      }
    }

    @Test
    void a_writer_can_start_on_another_file_that_took_the_name() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        rename(other(), disk);
        assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void a_writer_can_start_on_another_file() {
      Path other = other();
      try (Guard guard = guard(disk())) {
        assertTrue(canBeUsed(other, User.LOCKING_WRITER));
      }
    }

    @Test
    void a_writer_that_can_not_start_is_not_taken_for_one_that_has() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        canBeUsed(disk, User.LOCKING_WRITER);
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }

    @Test
    void a_writer_can_start_once_the_guard_is_closed() {
      Path disk = disk();
      guard(disk).close();
      assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
    }

    @Test
    void a_writer_can_start_once_another_thread_has_closed_the_guard() throws Exception {
      Path disk = disk();
      Thread closing = new Thread(guard(disk)::close);
      closing.start();
      closing.join();
      assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
    }

    @Test
    void another_guard_of_the_file_is_possible() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        assertDoesNotThrow(() -> guard(disk).close());
      }
    }

    @Test
    void the_end_of_one_guard_leaves_the_other() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        guard(disk).close();
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void closing_another_guard_twice_leaves_this_one() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        Guard closedTwice = guard(disk);
        closedTwice.close();
        closedTwice.close();
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void closing_the_guard_twice_leaves_the_next_one() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      Guard first = guard(disk);
      first.close();
      try (Guard second = guard(disk)) {
        first.close();
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void many_threads_can_guard_and_check_the_same_file() throws Exception {
      Path disk = disk();
      onManyThreads(
          () -> {
            try (Guard guard = guard(disk)) {
              guard.checkNoWriter();
            }
            return true;
          });
      assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
    }
  }

  /** The check that a guarded file has no writer. */
  @Nested
  class CheckNoWriter {

    @Test
    void passes_if_the_file_is_unused() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"READER", "LOCKING_READER"})
    void passes_if_the_file_is_read(User reader) {
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, reader)) {
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }

    @Test
    void passes_if_another_guard_is_held() {
      Path disk = disk();
      try (Guard guard = guard(disk);
          Guard another = guard(disk)) {
        assertDoesNotThrow(guard::checkNoWriter);
        assertDoesNotThrow(another::checkNoWriter);
      }
    }

    @Test
    void finds_a_writer_that_came_after_the_guard() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, User.WRITER)) {
        assertRefused(disk, guard::checkNoWriter);
      }
    }

    @Test
    void finds_a_writer_although_another_guard_is_held() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Guard another = guard(disk);
          Use use = used(disk, User.WRITER)) {
        assertRefused(disk, guard::checkNoWriter);
        assertRefused(disk, another::checkNoWriter);
      }
    }

    // The reason for the check: a VM that opened the disk before it became another file.
    @Test
    void finds_a_writer_after_the_file_has_lost_its_name_to_another() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, User.WRITER)) {
        rename(disk, path("base"));
        rename(other(), disk);
        assertRefused(disk, guard::checkNoWriter);
      }
    }

    @Test
    void finds_a_writer_that_came_by_another_name() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      Path base = path("base");
      try (Guard guard = guard(disk)) {
        rename(disk, base);
        try (Use use = used(base, User.WRITER)) {
          assertRefused(disk, guard::checkNoWriter);
        }
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void passes_if_another_file_that_took_the_name_is_written(User writer) {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        rename(other(), disk);
        try (Use use = used(disk, writer)) {
          assertDoesNotThrow(guard::checkNoWriter);
        }
      }
    }

    @Test
    void passes_once_the_writer_has_ended() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        used(disk, User.WRITER).close();
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }

    @Test
    void that_failed_leaves_the_file_guarded() {
      needs(Feature.OPEN_FILES);
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, User.WRITER)) {
        assertRefused(disk, guard::checkNoWriter);
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }
  }

  /** A share, and whom it keeps out. */
  @Nested
  class Sharing {

    private Share share(Path disk) {
      return imageLocks().share(disk);
    }

    @ParameterizedTest
    @EnumSource(
        mode = EnumSource.Mode.EXCLUDE,
        names = {"LOCKING_LONE_READER"})
    void a_file_that_has_a_user_is_possible(User user) {
      Path disk = disk();
      try (Use use = used(disk, user)) {
        assertDoesNotThrow(() -> share(disk).close());
      }
    }

    @Test
    void nothing_fails() {
      Path missing = path("missing");
      NotFoundException failure = assertThrows(NotFoundException.class, () -> share(missing));
      assertTrue(failure.getMessage().contains(missing.toString()), failure::getMessage);
    }

    @Test
    void a_file_that_others_may_not_read_is_refused() {
      needsToSee(User.LOCKING_LONE_READER);
      Path disk = disk();
      try (Use use = used(disk, User.LOCKING_LONE_READER)) {
        assertRefused(disk, () -> share(disk));
      }
    }

    @ParameterizedTest
    @EnumSource(
        mode = EnumSource.Mode.EXCLUDE,
        names = {"LOCKING_LONE_READER"})
    void lets_readers_and_writers_start(User user) {
      Path disk = disk();
      try (Share share = share(disk)) {
        assertTrue(canBeUsed(disk, user));
      }
    }

    @Test
    void keeps_others_from_forbidding_to_read_until_it_ends() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Share share = share(disk)) {
        assertFalse(canBeUsed(disk, User.LOCKING_LONE_READER));
      }
      assertTrue(canBeUsed(disk, User.LOCKING_LONE_READER));
    }

    @Test
    void of_two_the_second_stays_when_the_first_is_closed_twice() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      Share first = share(disk);
      try (Share second = share(disk)) {
        first.close();
        first.close();
        assertFalse(canBeUsed(disk, User.LOCKING_LONE_READER));
      }
    }

    @Test
    void goes_with_a_guard_whose_end_lets_writers_in_again() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Share share = share(disk)) {
        try (Guard guard = guard(disk)) {
          assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
        }
        assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
        assertFalse(canBeUsed(disk, User.LOCKING_LONE_READER));
      }
    }

    @Test
    void ends_before_a_guard_that_stays() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      Share share = share(disk);
      try (Guard guard = guard(disk)) {
        share.close();
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }

    @Test
    void does_not_hide_a_writer_from_a_guard_that_is_refused_and_keeps_no_user_out_then() {
      needs(Feature.OPEN_FILES);
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Share share = share(disk);
          Use use = used(disk, User.WRITER)) {
        assertRefused(disk, () -> guard(disk));
        assertTrue(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @Test
    void is_not_taken_for_a_user() {
      Path disk = disk();
      try (Share share = share(disk)) {
        assertEquals(Optional.empty(), imageLocks().openedBy(disk));
        assertEquals(Optional.empty(), imageLocks().writtenBy(disk));
      }
    }
  }

  /** The question who has a file open. */
  @Nested
  class OpenedBy {

    @Test
    void is_empty_without_users() {
      assertEquals(Optional.empty(), imageLocks().openedBy(disk()));
    }

    @Test
    void is_empty_if_nothing_is_there() {
      assertEquals(Optional.empty(), imageLocks().openedBy(path("missing")));
    }

    @ParameterizedTest
    @EnumSource
    void anybody(User user) {
      needsToSee(user);
      Path disk = disk();
      try (Use use = used(disk, user)) {
        assertTrue(imageLocks().openedBy(disk).isPresent());
      }
    }

    @ParameterizedTest
    @EnumSource
    void is_empty_once_the_user_has_ended(User user) {
      Path disk = disk();
      used(disk, user).close();
      assertEquals(Optional.empty(), imageLocks().openedBy(disk));
    }

    @ParameterizedTest
    @EnumSource
    void anybody_who_opened_it_by_another_name(User user) {
      needsToSee(user);
      Path disk = disk();
      Path base = path("base");
      try (Use use = used(disk, user)) {
        rename(disk, base);
        assertTrue(imageLocks().openedBy(base).isPresent());
      }
    }

    @ParameterizedTest
    @EnumSource
    void leaves_out_users_of_the_file_that_had_the_name_before(User user) {
      Path disk = disk();
      try (Use use = used(disk, user)) {
        rename(other(), disk);
        assertEquals(Optional.empty(), imageLocks().openedBy(disk));
      }
    }

    @ParameterizedTest
    @EnumSource
    void leaves_out_users_of_another_file(User user) {
      Path disk = disk();
      try (Use use = used(other(), user)) {
        assertEquals(Optional.empty(), imageLocks().openedBy(disk));
      }
    }

    @Test
    void not_by_the_guards_of_this_port() {
      Path disk = disk();
      try (Guard guard = guard(disk);
          Guard another = guard(disk)) {
        assertEquals(Optional.empty(), imageLocks().openedBy(disk));
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "READER", "LOCKING_READER"})
    void anybody_while_it_is_guarded(User user) {
      needsToSee(user);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, user)) {
        assertTrue(imageLocks().openedBy(disk).isPresent());
      }
    }

    @Test
    void is_a_clause_on_one_line() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Use use = used(disk, User.READER)) {
        String clause = imageLocks().openedBy(disk).orElseThrow();
        assertTrue(clause.startsWith("open in process "), clause);
        assertFalse(clause.contains("\n"), clause);
      }
    }

    @Test
    void not_by_others_who_ask() throws Exception {
      Path disk = disk();
      assertNobody(() -> imageLocks().openedBy(disk));
    }

    @Test
    void leaves_the_guard() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        imageLocks().openedBy(disk);
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_no_user_from_starting(User user) {
      Path disk = disk();
      imageLocks().openedBy(disk);
      assertTrue(canBeUsed(disk, user));
    }
  }

  /** The question who may be writing to a file. */
  @Nested
  class WrittenBy {

    @Test
    void is_empty_without_users() {
      assertEquals(Optional.empty(), imageLocks().writtenBy(disk()));
    }

    @Test
    void is_empty_if_nothing_is_there() {
      assertEquals(Optional.empty(), imageLocks().writtenBy(path("missing")));
    }

    @ParameterizedTest
    @EnumSource
    void a_writer_and_no_reader(User user) {
      needsToSee(user);
      Path disk = disk();
      try (Use use = used(disk, user)) {
        assertEquals(user.writes, imageLocks().writtenBy(disk).isPresent());
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void is_empty_once_the_writer_has_ended(User writer) {
      Path disk = disk();
      used(disk, writer).close();
      assertEquals(Optional.empty(), imageLocks().writtenBy(disk));
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITER", "LOCKING_WRITER"})
    void leaves_out_writers_of_another_file(User writer) {
      Path disk = disk();
      try (Use use = used(other(), writer)) {
        assertEquals(Optional.empty(), imageLocks().writtenBy(disk));
      }
    }

    @Test
    void not_by_the_guards_of_this_port() {
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        assertEquals(Optional.empty(), imageLocks().writtenBy(disk));
      }
    }

    @Test
    void a_writer_while_it_is_guarded() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Guard guard = guard(disk);
          Use use = used(disk, User.WRITER)) {
        assertTrue(imageLocks().writtenBy(disk).isPresent());
      }
    }

    @Test
    void is_a_clause_on_one_line() {
      needs(Feature.OPEN_FILES);
      Path disk = disk();
      try (Use use = used(disk, User.WRITER)) {
        String clause = imageLocks().writtenBy(disk).orElseThrow();
        assertTrue(clause.startsWith("open for writing in process "), clause);
        assertFalse(clause.contains("\n"), clause);
      }
    }

    @Test
    void not_by_others_who_ask() throws Exception {
      Path disk = disk();
      assertNobody(() -> imageLocks().writtenBy(disk));
    }

    @Test
    void leaves_the_guard() {
      needs(Feature.IMAGE_LOCKS);
      Path disk = disk();
      try (Guard guard = guard(disk)) {
        imageLocks().writtenBy(disk);
        assertFalse(canBeUsed(disk, User.LOCKING_WRITER));
      }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_no_user_from_starting(User user) {
      Path disk = disk();
      imageLocks().writtenBy(disk);
      assertTrue(canBeUsed(disk, user));
    }
  }

  private void assertNobody(Callable<Optional<String>> question) throws Exception {
    assertEquals(ImmutableSet.of(Optional.empty()), ImmutableSet.copyOf(onManyThreads(question)));
  }

  /** Does something on many threads at once, many times, and returns all results. */
  private <T> ImmutableList<T> onManyThreads(Callable<T> action) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      Callable<ImmutableList<T>> rounds =
          () -> {
            ImmutableList.Builder<T> results = ImmutableList.builder();
            for (int i = 0; i < rounds(); i++) {
              results.add(action.call());
            }
            return results.build();
          };
      ImmutableList.Builder<T> results = ImmutableList.builder();
      for (Future<ImmutableList<T>> done :
          executor.invokeAll(Collections.nCopies(THREADS, rounds))) {
        results.addAll(done.get());
      }
      return results.build();
    } finally {
      executor.shutdownNow();
    }
  }
}
