package io.basedisk.cli.accident;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.Cli;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A home with the box {@code golden}, its snapshot {@code s1}, the box {@code web-1} that is a
 * clone of it, and that box's snapshot {@code s2}: each disk and snapshot has the same content.
 */
final class SampleHome {

  private static final int BYTES = 1 << 20;

  final Path directory;
  final Path home;
  final Cli cli;
  private final byte[] content = new byte[BYTES];

  /** Makes the home {@code home1} in a directory. */
  SampleHome(Path directory) throws IOException {
    this.directory = directory.toRealPath();
    this.home = this.directory.resolve("home1");
    this.cli = new Cli(home);
    new Random(1).nextBytes(content);
    Path image = Files.write(this.directory.resolve("golden.raw"), content);
    cli.json("box", "create", "golden", "--image", image.toString(), "--format", "raw");
    cli.json("snapshot", "create", "golden", "s1");
    cli.json("clone", "golden@s1", "web-1");
    cli.json("snapshot", "create", "web-1", "s2");
  }

  static Path disk(Path home, String box) {
    return home.resolve("boxes").resolve(box).resolve("disks/disk.qcow2");
  }

  Path disk(String box) {
    return disk(home, box);
  }

  Path db() {
    return home.resolve("db");
  }

  Path bases() {
    return home.resolve("bases");
  }

  /** Returns the file of a snapshot. */
  Path fileOf(String box, String snapshot) {
    for (Object one : cli.jsonList("snapshot", "ls", box)) {
      Map<?, ?> fields = (Map<?, ?>) one;
      if (snapshot.equals(fields.get("name"))) {
        return bases().resolve(fields.get("id") + ".qcow2");
      }
    }
    throw new AssertionError("no snapshot " + snapshot);
  }

  /** Checks that images read back, through their chains. */
  void checkReads(Path... images) throws IOException {
    for (Path image : images) {
      assertArrayEquals(content, read(image), image::toString);
    }
  }

  private byte[] read(Path image) {
    BackingChains chains =
        new BackingChains(
            new HomeLayout(home),
            new LocalDiskFiles(OperatingSystem.current()),
            new Qcow2DiskImages());
    ImmutableList<LayerFile> layers =
        chains.read(image).stream()
            .map(layer -> new LayerFile(layer.realPath(), layer.format()))
            .collect(ImmutableList.toImmutableList());
    try (DiskImage disk = DiskImage.open(layers)) {
      ByteBuffer read = ByteBuffer.allocate(BYTES);
      disk.read(0, read);
      return read.array();
    }
  }

  /** Checks that each disk of these boxes reads back, and that doctor finds nothing. */
  void checkIsWell(Cli at, String... boxes) throws IOException {
    checkReads(Stream.of(boxes).map(box -> disk(at.home(), box)).toArray(Path[]::new));
    Cli.Result doctor = at.run("doctor", "--deep");
    assertEquals(0, doctor.code(), doctor::toString);
  }

  /** Saves the database, and returns an action that puts it back. */
  Runnable keepDatabase() {
    Path copy = directory.resolve("kept-db");
    Tool.run("rm", "-rf", copy);
    Tool.run("cp", "-a", db(), copy);
    return () -> {
      Tool.run("sh", "-c", "rm -f \"$1\"/basedisk.db*", "sh", db());
      Tool.run("sh", "-c", "cp -a \"$1\"/basedisk.db* \"$2\"", "sh", copy, db());
    };
  }

  /** Checks that a command is refused with that code and hint. */
  static void assertRefused(int code, String hint, Cli at, String... command) {
    Cli.Result result = at.run(command);
    assertEquals(code, result.code(), () -> String.join(" ", command) + ": " + result);
    assertEquals("", result.out());
    assertTrue(result.err().contains(hint), () -> String.join(" ", command) + ": " + result.err());
  }
}
