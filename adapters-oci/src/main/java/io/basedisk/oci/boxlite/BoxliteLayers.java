package io.basedisk.oci.boxlite;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.FileFailures;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.boxlite.BoxliteManifest.LayerEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * An archive with layers, as a place to import from. The rule for a layer's digest is ours, so that
 * a layer that is in the home already is not read again.
 *
 * <p>What the manifest does not have: a layer's kind is {@code clone_base}; its time is that of the
 * export; the virtual size of a raw layer is its length; the platform is {@code unknown}; a box
 * without a valid name is called {@code box}.
 */
public final class BoxliteLayers implements BoxliteArchive, LayerStore {

  private static final int STEP = 256 << 10;
  private static final BoxId UNNAMED = new BoxId("box");
  private static final Platform PLATFORM = new Platform("unknown", "linux");

  private final String name;
  private final BoxliteManifest manifest;
  private final Spool spool;
  private final Artifact artifact;
  private final PrivateDirectory directory;

  private BoxliteLayers(
      String name,
      BoxliteManifest manifest,
      Spool spool,
      Artifact artifact,
      PrivateDirectory directory) {
    this.name = name;
    this.manifest = manifest;
    this.spool = spool;
    this.artifact = artifact;
    this.directory = directory;
  }

  static BoxliteLayers of(
      String name, BoxliteManifest manifest, Spool spool, PrivateDirectory directory)
      throws FormatException {
    return new BoxliteLayers(name, manifest, spool, artifact(manifest, spool), directory);
  }

  private static Artifact artifact(BoxliteManifest manifest, Spool spool) throws FormatException {
    Instant time =
        manifest
            .exportedAt()
            .orElseThrow(
                () -> new FormatException(BoxliteManifest.FILE + ": exported_at: it is missing"));
    ImmutableList.Builder<PackedLayer> builder = ImmutableList.builder();
    for (LayerEntry entry : manifest.layers()) {
      builder.add(packed(entry, spool, time));
    }
    ImmutableList<PackedLayer> layers = builder.build();
    long named = manifest.layers().stream().map(LayerEntry::digest).distinct().count();
    if (spool.layerCount() > named) {
      throw new FormatException("it has layers that the manifest does not name");
    }
    return new Artifact(
        manifest.boxName().flatMap(BoxId::find).orElse(UNNAMED),
        new ByteSize(layers.get(layers.size() - 1).layer().virtualSize()),
        PLATFORM,
        layers);
  }

  private static PackedLayer packed(LayerEntry entry, Spool spool, Instant time)
      throws FormatException {
    SpooledLayer spooled =
        spool
            .layer(entry.digest())
            .orElseThrow(() -> new FormatException("layer " + entry.digest() + " is missing"));
    Layer layer =
        new Layer(
            entry.format(),
            entry.digest(),
            spooled.bytes(),
            entry.format() == ImageFormat.RAW ? spooled.bytes() : entry.virtualSize(),
            BaseDiskKind.CLONE_BASE,
            null,
            time);
    return new PackedLayer(layer, spooled.chunks());
  }

  @Override
  public int version() {
    return manifest.version();
  }

  @Override
  public Optional<String> boxName() {
    return manifest.boxName();
  }

  @Override
  public ImmutableList<String> list() {
    return ImmutableList.of(artifact.box().value());
  }

  @Override
  public Artifact artifact() {
    return artifact;
  }

  @Override
  public boolean has(PackedLayer layer) {
    return spool.layer(layer.layer().digest()).isPresent();
  }

  /** Refuses: an archive can't be changed. */
  @Override
  public PackedLayer write(Layer layer, LayerContent content, Progress progress) {
    throw readOnly();
  }

  /** Refuses: an archive can't be changed. */
  @Override
  public Sha256 publish(Artifact published) {
    throw readOnly();
  }

  @Override
  public void read(PackedLayer layer, LayerSink sink, Progress progress) {
    Sha256 wanted = layer.layer().digest();
    Path file =
        spool
            .layer(wanted)
            .orElseThrow(
                () -> new InvalidImageException(name + ": layer " + wanted + " is missing"))
            .file();
    Hasher hasher = Hashing.sha256().newHasher();
    long bytes = layer.layer().bytes();
    ByteBuffer part = ByteBuffer.allocateDirect(STEP);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(part.clear()) > 0) {
        part.flip();
        hasher.putBytes(part.duplicate());
        sink.write(part);
        progress.at(channel.position(), bytes);
      }
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
    if (!Sha256.of(hasher.hash()).equals(wanted)) {
      throw new InvalidImageException(name + ": layer " + wanted + ": its file was changed");
    }
  }

  @Override
  public void close() {
    directory.close();
  }

  private RefusedException readOnly() {
    return new RefusedException(name + ": an archive can't be changed");
  }
}
