package io.basedisk.domain.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BackingFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The information of {@code qemu-img info} about a qcow2 file.
 *
 * @param file the file, as the caller named it
 * @param version 2 or 3; QEMU shows neither {@code lazyRefcounts}, {@code corrupt} nor {@code
 *     extendedL2} for 2
 * @param virtualSize size of the virtual disk in bytes, as QEMU shows it: a multiple of 512
 * @param allocatedBytes space that the file occupies on its file system, in bytes
 * @param clusterSize cluster size in bytes: a power of two from 512 to 2 MiB
 * @param compression compression method, also without compressed clusters
 * @param lazyRefcounts whether a writer may postpone refcounts
 * @param refcountBits width of a refcount in bits: a power of two from 1 to 64
 * @param corrupt whether the image is marked as corrupt
 * @param dirty whether refcounts may be inconsistent
 * @param extendedL2 whether clusters have subclusters
 * @param backing the backing file, for display only: invalid UTF-8 in its name is replaced; null
 *     without one
 * @param bitmaps the stored bitmaps, in the order of the file
 * @param snapshots the internal snapshots, in the order of the file
 * @param obstacles why the content can't be opened
 */
public record ImageInfo(
    Path file,
    int version,
    long virtualSize,
    long allocatedBytes,
    int clusterSize,
    CompressionType compression,
    boolean lazyRefcounts,
    int refcountBits,
    boolean corrupt,
    boolean dirty,
    boolean extendedL2,
    @Nullable BackingFile backing,
    ImmutableList<BitmapInfo> bitmaps,
    ImmutableList<InternalSnapshotInfo> snapshots,
    ContentObstacles obstacles)
    implements LayerInfo {

  /** {@return QEMU's name for the version: 0.10 or 1.1} */
  public String compat() {
    return version == 2 ? "0.10" : "1.1";
  }

  /**
   * {@return the backing file's name as QEMU completes it: a relative name is resolved against the
   * directory of {@link #file}} A name with a protocol stays unchanged.
   */
  public Optional<String> fullBackingFilename() {
    return Optional.ofNullable(backing).map(BackingFile::name).map(this::complete);
  }

  private String complete(String name) {
    String own = file.toString();
    return name.startsWith("/") || hasProtocol(name)
        ? name
        : own.substring(0, own.lastIndexOf('/') + 1) + name;
  }

  /** {@return whether a name has a protocol} As in QEMU, a colon before any slash decides. */
  private static boolean hasProtocol(String name) {
    int colon = name.indexOf(':');
    int slash = name.indexOf('/');
    return colon >= 0 && (slash < 0 || colon < slash);
  }
}
