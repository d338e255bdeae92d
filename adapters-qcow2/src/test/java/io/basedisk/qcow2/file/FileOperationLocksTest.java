package io.basedisk.qcow2.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.OperationLocks.Held;
import io.basedisk.domain.testing.OperationLocksContract;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port's contract on a real file, and tests with a second process. */
class FileOperationLocksTest extends OperationLocksContract {

  private static final OperationId ID = new OperationId(1L << 61);
  private static final OperationId OTHER = new OperationId(42);

  @TempDir Path scratch;

  private Path file;
  private FileOperationLocks locks;
  private FileOperationLocks other;

  /** Returns the system calls under test. */
  OperatingSystem system() {
    return OperatingSystem.current();
  }

  @BeforeEach
  void openLocks() {
    file = scratch.resolve("operations.lock");
    locks = FileOperationLocks.open(system(), file);
    other = FileOperationLocks.open(system(), file);
  }

  @Test
  void all_locks_can_be_taken_only_while_no_operation_has_one() {
    try (Held held = other.tryAcquire(ID).orElseThrow()) {
      assertTrue(locks.tryAcquireAll().isEmpty());
    }
    try (Held all = locks.tryAcquireAll().orElseThrow()) {
      assertTrue(other.tryAcquire(OTHER).isEmpty());
      assertTrue(locks.tryAcquire(ID).isEmpty());
      assertTrue(other.tryAcquireAll().isEmpty());
    }
    other.tryAcquire(ID).orElseThrow().close();
  }

  @Override
  protected OperationLocks locks() {
    return locks;
  }

  @Override
  protected OperationLocks locksOfAnotherInstance() {
    return other;
  }

  @Override
  protected void replaceHome() {
    try {
      Files.move(file, scratch.resolve("replaced"));
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void the_file_is_for_its_owner_alone() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void the_file_stays_empty() throws IOException {
    try (Held held = locks.tryAcquire(ID).orElseThrow()) {
      assertEquals(0, Files.size(file), () -> "while " + held + " is held");
    }
  }

  @Test
  void the_first_lock_fails_if_the_file_can_not_be_created() throws IOException {
    Path nowhere = scratch.resolve("missing").resolve("operations.lock");
    FileOperationLocks without = FileOperationLocks.open(system(), nowhere);

    assertThrows(StorageException.class, () -> without.tryAcquire(ID));

    Files.createDirectory(nowhere.getParent());
    without.tryAcquire(ID).orElseThrow().close();
  }

  @Test
  void a_symbolic_link_in_place_of_the_file_is_an_error() throws IOException {
    Path link = Files.createSymbolicLink(scratch.resolve("link"), file);
    assertThrows(StorageException.class, () -> FileOperationLocks.open(system(), link));
  }

  // A lock on the removed file is invisible on the new one, which must not look free.
  @Test
  void locking_fails_after_the_file_was_replaced() throws IOException {
    try (Held held = locks.tryAcquire(ID).orElseThrow()) {
      Files.move(file, scratch.resolve("away"));
      Files.createFile(file);
      assertThrows(
          StorageException.class, () -> other.tryAcquire(ID), () -> "while " + held + " is held");
    }
  }

  @Test
  void locking_fails_after_the_file_was_removed() throws IOException {
    Files.delete(file);
    assertThrows(StorageException.class, () -> locks.tryAcquire(ID));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_lock_of_another_process_excludes_until_that_is_killed(boolean portable) throws Exception {
    try (Holder holder = Holder.start(portable, file, ID)) {
      assertFalse(locks.tryAcquire(ID).isPresent());
      holder.kill();
      assertTrue(locks.tryAcquire(ID).isPresent());
    }
  }

  @Test
  void a_lock_of_another_process_leaves_the_other_ids_free() throws Exception {
    try (Holder holder = Holder.start(false, file, ID)) {
      assertTrue(locks.tryAcquire(OTHER).isPresent(), () -> "beside " + holder);
    }
  }

  @Test
  void a_lock_excludes_another_process() throws Exception {
    try (Held held = locks.tryAcquire(ID).orElseThrow();
        Holder refused = Holder.start(false, file, ID)) {
      assertEquals("refused", refused.answer(), () -> "while " + held + " is held");
    }
  }

  // A second open of the file must not drop the lock that the first one holds.
  @Test
  void a_lock_excludes_another_process_after_other_locks_were_closed() throws Exception {
    try (Held held = locks.tryAcquire(ID).orElseThrow()) {
      other.tryAcquire(OTHER).orElseThrow().close();
      assertFalse(other.tryAcquire(ID).isPresent());
      try (Holder refused = Holder.start(false, file, ID)) {
        assertEquals("refused", refused.answer(), () -> "while " + held + " is held");
      }
    }
  }

  @Test
  void a_program_that_was_started_under_the_lock_does_not_keep_it() throws Exception {
    Held held = locks.tryAcquire(ID).orElseThrow();
    Process child = new ProcessBuilder("sleep", "86400").start();
    try {
      held.close();
      assertTrue(other.tryAcquire(ID).isPresent());
    } finally {
      child.destroyForcibly();
    }
  }

  /** Another JVM that takes a lock and keeps it until it is killed. */
  static final class Holder implements AutoCloseable {

    private final Process process;
    private final String answer;

    private Holder(Process process, String answer) {
      this.process = process;
      this.answer = answer;
    }

    static Holder start(boolean portable, Path file, OperationId id) throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Holder.class.getName(),
                  Boolean.toString(portable),
                  file.toString(),
                  id.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      @SuppressWarnings("resource") // Closed with the process.
      BufferedReader output =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      return new Holder(process, output.readLine());
    }

    String answer() {
      return answer;
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
      kill();
    }

    @Override
    public String toString() {
      return "process " + process.pid() + ", which is " + answer;
    }

    /** Takes the lock, prints the result, and waits. */
    public static void main(String[] arguments) throws Exception {
      OperatingSystem system =
          Boolean.parseBoolean(arguments[0])
              ? OperatingSystem.portable()
              : OperatingSystem.current();
      OperationId id = new OperationId(Long.parseLong(arguments[2]));
      boolean held =
          FileOperationLocks.open(system, Path.of(arguments[1])).tryAcquire(id).isPresent();
      System.out.println(held ? "held" : "refused");
      // Until the process is killed, or its parent ends.
      System.in.read();
    }
  }
}
