package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.artifact.ConfigReader.Config;
import io.basedisk.oci.artifact.ConfigReader.LayerEntry;
import io.basedisk.oci.artifact.ManifestReader.ChunkEntry;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an artifact from its manifest and its config, and checks that they say the same: each layer
 * of the config has its chunks, in order, and no chunk is left over.
 */
final class ArtifactReader {

  private final Config config;
  private final ImmutableList<ChunkEntry> chunks;

  /** Number of the first chunk that belongs to no layer yet. */
  private int next;

  private ArtifactReader(Config config, ImmutableList<ChunkEntry> chunks) {
    this.config = config;
    this.chunks = chunks;
  }

  static Artifact read(byte[] manifestBytes, Blobs blobs) throws FormatException {
    ManifestReader.Manifest manifest = ManifestReader.read(manifestBytes);
    Config config;
    try {
      config = ConfigReader.read(BlobInput.readAll(blobs, manifest.config()));
    } catch (FormatException e) {
      throw new FormatException("config: " + e.reason(), e);
    }
    return new ArtifactReader(config, manifest.chunks()).artifact();
  }

  private Artifact artifact() throws FormatException {
    checkDiffIds();
    ImmutableList.Builder<PackedLayer> layers = ImmutableList.builder();
    ChainId below = null;
    for (int i = 0; i < config.layers().size(); i++) {
      LayerEntry entry = config.layers().get(i);
      below = checkedChainId(i, below, entry);
      layers.add(packed(i, entry.layer()));
    }
    if (next < chunks.size()) {
      throw new FormatException("layers[" + next + "]: no layer of the config has this chunk");
    }
    return new Artifact(config.box(), config.virtualSize(), config.platform(), layers.build());
  }

  private void checkDiffIds() throws FormatException {
    List<String> contents = chunks.stream().map(each -> each.chunk().content().toString()).toList();
    if (!contents.equals(config.diffIds())) {
      throw new FormatException("config: rootfs.diff_ids: they are not the digests of the chunks");
    }
  }

  private static ChainId checkedChainId(int number, @Nullable ChainId below, LayerEntry entry)
      throws FormatException {
    ChainId id = ChainId.of(below, entry.layer().format(), entry.layer().digest());
    if (!id.digest().equals(entry.chainId())) {
      throw new FormatException(
          "layer " + number + ": its chain id is " + id + ", not " + entry.chainId());
    }
    return id;
  }

  private PackedLayer packed(int number, Layer layer) throws FormatException {
    List<Chunk> parts = new ArrayList<>();
    long bytes = 0;
    long count = 1;
    while (parts.size() < count) {
      if (next == chunks.size()) {
        throw new FormatException("layer " + number + ": chunk " + parts.size() + " is missing");
      }
      ChunkEntry entry = chunks.get(next);
      check("layer " + number + ", chunk " + parts.size(), entry, layer, parts.size(), count);
      count = entry.count();
      bytes += entry.chunk().contentBytes(); // At most a manifest's chunks of 512 MiB each.
      parts.add(entry.chunk());
      next++;
    }
    if (bytes != layer.bytes()) {
      throw new FormatException(
          "layer " + number + ": its chunks have " + bytes + " bytes, not " + layer.bytes());
    }
    checkSingle(number, layer, parts);
    return new PackedLayer(layer, ImmutableList.copyOf(parts));
  }

  /** The first chunk says how many there are; the others must agree. */
  private static void check(String where, ChunkEntry entry, Layer layer, int number, long count)
      throws FormatException {
    if (!entry.layer().equals(layer.digest())) {
      throw new FormatException(where + ": it belongs to layer " + entry.layer());
    }
    if (entry.format() != layer.format()) {
      throw new FormatException(where + ": its media type is of format " + entry.format().label());
    }
    if (entry.number() != number) {
      throw new FormatException(where + ": it has number " + entry.number());
    }
    if (entry.count() < 1 || (number > 0 && entry.count() != count)) {
      throw new FormatException(where + ": the number of chunks can't be " + entry.count());
    }
  }

  private static void checkSingle(int number, Layer layer, List<Chunk> parts)
      throws FormatException {
    Sha256 content = parts.get(0).content();
    if (parts.size() == 1 && !content.equals(layer.digest())) {
      throw new FormatException("layer " + number + ": its only chunk has the content " + content);
    }
  }
}
