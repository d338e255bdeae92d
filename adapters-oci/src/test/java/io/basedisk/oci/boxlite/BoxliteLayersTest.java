package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.tar.Tars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of version 6, in a tar archive and in a directory. */
class BoxliteLayersTest extends LayersFixture {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_tar_archive_has_layers(boolean isCompressed) throws IOException {
    byte[] tar = good().bytes();
    try (BoxliteLayers layers = open(write(isCompressed ? Zstd.compress(tar) : tar))) {
      assertLayers(layers);
    }
    assertNothingLeft();
  }

  @Test
  void a_directory_has_compressed_layers() throws IOException {
    try (BoxliteLayers layers = open(writeDirectory())) {
      assertLayers(layers);
    }
    assertNothingLeft();
  }

  @Test
  void a_layer_that_occurs_twice_in_the_manifest_is_stored_once() throws IOException {
    String manifest =
        Archives.layered(
            Archives.layer(TOP, "qcow2", VIRTUAL), Archives.layer(TOP, "qcow2", VIRTUAL));
    Tars tar = layer(new Tars().file("manifest.json", manifest), TOP);
    try (BoxliteLayers layers = open(write(tar.bytes()))) {
      assertEquals(2, layers.artifact().layers().size());
    }
  }

  @Test
  void a_box_whose_name_is_not_valid_here_gets_another() throws IOException {
    Tars tar = layer(layer(new Tars(), BASE), TOP);
    tar.file("manifest.json", MANIFEST.replace("web-1", "../x"));
    try (BoxliteLayers layers = open(write(tar.bytes()))) {
      assertEquals(new BoxId("box"), layers.artifact().box());
    }
  }

  @Test
  void an_archive_can_not_be_changed() throws IOException {
    try (BoxliteLayers layers = open(write(good().bytes()))) {
      Layer layer = layers.artifact().layers().get(0).layer();
      assertThrows(
          RefusedException.class, () -> layers.write(layer, Contents.content(BASE), Progress.NONE));
      assertThrows(RefusedException.class, () -> layers.publish(layers.artifact()));
    }
  }

  @Test
  void a_layer_whose_file_was_changed_is_refused() throws IOException {
    try (BoxliteLayers layers = open(write(good().bytes()))) {
      Path file = temporaries.resolve(temporaries.toFile().list()[0]).resolve(Archives.hex(TOP));
      byte[] changed = TOP.clone();
      changed[9000]++;
      Files.write(file, changed);
      PackedLayer top = layers.artifact().layers().get(1);
      assertThrows(InvalidImageException.class, () -> layers.read(top, bytes -> {}, Progress.NONE));
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 1", "999, 2", "100, 10", "1, 1000", "334, 3"})
  void a_layer_is_cut_into_chunks(long chunkBytes, int count) {
    byte[] content = Contents.bytes(1000, 3);
    try (LayerSpool spool = new LayerSpool(temporaries.resolve("layer"), chunkBytes)) {
      spool.write(content, 700);
      spool.write(Arrays.copyOfRange(content, 700, 1000), 300);
      SpooledLayer layer = spool.complete();
      assertEquals(count, layer.chunks().size());
      assertEquals(1000, layer.chunks().stream().mapToLong(Chunk::contentBytes).sum());
      byte[] first = Arrays.copyOf(content, (int) chunkBytes);
      assertEquals(Contents.digest(first), layer.chunks().get(0).content());
      assertEquals(Contents.digest(content), layer.digest());
    }
  }

  private BoxliteLayers open(Path archive) {
    return assertInstanceOf(
        BoxliteLayers.class, BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE));
  }

  private static void assertLayers(BoxliteLayers layers) {
    Artifact artifact = layers.artifact();
    assertEquals(6, layers.version());
    assertEquals(new BoxId("web-1"), artifact.box());
    assertEquals(VIRTUAL, artifact.virtualSize().bytes());
    assertEquals(ImmutableList.of("web-1"), layers.list());
    Layer base = artifact.layers().get(0).layer();
    Instant time = Instant.parse("2026-01-02T03:04:05Z");
    assertEquals(
        new Layer(
            ImageFormat.RAW,
            Contents.digest(BASE),
            BASE.length,
            BASE.length,
            BaseDiskKind.CLONE_BASE,
            null,
            time),
        base);
    assertEquals(VIRTUAL, artifact.layers().get(1).layer().virtualSize());
    assertTrue(layers.has(artifact.layers().get(0)));
    assertFalse(layers.has(other()));
    assertArrayEquals(BASE, content(layers, 0));
    assertArrayEquals(TOP, content(layers, 1));
  }

  private static PackedLayer other() {
    byte[] bytes = Contents.bytes(10, 10);
    return new PackedLayer(
        Contents.layer(bytes),
        ImmutableList.of(
            new Chunk(Contents.digest(bytes), 10, Contents.digest(bytes), bytes.length)));
  }

  private static byte[] content(BoxliteLayers layers, int number) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    layers.read(
        layers.artifact().layers().get(number),
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          content.writeBytes(part);
        },
        Progress.NONE);
    return content.toByteArray();
  }
}
