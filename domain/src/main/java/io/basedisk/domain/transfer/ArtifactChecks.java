package io.basedisk.domain.transfer;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks an artifact before any of its layers is transferred. */
final class ArtifactChecks {

  private ArtifactChecks() {}

  /**
   * Checks that the layers can be a chain of bases under a disk.
   *
   * @throws InvalidImageException if they can't
   */
  static void check(Artifact artifact) {
    Set<SnapshotName> snapshots = new HashSet<>();
    for (int i = 0; i < artifact.layers().size(); i++) {
      Layer layer = artifact.layers().get(i).layer();
      if (layer.format() == ImageFormat.RAW && i > 0) {
        throw invalid("layer " + layer.digest() + " is raw, but not the lowest");
      }
      if (layer.snapshotName() != null && !snapshots.add(layer.snapshotName())) {
        throw invalid("two layers are snapshot " + layer.snapshotName());
      }
    }
    long virtualSize = artifact.virtualSize().bytes();
    long top = artifact.layers().get(artifact.layers().size() - 1).layer().virtualSize();
    if (virtualSize < top || virtualSize % ByteSize.SECTOR != 0) {
      throw invalid("its disk has " + virtualSize + " bytes, and its top layer " + top + " bytes");
    }
  }

  private static InvalidImageException invalid(String reason) {
    return new InvalidImageException("the artifact is not valid: " + reason);
  }

  /** {@return the bytes of layers, uncompressed} */
  static long bytesOf(Stream<Layer> layers) {
    return layers.mapToLong(Layer::bytes).reduce(0, Math::addExact);
  }

  /**
   * Checks a limit.
   *
   * @param bytes the bytes to transfer, uncompressed
   * @param maxBytes the limit; null for none
   * @throws RefusedException if there are more bytes
   */
  static void checkLimit(long bytes, @Nullable ByteSize maxBytes) {
    if (maxBytes != null && bytes > maxBytes.bytes()) {
      throw new RefusedException(
          "the layers to transfer have " + bytes + " bytes, more than the limit of " + maxBytes,
          new Remedy.RaiseLimit(bytes));
    }
  }
}
