package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of version 6 that are not what they say: each is refused with its reason. */
class HostileLayersTest extends LayersFixture {

  @Test
  void a_layer_with_other_content() throws IOException {
    Tars tar = new Tars().file("layers/" + Archives.hex(TOP), BASE);
    assertInvalid(write(tar.bytes()), "its digest is sha256:" + Archives.hex(BASE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"layers/x", "layers/a/b", "layers/00.zst"})
  void a_layer_whose_name_is_no_digest(String name) throws IOException {
    assertInvalid(write(good().extended("path", name).file("x", TOP).bytes()), "is no SHA-256");
  }

  @Test
  void a_layer_that_is_missing() throws IOException {
    Tars tar = layer(new Tars().file("manifest.json", MANIFEST), BASE);
    assertInvalid(write(tar.bytes()), "layer sha256:" + Archives.hex(TOP) + " is missing");
  }

  @Test
  void a_layer_that_the_manifest_does_not_name() throws IOException {
    Tars tar = layer(good(), Contents.bytes(9, 9));
    assertInvalid(write(tar.bytes()), "layers that the manifest does not name");
  }

  @Test
  void a_layer_that_occurs_twice() throws IOException {
    assertInvalid(write(layer(good(), TOP).bytes()), "it occurs twice");
  }

  @Test
  void an_empty_layer() throws IOException {
    assertInvalid(write(layer(good(), new byte[0]).bytes()), "it is empty");
  }

  @Test
  void layers_larger_than_the_limit_together() throws IOException {
    Tars tar = layer(layer(new Tars(), Contents.bytes(600_000, 1)), Contents.bytes(600_000, 2));
    assertRefused(write(tar.bytes()), "its disk has 1200000 bytes, more than the limit of 1048576");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"format\": \"qcow2\"; \"format\": \"raw\"; only the lowest layer can be raw",
        "\"format\": \"qcow2\"; \"format\": \"vmdk\"; layers[1].format: ",
        "\"format\": \"qcow2\"; \"size\": 1; layers[1].format: it is missing",
        "sha256:; sha512:; layers[0].digest: unsupported digest",
        "sha256:; sha256:0; layers[0].digest: invalid SHA-256",
        "\"virtual_size\": 10485760; \"virtual_size\": -1; is negative",
        "\"virtual_size\": 10485760; \"virtual_size\": 9223372036854775808; expected an integer",
        "exported_at; exported; exported_at: it is missing"
      })
  void a_manifest_that_is_not_valid(String present, String changed, String reason)
      throws IOException {
    Tars tar = layer(layer(new Tars(), BASE), TOP);
    tar.file("manifest.json", MANIFEST.replace(present, changed));
    assertInvalid(write(tar.bytes()), reason);
  }

  @Test
  void more_layers_than_the_limit() throws IOException {
    String layer = Archives.layer(TOP, "qcow2", VIRTUAL);
    Tars tar =
        layer(new Tars(), TOP)
            .file(
                "manifest.json",
                Archives.layered(Collections.nCopies(1001, layer).toArray(String[]::new)));
    assertInvalid(write(tar.bytes()), "1001 layers, the limit is 1000");
  }

  @Test
  void a_directory_without_a_manifest_is_not_complete() throws IOException {
    Path root = writeDirectory();
    Files.delete(root.resolve("manifest.json"));
    assertInvalid(root, "manifest.json is missing");
  }

  @Test
  void a_directory_whose_layer_is_missing() throws IOException {
    Path root = writeDirectory();
    Files.delete(layerFile(root, TOP));
    assertInvalid(root, "layer sha256:" + Archives.hex(TOP) + " is missing");
  }

  @Test
  void a_directory_whose_layer_is_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(layerFile(root, TOP), elsewhere);
    Files.createSymbolicLink(layerFile(root, TOP), elsewhere);
    assertInvalid(root, "it is no regular file");
  }

  @Test
  void a_directory_whose_manifest_is_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(root.resolve("manifest.json"), elsewhere);
    Files.createSymbolicLink(root.resolve("manifest.json"), elsewhere);
    assertInvalid(root, "it is no regular file");
  }

  @Test
  void a_directory_whose_layers_are_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(root.resolve("layers"), elsewhere);
    Files.createSymbolicLink(root.resolve("layers"), elsewhere);
    assertInvalid(root, "\"layers\" is no directory");
  }

  @Test
  void a_directory_whose_layer_is_not_compressed() throws IOException {
    Path root = writeDirectory();
    Files.write(layerFile(root, TOP), TOP);
    assertInvalid(root, "it is not compressed with zstd");
  }

  @Test
  void a_directory_whose_layer_is_a_bomb() throws IOException {
    Path root = writeDirectory();
    Files.write(layerFile(root, TOP), Zstd.compress(new byte[LIMIT]));
    assertInvalid(root, "it has more than " + (LIMIT - BASE.length) + " bytes, the limit");
  }

  @Test
  void a_directory_whose_layer_is_cut_off() throws IOException {
    Path root = writeDirectory();
    byte[] whole = Files.readAllBytes(layerFile(root, TOP));
    Files.write(layerFile(root, TOP), Arrays.copyOf(whole, whole.length - 1));
    assertInvalid(root, "layer sha256:" + Archives.hex(TOP) + ": its compressed data");
  }

  @Test
  void a_directory_with_a_disk_instead_of_layers() throws IOException {
    Path root = writeDirectory();
    Files.writeString(root.resolve("manifest.json"), Archives.manifest(5, ""));
    assertInvalid(root, "its manifest has no layers");
  }

  private void assertInvalid(Path archive, String reason) {
    check(InvalidImageException.class, archive, reason);
  }

  private void assertRefused(Path archive, String reason) {
    check(RefusedException.class, archive, reason);
  }

  private void check(Class<? extends BaseDiskException> type, Path archive, String reason) {
    String message =
        assertThrows(
                type, () -> BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE).close())
            .getMessage();
    assertTrue(message.startsWith(archive.toString()), message);
    assertTrue(message.contains(reason), message);
    assertNothingLeft();
  }
}
