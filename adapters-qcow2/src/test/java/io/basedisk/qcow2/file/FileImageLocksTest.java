package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageLocks.Guard;
import io.basedisk.domain.testing.ImageLocksContract;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.qcow2.os.ImageUser;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The port's contract on real files, and tests with a second process. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class FileImageLocksTest extends ImageLocksContract {

  /** Enough calls to tell a descriptor leak from descriptors that come and go. */
  private static final int USES = Repeats.of(20, 100);

  @TempDir Path scratch;

  private Path root;
  private ImageLocks imageLocks;

  /** Returns the system calls under test. */
  OperatingSystem system() {
    return OperatingSystem.current();
  }

  /** Returns the setting under test. */
  UnknownUsePolicy unknownUse() {
    return UnknownUsePolicy.KEEP;
  }

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(scratch.toRealPath().resolve("root"));
    imageLocks = new FileImageLocks(system(), unknownUse());
  }

  @Override
  protected ImageLocks imageLocks() {
    return imageLocks;
  }

  @Override
  protected Path root() {
    return root;
  }

  @Override
  protected void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Optional<Use> use(Path file, User user) {
    return ImageUser.start(file, user);
  }

  private Path file() {
    Path file = root.resolve("disk.qcow2");
    write(file, new byte[4096]);
    return file;
  }

  /** A program that has a file open in its own process until this is closed. */
  private record Program(Process process) implements AutoCloseable {

    /** Longer than any test. */
    private static final ImmutableList<String> COMMAND = ImmutableList.of("sleep", "86400");

    static Program reading(Path file) throws IOException {
      return new Program(new ProcessBuilder(COMMAND).redirectInput(file.toFile()).start());
    }

    static Program writing(Path file) throws IOException {
      return new Program(
          new ProcessBuilder(COMMAND)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
              .start());
    }

    /** Returns its name in a message. */
    String name() throws Exception {
      // Java starts it through a helper program, and returns once that has started.
      Path comm = Path.of("/proc/" + process.pid() + "/comm");
      while (!Files.readString(comm).strip().equals("sleep")) {
        Thread.sleep(1);
      }
      return "process " + process.pid() + " (sleep)";
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void the_process_that_has_a_file_open_is_named() throws Exception {
    Path file = file();
    try (Program program = Program.reading(file)) {
      String name = program.name();
      assertEquals(Optional.of("open in " + name), imageLocks.openedBy(file));
    }
  }

  @Test
  void all_processes_that_have_a_file_open_are_named() throws Exception {
    Path file = file();
    try (Program one = Program.reading(file);
        Program other = Program.reading(file)) {
      String name = one.name();
      String otherName = other.name();
      String clause = imageLocks.openedBy(file).orElseThrow();
      assertTrue(clause.contains(name) && clause.contains(otherName), clause);
    }
  }

  @Test
  void the_process_that_writes_to_a_file_is_named_and_no_reader() throws Exception {
    Path file = file();
    try (Program reader = Program.reading(file);
        Program writer = Program.writing(file)) {
      reader.name();
      String name = writer.name();
      assertEquals(Optional.of("open for writing in " + name), imageLocks.writtenBy(file));
    }
  }

  @Test
  void a_refusal_names_the_file_and_the_process() throws Exception {
    Path file = file();
    try (Program writer = Program.writing(file)) {
      String name = writer.name();
      RefusedException refusal = assertThrows(RefusedException.class, () -> imageLocks.guard(file));
      assertEquals(file + " is open for writing in " + name, refusal.getMessage());
    }
  }

  @Test
  void a_guard_of_another_instance_does_not_count_as_a_user() {
    Path file = file();
    try (Guard guard = new FileImageLocks(system(), unknownUse()).guard(file)) {
      assertEquals(Optional.empty(), imageLocks.openedBy(file));
    }
  }

  @Test
  void a_program_that_was_started_under_the_guard_does_not_keep_it() throws Exception {
    Path file = file();
    Guard guard = imageLocks.guard(file);
    Process child = new ProcessBuilder(Program.COMMAND).start();
    try {
      guard.close();
      assertEquals(Optional.empty(), imageLocks.openedBy(file));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void queries_and_guards_leave_nothing_open() throws IOException {
    Path file = file();
    // Ignore files that the JVM opens at the first use.
    askAndGuard(file);
    long before = openDescriptors();
    for (int i = 0; i < USES; i++) {
      askAndGuard(file);
    }
    assertTrue(openDescriptors() < before + USES / 2, () -> before + " before");
  }

  private void askAndGuard(Path file) throws IOException {
    imageLocks.openedBy(file);
    imageLocks.writtenBy(file);
    imageLocks.guard(file).close();
    try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
      assertThrows(RefusedException.class, () -> imageLocks.guard(file), writer::toString);
    }
  }

  private static long openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }

  @Test
  void a_closed_guard_can_not_check() {
    Guard guard = imageLocks.guard(file());
    guard.close();
    assertThrows(IllegalStateException.class, guard::checkNoWriter);
  }

  @Test
  void a_symbolic_link_can_not_be_guarded() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), file());
    assertThrows(StorageException.class, () -> imageLocks.guard(link));
  }

  @Test
  void a_directory_can_not_be_guarded() {
    assertThrows(StorageException.class, () -> imageLocks.guard(root));
  }

  @Test
  void users_of_a_directory_are_unknown() {
    assertEquals(Optional.of("may be open: not a regular file"), imageLocks.openedBy(root));
  }
}
