package io.basedisk.oci.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Makes images in a layout by hand, also such as no program makes. */
final class Images {

  static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  static final String ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
  static final String TAR = "application/vnd.oci.image.layer.v1.tar";

  private final Path directory;
  private final LayoutBlobs blobs;
  private final List<Map<String, Object>> layers = new ArrayList<>();
  private final List<String> diffIds = new ArrayList<>();

  Images(Path directory) {
    this.directory = directory;
    this.blobs = new LayoutBlobs(directory.resolve("layout"));
  }

  LayoutBlobs blobs() {
    return blobs;
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Adds a layer: a tar archive, compressed as its media type says. */
  @CanIgnoreReturnValue
  Images layer(String mediaType, byte[] tar) {
    byte[] compressed =
        mediaType.endsWith("zip")
            ? gzip(tar)
            : mediaType.endsWith("zstd") ? Zstd.compress(tar) : tar;
    return layer(mediaType, compressed, Contents.digest(tar).toString());
  }

  /** Adds a layer with a diff id of its own. */
  @CanIgnoreReturnValue
  Images layer(String mediaType, byte[] compressed, String diffId) {
    layers.add(Descriptors.members(mediaType, put(compressed)));
    diffIds.add(diffId);
    return this;
  }

  /** Stores a blob. */
  Blobs.Blob put(byte[] content) {
    Blobs.Blob blob = Blobs.Blob.of(content);
    try {
      blobs.write(blob, Files.write(directory.resolve("blob"), content), Progress.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return blob;
  }

  /** Stores the image of the layers under a tag. */
  @CanIgnoreReturnValue
  Images tag(String tag) {
    byte[] manifest = manifest();
    blobs.putManifest(tag, MediaTypes.MANIFEST, manifest);
    return this;
  }

  /** Stores the image of the layers without a tag, and returns its manifest. */
  byte[] manifest() {
    byte[] config =
        Json.write(
            ImmutableMap.of(
                "architecture", "amd64",
                "os", "linux",
                "rootfs", ImmutableMap.of("type", "layers", "diff_ids", List.copyOf(diffIds))));
    byte[] manifest =
        Json.write(
            ImmutableMap.of(
                "schemaVersion",
                2L,
                "mediaType",
                MediaTypes.MANIFEST,
                "config",
                Descriptors.members("application/vnd.oci.image.config.v1+json", put(config)),
                "layers",
                List.copyOf(layers)));
    blobs.putPart(MediaTypes.MANIFEST, manifest);
    return manifest;
  }

  /** Stores a document under a tag as it is. */
  void document(String tag, String json) {
    blobs.putManifest(tag, MediaTypes.MANIFEST, json.getBytes(UTF_8));
  }

  /** Stores an index of entries under a tag. */
  void index(String tag, List<Map<String, Object>> entries) {
    blobs.putManifest(
        tag,
        MediaTypes.INDEX,
        Json.write(
            ImmutableMap.of("schemaVersion", 2L, "manifests", ImmutableList.copyOf(entries))));
  }

  /** An entry of an index; without a disk type if that is empty. */
  static Map<String, Object> entry(byte[] manifest, String architecture, String diskType) {
    Map<String, Object> entry =
        new TreeMap<>(Descriptors.members(MediaTypes.MANIFEST, Blobs.Blob.of(manifest)));
    entry.put("platform", ImmutableMap.of("architecture", architecture, "os", "linux"));
    if (!diskType.isEmpty()) {
      entry.put("annotations", ImmutableMap.of("disktype", diskType));
    }
    return entry;
  }

  /** Stores the manifest of one disk of a podman machine image, and returns it. */
  byte[] machine(byte[] compressed, String title) {
    byte[] manifest = ImageJson.machine(put("{}".getBytes(UTF_8)), put(compressed), title);
    blobs.putPart(MediaTypes.MANIFEST, manifest);
    return manifest;
  }
}
