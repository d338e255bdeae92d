package io.basedisk.domain.transfer;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.NewLayer;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Unpacks an artifact to files of its own. Thread-safe. */
final class UnpackArtifact {

  private final DiskFiles files;
  private final DiskImages images;

  @Inject
  UnpackArtifact(DiskFiles files, DiskImages images) {
    this.files = files;
    this.images = images;
  }

  /** Unpacks as {@link Transfers#unpack} does. */
  ImageSource run(
      LayerStore place, Path directory, @Nullable ByteSize maxBytes, Progress progress) {
    Artifact artifact = place.artifact();
    ArtifactChecks.check(artifact);
    long total = ArtifactChecks.bytesOf(artifact.layers().stream().map(PackedLayer::layer));
    ArtifactChecks.checkLimit(total, maxBytes);
    ImmutableSet.Builder<Path> below = ImmutableSet.builder();
    long before = 0;
    @Nullable Path top = null;
    ImageFormat format = ImageFormat.QCOW2;
    for (int i = 0; i < artifact.layers().size(); i++) {
      PackedLayer packed = artifact.layers().get(i);
      Path file = directory.resolve("layer-" + i);
      long start = before;
      receive(packed, file, top, place, (done, of) -> progress.at(start + done, total));
      below.add(file);
      before += packed.layer().bytes();
      top = file;
      format = packed.layer().format();
    }
    // The disk may be larger than its top layer.
    Path disk = directory.resolve("disk.qcow2");
    images.createOverlay(disk, checkNotNull(top), format, artifact.virtualSize());
    return ImageSource.qcow2(disk).allowing(below.build());
  }

  private void receive(
      PackedLayer packed, Path file, @Nullable Path below, LayerStore place, Progress progress) {
    try (NewLayer made = images.createLayer(file)) {
      place.read(packed, made, progress);
      made.complete();
    }
    images.checkLayer(file, packed.layer(), below == null);
    if (below != null) {
      HeaderPatch patch = images.planBackingName(file, below);
      images.patchHeader(file, files.getStatus(file).identity().inode(), patch);
    }
  }
}
