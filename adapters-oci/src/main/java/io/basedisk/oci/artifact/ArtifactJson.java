package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the manifest and the config of an artifact. The same artifact gives the same bytes: no
 * time is in them but those of the layers.
 *
 * <p>OCI image specification 1.1, "Image Manifest" and "Image Configuration".
 */
final class ArtifactJson {

  private ArtifactJson() {}

  static byte[] config(Artifact artifact) {
    return Json.write(
        ImmutableMap.of(
            "architecture",
            artifact.platform().architecture(),
            "os",
            artifact.platform().os(),
            "created",
            created(artifact).toString(),
            "config",
            ImmutableMap.of("Labels", labels(artifact)),
            "rootfs",
            ImmutableMap.of("type", "layers", "diff_ids", diffIds(artifact)),
            Keys.DISK,
            disk(artifact)));
  }

  static byte[] manifest(Artifact artifact, Blobs.Blob config) {
    return Json.write(
        ImmutableMap.of(
            "schemaVersion",
            2L,
            "mediaType",
            MediaTypes.MANIFEST,
            "artifactType",
            MediaTypes.ARTIFACT,
            "config",
            Descriptors.members(MediaTypes.CONFIG, config),
            "layers",
            descriptors(artifact)));
  }

  /** The time of the newest layer: the box has none of its own that stays. */
  private static Instant created(Artifact artifact) {
    return artifact.layers().stream()
        .map(packed -> packed.layer().createdAt())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** For people who look at the artifact with other tools; import reads {@link Keys#DISK}. */
  private static ImmutableMap<String, String> labels(Artifact artifact) {
    return ImmutableMap.of(
        "io.basedisk.box", artifact.box().value(),
        "io.basedisk.virtual-size", artifact.virtualSize().toString());
  }

  private static ImmutableList<String> diffIds(Artifact artifact) {
    return artifact.layers().stream()
        .flatMap(packed -> packed.chunks().stream())
        .map(chunk -> chunk.content().toString())
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableMap<String, Object> disk(Artifact artifact) {
    List<Map<String, Object>> layers = new ArrayList<>();
    ImmutableList<ChainId> chainIds = artifact.chainIds();
    for (int i = 0; i < chainIds.size(); i++) {
      layers.add(layer(artifact.layers().get(i).layer(), chainIds.get(i)));
    }
    return ImmutableMap.of(
        Keys.BOX, artifact.box().value(),
        Keys.VIRTUAL_SIZE, artifact.virtualSize().bytes(),
        Keys.LAYERS, layers);
  }

  private static Map<String, Object> layer(Layer layer, ChainId chainId) {
    Map<String, Object> members = new TreeMap<>();
    members.put(Keys.FORMAT, layer.format().label());
    members.put(Keys.DIGEST, layer.digest().toString());
    members.put(Keys.CHAIN_ID, chainId.toString());
    members.put(Keys.BYTES, layer.bytes());
    members.put(Keys.VIRTUAL_SIZE, layer.virtualSize());
    members.put(Keys.KIND, layer.kind().label());
    layer.snapshot().ifPresent(name -> members.put(Keys.SNAPSHOT, name.value()));
    members.put(Keys.CREATED_AT, layer.createdAt().toString());
    return members;
  }

  private static List<Map<String, Object>> descriptors(Artifact artifact) {
    List<Map<String, Object>> descriptors = new ArrayList<>();
    for (PackedLayer packed : artifact.layers()) {
      for (int i = 0; i < packed.chunks().size(); i++) {
        descriptors.add(descriptor(packed, i));
      }
    }
    return descriptors;
  }

  private static Map<String, Object> descriptor(PackedLayer packed, int number) {
    Chunk chunk = packed.chunks().get(number);
    Map<String, Object> members =
        new TreeMap<>(
            Descriptors.members(
                MediaTypes.of(packed.layer().format()),
                new Blobs.Blob(chunk.blob(), chunk.blobBytes())));
    members.put(
        "annotations",
        ImmutableMap.of(
            Keys.LAYER_DIGEST, packed.layer().digest().toString(),
            Keys.CHUNK, Integer.toString(number),
            Keys.CHUNKS, Integer.toString(packed.chunks().size()),
            Keys.CHUNK_DIGEST, chunk.content().toString(),
            Keys.CHUNK_BYTES, Long.toString(chunk.contentBytes())));
    return members;
  }
}
