package io.basedisk.cli.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.cli.Cli;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real file systems that are full to the last byte. */
@Tag("oracle")
class FullFileSystemOracleTest {

  @TempDir private Path temporary;

  private SampleHome sample(ScratchMount mount) {
    return SampleHome.make(mount.directory().resolve("home"), temporary.resolve("image.qcow2"));
  }

  @ParameterizedTest
  @EnumSource
  void what_reads_works_and_what_adds_says_that_no_space_is_left(SmallFileSystem kind)
      throws IOException {
    try (ScratchMount mount = kind.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      Path reserve = sample.cli.home().resolve("db/reserve");
      assertEquals(1 << 20, Files.size(reserve));
      mount.fill();

      sample.assertReadingWorks();
      sample.assertAddingFails(1, "no space left");
      sample.assertFails(
          "image create " + mount.directory().resolve("new.qcow2") + " 1M", 1, "no space left");

      assertTrue(Files.exists(reserve), "only what frees space gives up the reserve");
      mount.free();
      assertEquals(0, sample.run("doctor").code());
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_frees_space_works(SmallFileSystem kind) throws IOException {
    try (ScratchMount mount = kind.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      Path reserve = sample.cli.home().resolve("db/reserve");
      for (String command :
          List.of(
              "snapshot rm web-1 s2",
              "rootfs rm r1",
              "rootfs prune --max-bytes 0",
              "gc",
              "box rm web-1 --with-snapshots",
              "box rm web-2 --with-snapshots")) {
        assertEquals(0, sample.run("doctor").code(), "before " + command);
        assertTrue(Files.exists(reserve), "there is no reserve before " + command);
        mount.fill();

        Cli.Result result = sample.run(command);

        assertEquals(0, result.code(), command + ": " + result.err());
      }
      assertEquals(List.of(), sample.cli.jsonList("box", "ls"));
      assertEquals(List.of(), sample.cli.jsonList("base", "ls"));
      mount.free();
      assertEquals(0, sample.run("doctor").code());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_base_can_be_removed(SmallFileSystem kind) throws IOException {
    try (ScratchMount mount = kind.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      String rootfs =
          String.valueOf(((Map<?, ?>) sample.cli.jsonList("rootfs", "ls").get(0)).get("id"));
      mount.fill();

      Cli.Result result = sample.run("base rm " + rootfs);

      assertEquals(0, result.code(), result.err());
      assertFalse(Files.exists(sample.cli.home().resolve("bases/" + rootfs + ".qcow2")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void without_a_reserve_a_removal_says_that_no_space_is_left(SmallFileSystem kind)
      throws IOException {
    try (ScratchMount mount = kind.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      Files.delete(sample.cli.home().resolve("db/reserve"));
      mount.fill();

      sample.assertFails("box rm web-1 --with-snapshots", 1, "no space left");

      mount.free();
      assertEquals(0, sample.run("box rm web-1 --with-snapshots").code());
    }
  }
}
