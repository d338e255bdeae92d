package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.Programs;
import io.basedisk.oci.archive.ArchiveTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives that GNU tar and zstd pack are read; they unpack ours. */
@Tag("oracle")
class BoxliteOracleTest {

  private static final long LIMIT = 64L << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;
  private Path disk;

  @BeforeAll
  static void assumePrograms() {
    for (String program : List.of("tar", "zstd", "qemu-img")) {
      assumeTrue(
          Splitter.on(':')
              .splitToStream(System.getenv().getOrDefault("PATH", ""))
              .anyMatch(each -> Files.isExecutable(Path.of(each, program))),
          program + " is not installed");
    }
  }

  @BeforeEach
  void makeDisk() throws IOException {
    disk = Programs.qcow2(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "--format=gnu, false",
    "--format=gnu, true",
    "--format=posix, false",
    "--format=ustar, false"
  })
  void an_archive_of_tar_is_read(String format, boolean isSparse) throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path file = Files.copy(disk, tree.resolve("disk.qcow2"));
    if (isSparse) {
      Programs.run("truncate", "--size=40M", file.toString());
      Programs.run("fallocate", "--dig-holes", file.toString());
    }
    Files.writeString(
        tree.resolve("manifest.json"),
        Archives.manifest(5, "sha256:" + Archives.hex(Files.readAllBytes(file))));
    Path tar = directory.resolve("box.tar");
    Programs.run(
        "tar",
        "-C",
        tree.toString(),
        isSparse ? "--sparse" : "--no-xattrs",
        format,
        "-cf",
        tar.toString(),
        "manifest.json",
        "disk.qcow2");
    Path archive = directory.resolve("box.boxlite");
    Programs.run("zstd", "-q", "-19", tar.toString(), "-o", archive.toString());

    try (BoxliteArchive read = BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE)) {
      BoxliteDisk found = assertInstanceOf(BoxliteDisk.class, read);
      assertTrue(found.isVerified());
      assertEquals(Files.size(file), Files.size(found.file()));
      Programs.assertSameContent(disk, found.file());
    }
  }

  @Test
  void tar_and_zstd_unpack_what_we_write() throws IOException {
    Path archive = directory.resolve("box.boxlite");
    try (ArchiveTarget target = ArchiveTarget.of(archive)) {
      BoxliteWriter.write(
          new BoxliteWriter.Export(disk, new BoxId("web-1"), "alpine:latest", Instant.EPOCH),
          target,
          Progress.NONE);
    }
    Path tar = directory.resolve("box.tar");
    Programs.run("zstd", "-q", "-d", archive.toString(), "-o", tar.toString());
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Programs.run("tar", "-C", tree.toString(), "-xf", tar.toString());

    assertEquals(2, tree.toFile().list().length);
    Programs.assertSameContent(disk, tree.resolve("disk.qcow2"));
    String manifest = Files.readString(tree.resolve("manifest.json"));
    assertTrue(manifest.contains(Archives.hex(Files.readAllBytes(disk))), manifest);
  }
}
