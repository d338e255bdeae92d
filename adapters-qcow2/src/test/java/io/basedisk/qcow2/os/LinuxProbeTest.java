package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.qcow2.os.FileProbe.Answer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Leases and locks on a real kernel. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class LinuxProbeTest {

  @TempDir Path scratch;

  private final LibC libc = new LinkedLibC();
  private final OperatingSystem linux = LinuxSystem.load().orElseThrow();
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.write(scratch.resolve("file"), new byte[] {1, 2, 3});
  }

  /** Takes the same lease as a probe, and gives it back after a while. */
  private Thread leaseForAWhile() throws Exception {
    byte[] name = SystemCalls.bytesOf(file);
    CountDownLatch taken = new CountDownLatch(1);
    Thread leasing =
        new Thread(
            () -> {
              int descriptor = libc.openat(LibC.AT_FDCWD, name, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
              libc.fcntl(descriptor, LibC.F_SETSIG, LibC.SIGURG);
              int result = libc.fcntl(descriptor, LibC.F_SETLEASE, (int) LibC.F_WRLCK);
              taken.countDown();
              assertEquals(0, result);
              assertDoesNotThrow(() -> Thread.sleep(100));
              libc.close(descriptor);
            });
    leasing.start();
    taken.await();
    return leasing;
  }

  // A fork or a restore must not fail because another process probes the file.
  @Test
  void opening_waits_until_a_lease_is_given_back() throws Exception {
    Thread leasing = leaseForAWhile();
    assertDoesNotThrow(() -> linux.sync(file));
    leasing.join();
  }

  @Test
  void a_file_that_is_open_once_more_is_open_elsewhere() throws IOException {
    try (FileProbe probe = linux.probe(file);
        FileProbe other = linux.probe(file)) {
      assertEquals(Answer.OPEN, probe.openedElsewhere(Usage.ANY), other::toString);
    }
  }

  @Test
  void a_file_that_is_only_mapped_is_open_elsewhere() throws IOException {
    MappedByteBuffer mapped;
    try (FileChannel channel = FileChannel.open(file)) {
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 3);
    }
    try (FileProbe probe = linux.probe(file)) {
      assertEquals(Answer.OPEN, probe.openedElsewhere(Usage.ANY));
    } finally {
      Reference.reachabilityFence(mapped);
    }
  }

  @Test
  void a_probe_of_nothing_fails() {
    assertThrows(NoSuchFileException.class, () -> linux.probe(scratch.resolve("missing")));
  }

  @Test
  void a_probe_of_a_directory_fails() {
    assertThrows(FileSystemException.class, () -> linux.probe(scratch));
  }
}
