package io.basedisk.qcow2.fuzz;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The seeds of the fuzzer: the golden images, and all earlier findings. */
public final class FuzzSeeds {

  static final List<String> GOLDEN =
      List.of(
          "v2-512.qcow2",
          "zero.qcow2",
          "extended.qcow2",
          "zlib.qcow2",
          "zstd.qcow2",
          "snapshots.qcow2",
          "bitmaps.qcow2",
          "external.qcow2",
          "chain-middle.qcow2",
          "chain-top.qcow2");

  /** Earlier findings; each is a file beside this class. */
  static final List<String> FOUND =
      List.of(
          "many-snapshots-in-many-walks",
          "refcount-block-before-the-file",
          "used-clusters-beyond-the-file");

  private FuzzSeeds() {}

  /**
   * Writes the golden images, packed, into a directory.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    for (String name : GOLDEN) {
      Files.write(directory.resolve(name), golden(name));
    }
    Files.write(directory.resolve("secret.qcow2"), namingSecret());
    for (String name : FOUND) {
      Files.write(directory.resolve(name), found(name));
    }
  }

  /** Returns an earlier finding. */
  static byte[] found(String name) throws IOException {
    try (InputStream input = FuzzSeeds.class.getResourceAsStream(name)) {
      return checkNotNull(input, name).readAllBytes();
    }
  }

  /** Returns an image that names the forbidden file as its backing file. */
  static byte[] namingSecret() throws IOException {
    // ISO 8859-1 maps each byte to one character.
    String image = new String(golden("chain-middle.qcow2"), StandardCharsets.ISO_8859_1);
    return image
        .replace("chain-base.raw", FuzzDirectory.SECRET)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] golden(String name) throws IOException {
    Path directory = Files.createTempDirectory("basedisk-golden");
    Path image = Images.golden(name, directory);
    try {
      return PackedImage.pack(Files.readAllBytes(image));
    } finally {
      Files.delete(image);
      Files.delete(directory);
    }
  }
}
