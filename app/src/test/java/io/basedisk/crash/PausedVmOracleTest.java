package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.qcow2.testing.Qemu;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A VM that is paused by QMP while its disk is copied. Skipped without {@code qemu-system-x86_64};
 * {@link RunningVmOracleTest} tests the same locks and bytes with {@code qemu-io}.
 */
@Tag("oracle")
class PausedVmOracleTest {

  private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
  private static final int PAGE = 4096;

  /** A VM without an operating system. The test writes to its disk through the monitor. */
  private record Vm(Process process, BufferedReader answers) implements AutoCloseable {

    static Vm start(Path disk) throws IOException {
      Process process =
          new ProcessBuilder(
                  QEMU.toString(),
                  "-nodefaults",
                  "-display",
                  "none",
                  "-m",
                  "16",
                  "-accel",
                  "tcg",
                  "-qmp",
                  "stdio",
                  "-drive",
                  "if=none,id=disk,format=qcow2,file=" + disk)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Vm vm = new Vm(process, process.inputReader(UTF_8));
      vm.qmp("qmp_capabilities", Map.of());
      return vm;
    }

    /** Sends a command, and waits until it has succeeded. */
    void qmp(String command, Map<String, Object> arguments) throws IOException {
      String request = JSON.std.asString(Map.of("execute", command, "arguments", arguments)) + "\n";
      process.getOutputStream().write(request.getBytes(UTF_8));
      process.getOutputStream().flush();
      while (true) {
        String line = answers.readLine();
        if (line == null) {
          fail("the VM has ended");
        }
        if (!line.startsWith("{")) {
          continue; // What qemu-io says of a write.
        }
        Map<String, Object> answer = JSON.std.mapFrom(line);
        if (answer.containsKey("return")) {
          return;
        } else if (answer.containsKey("error")) {
          fail(line);
        }
      }
    }

    /** Writes a page, without a flush of QEMU's caches. */
    void write(int pattern, int page) throws IOException {
      qmp(
          "human-monitor-command",
          Map.of(
              "command-line",
              "qemu-io disk \"write -P " + pattern + " " + page * PAGE + " " + PAGE + "\""));
    }

    @Override
    public void close() throws IOException {
      qmp("quit", Map.of());
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @TempDir private Path directory;

  @Test
  void what_a_vm_has_written_until_it_pauses_is_in_the_copy_and_nothing_after() throws IOException {
    assumeTrue(Files.isExecutable(QEMU), "qemu-system-x86_64 is not installed");
    Qemu.assumeInstalled();
    try (OpenHome home = OpenHome.open(directory.toRealPath().resolve("home"))) {
      Sample.make(home, "box");
      Path disk = home.disk("box");
      byte[] then = Qemu.read(disk);
      byte[] now;
      try (Vm vm = Vm.start(disk)) {
        for (int page : List.of(3, 40, 90)) {
          vm.write(page, page);
          Arrays.fill(then, page * PAGE, (page + 1) * PAGE, (byte) page);
        }
        vm.qmp("stop", Map.of());
        Operation.COPY.perform(home.disks, "box");
        vm.qmp("cont", Map.of());
        now = then.clone();
        for (int page : List.of(3, 41, 91)) {
          vm.write(0xee, page);
          Arrays.fill(now, page * PAGE, (page + 1) * PAGE, (byte) 0xee);
        }
      }

      Path copied = home.findSnapshot("box", "second").orElseThrow();
      Qemu.check(copied);
      Qemu.check(disk);
      assertArrayEquals(now, Qemu.read(disk), "the disk");
      home.disks
          .clones()
          .cloneSnapshot(
              BoxId.of("box"), new SnapshotName("second"), ImmutableList.of(BoxId.of("clone")));
      assertArrayEquals(then, Qemu.read(home.disk("clone")), "a clone of the copy");
      home.disks.snapshots().restore(BoxId.of("box"), new SnapshotName("second"), null);
      assertArrayEquals(then, Qemu.read(disk), "the disk as it was restored");
      Audit.checkWhole(home);
      home.disks.boxes().remove(BoxId.of("box"), SnapshotsOnRemoval.REMOVE);
      home.disks.boxes().remove(BoxId.of("clone"), SnapshotsOnRemoval.REFUSE);
      Audit.checkWhole(home);
    }
  }
}
