package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Archives of version 6 with two layers. */
abstract class LayersFixture {

  static final byte[] BASE = Contents.bytes(400_000, 1);
  static final byte[] TOP = Archives.disk(70_000);
  static final long VIRTUAL = 10L << 20;
  static final String MANIFEST =
      Archives.layered(Archives.layer(BASE, "raw", 0), Archives.layer(TOP, "qcow2", VIRTUAL));
  static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;

  static Tars good() {
    return layer(layer(new Tars().file("manifest.json", MANIFEST).directory("layers"), BASE), TOP);
  }

  static Tars layer(Tars tar, byte[] content) {
    return tar.file("layers/" + Archives.hex(content), content);
  }

  Path writeDirectory() throws IOException {
    Path root = Files.createDirectory(directory.resolve("archive"));
    Files.createDirectory(root.resolve("layers"));
    for (byte[] content : List.of(BASE, TOP)) {
      Files.write(layerFile(root, content), Zstd.compress(content));
    }
    Files.writeString(root.resolve("manifest.json"), MANIFEST);
    return root;
  }

  static Path layerFile(Path root, byte[] content) {
    return root.resolve("layers").resolve(Archives.hex(content) + ".zst");
  }

  Path write(byte[] archive) throws IOException {
    return Files.write(directory.resolve("box.boxlite"), archive);
  }

  void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
