package io.basedisk.qcow2.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.testing.DiskFilesContract;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The port's contract on real files, and tests that need a real file system. */
class LocalDiskFilesTest extends DiskFilesContract {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path scratch;

  private final OperatingSystem system = system();
  private final LocalDiskFiles files = new LocalDiskFiles(system);
  private Path root;
  private Optional<Path> elsewhere = Optional.empty();

  /** Returns the system calls under test. */
  OperatingSystem system() {
    return OperatingSystem.current();
  }

  @BeforeEach
  void makeRoots() throws IOException {
    root = Files.createDirectory(scratch.toRealPath().resolve("root"));
    setMode(scratch, 0711); // For the other users of some tests.
    if (Files.isWritable(SHARED_MEMORY)
        && !Files.getFileStore(SHARED_MEMORY).equals(Files.getFileStore(root))) {
      elsewhere = Optional.of(Files.createTempDirectory(SHARED_MEMORY, "basedisk-test"));
    }
  }

  @AfterEach
  void removeRootElsewhere() throws IOException {
    if (elsewhere.isPresent()) {
      try (var inside = Files.newDirectoryStream(elsewhere.get())) {
        for (Path file : inside) {
          Files.delete(file);
        }
      }
      Files.delete(elsewhere.get());
    }
  }

  @Override
  protected DiskFiles files() {
    return files;
  }

  @Override
  protected Path root() {
    return root;
  }

  @Override
  protected Path rootElsewhere() {
    return elsewhere.orElseThrow();
  }

