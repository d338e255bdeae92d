package io.basedisk.oci.artifact;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the manifest of an artifact, which is hostile. */
final class ManifestReader {

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,17}");

  private ManifestReader() {}

  /**
   * A manifest.
   *
   * @param config its config
   * @param chunks its chunks, in order
   */
  record Manifest(Blobs.Blob config, ImmutableList<ChunkEntry> chunks) {}

  /**
   * A chunk's descriptor.
   *
   * @param format format of its layer
   * @param layer digest of its layer
   * @param number its number in the layer, from 0
   * @param count number of the layer's chunks
   * @param chunk the chunk
   */
  record ChunkEntry(ImageFormat format, Sha256 layer, long number, long count, Chunk chunk) {}

  static Manifest read(byte[] bytes) throws FormatException {
    JsonObject manifest = Json.read(bytes);
    checkType(manifest);
    JsonObject config = manifest.object("config");
    if (!config.string("mediaType").equals(MediaTypes.CONFIG)) {
      throw config.invalid("mediaType", "expected " + MediaTypes.CONFIG);
    }
    List<ChunkEntry> chunks = new ArrayList<>();
    for (JsonObject descriptor : manifest.objects("layers")) {
      chunks.add(chunk(descriptor));
    }
    return new Manifest(Descriptors.blob(config), ImmutableList.copyOf(chunks));
  }

  /** Says what a manifest is that is no artifact of a disk. */
  private static void checkType(JsonObject manifest) throws FormatException {
    if (manifest.number("schemaVersion") != 2) {
      throw manifest.invalid("schemaVersion", "expected 2");
    }
    String mediaType = manifest.findString("mediaType").orElse("");
    if (isIndex(mediaType) || manifest.has("manifests")) {
      throw new FormatException(
          "it is an index of several manifests: name one of them by its digest");
    }
    String artifactType = manifest.findString("artifactType").orElse("");
    if (artifactType.equals(MediaTypes.ARTIFACT) && mediaType.equals(MediaTypes.MANIFEST)) {
      return;
    }
    if (!artifactType.isEmpty()) {
      throw new FormatException(
          "it is an artifact of type \"" + Quoted.of(artifactType) + "\", not a disk");
    }
    boolean isImage =
        mediaType.isEmpty()
            || mediaType.equals(MediaTypes.MANIFEST)
            || mediaType.equals(MediaTypes.DOCKER_MANIFEST);
    throw new FormatException(
        isImage
            ? "it is a container image, not a disk"
            : "it has the unknown media type \"" + Quoted.of(mediaType) + "\"");
  }

  private static boolean isIndex(String mediaType) {
    return mediaType.equals(MediaTypes.INDEX) || mediaType.equals(MediaTypes.DOCKER_INDEX);
  }

  private static ChunkEntry chunk(JsonObject descriptor) throws FormatException {
    JsonObject annotations = descriptor.object("annotations");
    Blobs.Blob blob = Descriptors.blob(descriptor);
    long contentBytes = number(annotations, Keys.CHUNK_BYTES);
    if (contentBytes < 1 || contentBytes > Chunk.MAX_CONTENT_BYTES) {
      throw annotations.invalid(
          Keys.CHUNK_BYTES, "a chunk has 1 to " + Chunk.MAX_CONTENT_BYTES + " bytes");
    }
    if (blob.bytes() < 1 || blob.bytes() > Zstd.compressBound(contentBytes)) {
      throw descriptor.invalid(
          "size", blob.bytes() + " bytes can't be " + contentBytes + " compressed bytes");
    }
    return new ChunkEntry(
        format(descriptor),
        Descriptors.digest(annotations, Keys.LAYER_DIGEST),
        number(annotations, Keys.CHUNK),
        number(annotations, Keys.CHUNKS),
        new Chunk(
            blob.digest(),
            blob.bytes(),
            Descriptors.digest(annotations, Keys.CHUNK_DIGEST),
            contentBytes));
  }

  private static ImageFormat format(JsonObject descriptor) throws FormatException {
    String mediaType = descriptor.string("mediaType");
    for (ImageFormat format : ImageFormat.values()) {
      if (mediaType.equals(MediaTypes.of(format))) {
        return format;
      }
    }
    throw descriptor.invalid(
        "mediaType", "unsupported layer type \"" + Quoted.of(mediaType) + "\"");
  }

  /** Annotations are strings, by the specification. */
  private static long number(JsonObject annotations, String name) throws FormatException {
    String text = annotations.string(name);
    if (!DECIMAL.matcher(text).matches()) {
      throw annotations.invalid(name, "expected a decimal number");
    }
    return Long.parseLong(text);
  }
}
