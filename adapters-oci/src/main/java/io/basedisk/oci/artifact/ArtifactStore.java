package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.blob.PrivateDirectory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Artifacts as OCI manifests: each chunk of a layer is a blob. Works over every kind of {@link
 * Blobs}.
 *
 * <p>Memory is bounded, however large the layers are. Temporary files have at most as many chunks
 * as there are processors, and one more.
 */
public final class ArtifactStore implements LayerStore {

  private final Blobs blobs;
  private final String name;
  private final Optional<String> reference;
  private final Path temporaries;
  private final Packing packing;

  /** Blobs that are known to be there. */
  private final Set<Sha256> present = new HashSet<>();

  ArtifactStore(
      Blobs blobs, String name, Optional<String> reference, Path temporaries, Packing packing) {
    this.blobs = blobs;
    this.name = name;
    this.reference = reference;
    this.temporaries = temporaries;
    this.packing = packing;
  }

  /**
   * {@return a store for one reference}
   *
   * @param blobs the place; the store closes it
   * @param name name of the place and the reference for messages
   * @param reference a tag or {@code sha256:...}
   * @param temporaries a directory for temporary files
   */
  public static ArtifactStore of(Blobs blobs, String name, String reference, Path temporaries) {
    return new ArtifactStore(blobs, name, Optional.of(reference), temporaries, Packing.standard());
  }

  /**
   * {@return a store for the only artifact of a place} It is for import alone.
   *
   * @param blobs the place; the store closes it
   * @param name name of the place for messages
   * @param temporaries a directory for temporary files
   */
  public static ArtifactStore ofOnly(Blobs blobs, String name, Path temporaries) {
    return new ArtifactStore(blobs, name, Optional.empty(), temporaries, Packing.standard());
  }

  @Override
  public ImmutableList<String> list() {
    return blobs.tags();
  }

  @Override
  public Artifact artifact() {
    String wanted = reference();
    byte[] manifest =
        blobs
            .manifest(wanted)
            .orElseThrow(
                () -> new NotFoundException(name + ": there is no \"" + Quoted.of(wanted) + "\""));
    try {
      checkDigest(wanted, manifest);
      return ArtifactReader.read(manifest, blobs);
    } catch (FormatException e) {
      throw new InvalidImageException(name + ": " + e.reason(), e);
    }
  }

  @Override
  public boolean has(PackedLayer layer) {
    return layer.chunks().stream().allMatch(this::has);
  }

  @Override
  public PackedLayer write(Layer layer, LayerContent content, Progress progress) {
    try (LayerPacker packer = new LayerPacker(blobs, packing, temporaries, content)) {
      PackedLayer packed = new PackedLayer(layer, packer.pack(layer, progress));
      packed.chunks().forEach(chunk -> present.add(chunk.blob()));
      return packed;
    } catch (FormatException e) {
      throw new InvalidImageException("cannot export a layer: " + e.reason(), e);
    }
  }

  @Override
  public Sha256 publish(Artifact artifact) {
    checkPresent(artifact);
    byte[] config = ArtifactJson.config(artifact);
    Blobs.Blob configBlob = Blobs.Blob.of(config);
    byte[] manifest = ArtifactJson.manifest(artifact, configBlob);
    // A reader refuses what is larger, so that it must not be written.
    if (config.length > Blobs.MAX_MANIFEST_BYTES
        || manifest.length > Blobs.MAX_MANIFEST_BYTES
        || artifact.layers().size() > ConfigReader.MAX_LAYERS) {
      throw new InvalidArgumentException(
          name + ": the disk has too many layers for an artifact: flatten or compact it first");
    }
    try (PrivateDirectory directory = PrivateDirectory.in(temporaries)) {
      blobs.write(configBlob, directory.write("config", config), Progress.NONE);
    }
    blobs.putManifest(reference(), MediaTypes.MANIFEST, manifest);
    return Blobs.Blob.of(manifest).digest();
  }

  @Override
  public void read(PackedLayer layer, LayerSink sink, Progress progress) {
    try (LayerUnpacker unpacker = new LayerUnpacker(blobs)) {
      unpacker.unpack(layer, sink, progress);
    } catch (FormatException e) {
      throw new InvalidImageException(
          name + ": layer " + layer.layer().digest() + ": " + e.reason(), e);
    }
  }

  @Override
  public void close() {
    blobs.close();
  }

  private boolean has(Chunk chunk) {
    if (present.contains(chunk.blob())) {
      return true;
    }
    boolean has = blobs.has(new Blobs.Blob(chunk.blob(), chunk.blobBytes()));
    if (has) {
      present.add(chunk.blob());
    }
    return has;
  }

  /** An artifact without a part of its content must not become visible. */
  private void checkPresent(Artifact artifact) {
    for (PackedLayer packed : artifact.layers()) {
      if (!has(packed)) {
        throw new StorageException(
            name + ": layer " + packed.layer().digest() + " was not written, or was deleted");
      }
    }
  }

  private String reference() {
    if (reference.isPresent()) {
      return reference.get();
    }
    ImmutableList<String> names = blobs.tags();
    if (names.isEmpty()) {
      throw new NotFoundException(name + ": there is no artifact");
    }
    if (names.size() > 1) {
      throw new InvalidImageException(
          name + ": " + names.size() + " artifacts: " + Quoted.of(String.join(", ", names)));
    }
    return names.get(0);
  }

  /** The place may not be asked to check itself. */
  private static void checkDigest(String reference, byte[] manifest) throws FormatException {
    if (!Blobs.isDigest(reference)) {
      return;
    }
    String digest = Blobs.Blob.of(manifest).digest().toString();
    if (!digest.equals(reference)) {
      throw new FormatException("the digest of the manifest is " + digest + ", not " + reference);
    }
  }
}
