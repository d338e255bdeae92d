package io.basedisk.domain.model.artifact;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an artifact: the canonical content of a base's file. For qcow2 this is the file with
 * the size of the backing name (header bytes 16 to 19) and the name itself as zeros, so that a
 * layer has the same digest in every home. For raw it is the file.
 *
 * @param format format of the file
 * @param digest digest of the canonical content
 * @param bytes length of the content in bytes, 1 or more
 * @param virtualSize virtual size in bytes of the disk up to this layer, 0 or more
 * @param kind kind of the base
 * @param snapshotName name of the snapshot; null if the base is no snapshot of the artifact's box
 * @param createdAt time at which the base was made, in whole seconds
 */
public record Layer(
    ImageFormat format,
    Sha256 digest,
    long bytes,
    long virtualSize,
    BaseDiskKind kind,
    @Nullable SnapshotName snapshotName,
    Instant createdAt) {

  /**
   * Checks the values.
   *
   * @param format see {@link #format}
   * @param digest see {@link #digest}
   * @param bytes see {@link #bytes}
   * @param virtualSize see {@link #virtualSize}
   * @param kind see {@link #kind}
   * @param snapshotName see {@link #snapshotName}
   * @param createdAt see {@link #createdAt}
   * @throws IllegalArgumentException if a number is out of range, or a base of that kind can't have
   *     the name
   */
  public Layer {
    checkArgument(bytes > 0, "a layer can't have %s bytes", bytes);
    checkArgument(virtualSize >= 0, "a disk can't have %s bytes", virtualSize);
    checkArgument(
        snapshotName == null || kind == BaseDiskKind.SNAPSHOT,
        "a base of kind %s is no snapshot",
        kind);
  }

  /** {@return the name of the snapshot; empty if the base is no snapshot of the artifact's box} */
  public Optional<SnapshotName> snapshot() {
    return Optional.ofNullable(snapshotName);
  }
}