  @Override
  protected boolean supports(Feature feature) {
    return switch (feature) {
      case OWNERS -> isRoot();
      case EXTENDED_ATTRIBUTES -> hasExtendedAttributes();
      case SECOND_FILE_SYSTEM -> elsewhere.isPresent();
      case SYMBOLIC_LINKS, HOLES -> true;
    };
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private boolean hasExtendedAttributes() {
    try {
      return Files.getFileStore(root).supportsFileAttributeView(UserDefinedFileAttributeView.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void write(Path file, byte[] content) {
    doing(() -> Files.write(file, content));
  }

  @Override
  protected byte[] read(Path file) {
    return doing(() -> Files.readAllBytes(file));
  }

  @Override
  protected void setMode(Path path, int mode) {
    doing(() -> Files.setAttribute(path, "unix:mode", mode, NOFOLLOW_LINKS));
  }

  @Override
  protected void symlink(Path link, Path target) {
    doing(() -> Files.createSymbolicLink(link, target));
  }

  @Override
  protected void setOwner(Path file, int owner, int group) {
    doing(() -> Files.setAttribute(file, "unix:uid", owner, NOFOLLOW_LINKS));
    doing(() -> Files.setAttribute(file, "unix:gid", group, NOFOLLOW_LINKS));
  }

  @Override
  protected boolean canRead(Path file, int user) {
    return doing(() -> UserAccess.toRead(file, user));
  }

  @Override
  protected void setExtendedAttribute(Path file, String name, byte[] value) {
    doing(() -> attributesOf(file).write(name, ByteBuffer.wrap(value)));
  }

  @Override
  protected Optional<byte[]> extendedAttribute(Path file, String name) {
    return doing(
        () -> {
          UserDefinedFileAttributeView attributes = attributesOf(file);
          if (!attributes.list().contains(name)) {
            return Optional.empty();
          }
          ByteBuffer value = ByteBuffer.allocate(attributes.size(name));
          attributes.read(name, value);
          return Optional.of(value.array());
        });
  }

  private static UserDefinedFileAttributeView attributesOf(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }

  @Override
  protected void writeBehindHole(Path file, long hole, byte[] content) {
    doing(
        () -> {
          try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(hole);
            access.seek(hole);
            access.write(content);
          }
          return file;
        });
  }

  @FunctionalInterface
  private interface Doing<T> {
    T result() throws IOException;
  }

  private static <T> T doing(Doing<T> action) {
    try {
      return action.result();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path randomFile(String name, int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Path file = root.resolve(name);
    write(file, content);
    return file;
  }

  // The space of a copy, measured by the system's own calls, whichever calls are under test.

  @Test
  void a_copy_occupies_as_little_as_a_source_of_holes() throws IOException {
    Path sparse = root.resolve("sparse");
    writeBehindHole(sparse, 64 * MEBIBYTE, "data".getBytes(UTF_8));
    Path copy = root.resolve("copy");
    files.copy(sparse, copy);
    long occupied = OperatingSystem.current().status(copy).orElseThrow().allocatedBytes();
    assertTrue(occupied < MEBIBYTE, () -> occupied + " bytes");
  }

  @Test
  void a_copy_of_data_between_holes_is_the_same() throws IOException {
    Path source = root.resolve("source");
    Random random = new Random(1);
    byte[] piece = new byte[100_000];
    try (RandomAccessFile access = new RandomAccessFile(source.toFile(), "rw")) {
      for (long at : new long[] {0, 3_000_001, 9_999_999, 20_000_000}) {
        random.nextBytes(piece);
        access.seek(at);
        access.write(piece);
      }
      access.setLength(30_000_000);
    }
    Path copy = root.resolve("copy");
    files.copy(source, copy);
    assertEquals(-1, Files.mismatch(source, copy));
  }

  @Test
  void a_copy_larger_than_any_buffer_is_the_same() throws IOException {
    Path source = randomFile("source", 5 * MEBIBYTE + 123);
    Path copy = root.resolve("copy");
    files.copy(source, copy);
    assertEquals(-1, Files.mismatch(source, copy));
  }

  @Test
  void a_copy_that_does_not_fit_fails_and_leaves_nothing() throws IOException {
    assumeTrue(isRoot(), "mounting takes root");
    Path source = randomFile("source", 2 * MEBIBYTE);
    try (ScratchMount full = ScratchMount.ofMemory(scratch, 1024)) {
      Path copy = full.directory().resolve("copy");
      StorageException failure =
          assertThrows(StorageException.class, () -> files.copy(source, copy));
      assertTrue(failure.getMessage().contains(copy.toString()), failure::getMessage);
      assertFalse(Files.exists(copy));
    }
  }

  // Descriptions that a hostile owner of the file may have written.

  @ParameterizedTest
  @MethodSource("hostileDescriptions")
  void an_invalid_description_reads_as_none(String json) {
    assumeTrue(hasExtendedAttributes(), "no extended attributes");
    Path disk = randomFile("disk", 10);
    setExtendedAttribute(disk, "basedisk", json.getBytes(UTF_8));
    assertEquals(Optional.empty(), files.description(disk));
  }

  static Stream<String> hostileDescriptions() {
    String valid = DescriptionJsonTest.VALID;
    return Stream.of(
        "",
        "{}",
        "null",
        "\u0000\u0001",
        valid.substring(0, valid.length() - 1),
        valid + valid,
        "[" + valid + "]",
        valid.replace("\"snapshot\"", "3"),
        valid.replace("\"snapshot\"", "null"),
        valid.replace("snapshot", "snapshots"),
        valid.replace("\"web-1\"", "{\"a\": \"b\"}"),
        valid.replace("web-1", "../web-1"),
        valid.replace("2026", "20x6"));
  }

  // Errors of the device must not be lost.

  @Test
  void a_write_that_failed_later_makes_sync_fail() throws IOException {
    assumeTrue(isRoot(), "mounting takes root");
    try (ScratchMount memory = ScratchMount.ofMemory(scratch, 4 * 1024);
        ScratchMount mount = fileSystemOnTooSmallADevice(memory)) {
      Path disk = mount.directory().resolve("disk");
      Files.copy(randomFile("random", 16 * MEBIBYTE), disk);
      assertThrows(StorageException.class, () -> files.sync(disk));
    }
  }

  @Test
  void a_write_that_failed_later_makes_sync_of_many_fail() throws IOException {
    assumeTrue(isRoot(), "mounting takes root");
    try (ScratchMount memory = ScratchMount.ofMemory(scratch, 4 * 1024);
        ScratchMount mount = fileSystemOnTooSmallADevice(memory)) {
      ImmutableList<Path> written = writeTooMuch(mount.directory());
      assertThrows(StorageException.class, () -> files.sync(written));
    }
  }

  @Test
  void a_write_that_failed_makes_sync_of_many_fail_after_another_process_saw_the_error()
      throws Exception {
    assumeTrue(isRoot(), "mounting takes root");
    try (ScratchMount memory = ScratchMount.ofMemory(scratch, 4 * 1024);
        ScratchMount mount = fileSystemOnTooSmallADevice(memory)) {
      ImmutableList<Path> written = writeTooMuch(mount.directory());
      Process told = new ProcessBuilder("sync", "-f", mount.directory().toString()).start();
      assertEquals(1, told.waitFor(), "sync -f saw no failure");
      assertThrows(StorageException.class, () -> files.sync(written));
    }
  }

  private static ScratchMount fileSystemOnTooSmallADevice(ScratchMount memory) throws IOException {
    return ScratchMount.ofImage(
        memory.directory(),
        memory.directory().resolve("device"),
        64,
        "mkfs.ext4",
        "-q",
        "-O",
        "^has_journal");
  }

  private static ImmutableList<Path> writeTooMuch(Path directory) throws IOException {
    byte[] content = new byte[MEBIBYTE / 4];
    Random random = new Random(1);
    ImmutableList.Builder<Path> written = ImmutableList.builder();
    for (int i = 0; i < 100; i++) {
      random.nextBytes(content);
      written.add(Files.write(directory.resolve("disk-" + i), content));
    }
    return written.build();
  }

  // Links that fail although the file system supports links.

  @Test
  void a_link_to_a_file_that_may_not_be_changed_is_an_error() throws IOException {
    assumeTrue(isRoot(), "chattr takes root");
    Path disk = randomFile("disk", 10);
    Path base = root.resolve("base");
    ScratchMount.run("chattr", "+i", disk.toString());
    try {
      assertThrows(StorageException.class, () -> files.link(disk, base));
    } finally {
      ScratchMount.run("chattr", "-i", disk.toString());
    }
  }

  // Interrupts.

  @Test
  void an_interrupted_thread_completes_every_step_but_copies_and_digests() {
    Path disk = randomFile("disk", MEBIBYTE);
    Path directory = root.resolve("directory");
    Path base = directory.resolve("base");
    ImmutableList.Builder<Path> many = ImmutableList.builder();
    for (int i = 0; i < 100; i++) {
      many.add(randomFile("many-" + i, 10));
    }
    interrupted(() -> files.realPath(disk));
    interrupted(() -> files.status(disk));
    interrupted(() -> files.list(root));
    interrupted(() -> files.read(disk, MEBIBYTE));
    interrupted(() -> files.write(root.resolve("written"), new byte[MEBIBYTE]));
    interrupted(() -> files.description(disk));
    interrupted(() -> files.createDirectory(directory, 0700));
    interrupted(() -> files.link(disk, base));
    files.copy(disk, root.resolve("copy"));
    interrupted(() -> files.copyAttributes(disk, root.resolve("copy")));
    interrupted(() -> files.sync(root.resolve("copy")));
    interrupted(() -> files.sync(many.build()));
    interrupted(() -> files.rename(root.resolve("copy"), disk));
    interrupted(() -> files.limitPermissions(base, DiskFiles.READ_ONLY));
    interrupted(() -> files.seal(base, status(base).owner()));
    interrupted(() -> files.sync(ImmutableList.of(disk, root, directory)));
    assertArrayEquals(read(base), read(disk));
    interrupted(() -> files.remove(base));
    assertFalse(Files.exists(base));
  }

  private FileStatus status(Path path) {
    return files.status(path).orElseThrow();
  }

  private static void interrupted(Runnable step) {
    Thread.currentThread().interrupt();
    boolean pending;
    try {
      step.run();
    } finally {
      pending = Thread.interrupted();
    }
    assertTrue(pending, "the interrupt was lost");
  }

  // Files that a hostile owner can create.

  @Test
  void a_fifo_and_a_device_have_types_of_their_own() {
    Path fifo = root.resolve("fifo");
    Tool.run("mkfifo", fifo);
    assertEquals(FileType.FIFO, files.status(fifo).orElseThrow().type());
    assertEquals(
        FileType.CHARACTER_DEVICE, files.status(Path.of("/dev/null")).orElseThrow().type());
  }

  @Test
  void a_time_beyond_the_range_of_java_becomes_the_nearest_in_range() throws IOException {
    assumeTrue(elsewhere.isPresent());
    Path file = Files.write(elsewhere.get().resolve("file"), new byte[] {1});
    Tool.run("touch", "-d", "@9000000000000000000", file);
    assertTrue(files.status(file).orElseThrow().modifiedAt().getEpochSecond() > 1L << 50);
    assertTrue(files.settledStatus(file).modifiedAt().getEpochSecond() > 1L << 50);
    Tool.run("touch", "-d", "@-9000000000000000000", file);
    assertTrue(files.status(file).orElseThrow().modifiedAt().getEpochSecond() < -1L << 50);
  }
}
