package io.basedisk.qcow2.fuzz;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.Bytes;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The directory of the image under test, with two allowed backing files and one forbidden file. */
final class FuzzDirectory implements AutoCloseable {

  /** In memory, if possible, because each input is a file. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final List<String> ALLOWED = List.of("chain-middle.qcow2", "chain-base.raw");

  /**
   * Name of the forbidden file. It has the length of an allowed name, which it replaces in some
   * seeds.
   */
  static final String SECRET = "secret/box.raw";

  private final Path directory;
  private final byte[] secret = new byte[32];

  FuzzDirectory() throws IOException {
    directory =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "basedisk-fuzz")
            : Files.createTempDirectory("basedisk-fuzz");
    for (String name : ALLOWED) {
      Images.golden(name, directory);
    }
    new Random().nextBytes(secret); // Random, so that no fuzzer guesses it from its seed.
    Path file = directory.resolve(SECRET);
    Files.createDirectory(file.getParent());
    Files.write(file, Bytes.concat(secret, new byte[1 << 20], secret));
  }

  /** Returns the path for the image. */
  Path image() {
    return directory.resolve("image.qcow2");
  }

  /** Returns a path without a file. */
  Path target() throws IOException {
    Path target = directory.resolve("target");
    Files.deleteIfExists(target);
    return target;
  }

  /** Opens the image with its allowed backing files. */
  DiskImage open() {
    DiskImage disk =
        DiskImage.open(image(), OpenPolicy.only(ALLOWED.stream().map(directory::resolve).toList()));
    for (LayerFile layer : disk.layers().subList(1, disk.layers().size())) {
      if (!ALLOWED.contains(layer.path().getFileName().toString())) {
        disk.close();
        throw new AssertionError("opened, and not allowed: " + layer);
      }
    }
    return disk;
  }

  /** Fails if the bytes are from the forbidden file. */
  void requireNothingSecret(byte[] bytes) {
    if (Bytes.indexOf(bytes, secret) >= 0) {
      throw new AssertionError("what was not allowed was read");
    }
  }

  @Override
  public void close() throws IOException {
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
