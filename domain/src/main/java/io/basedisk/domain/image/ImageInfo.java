package io.basedisk.domain.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BackingFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code qemu-img info} says of a qcow2 file.
 *
 * @param file the file, as it was named
 * @param version 2 or 3; QEMU shows neither {@code lazyRefcounts}, {@code corrupt} nor {@code
 *     extendedL2} for 2
 * @param virtualSize the bytes that a guest sees, as QEMU shows them: a multiple of 512, 0 or more
 * @param allocatedBytes the bytes that the file occupies on its file system; 0 or more
 * @param clusterSize the bytes of a cluster: a power of two from 512 to 2 MiB
 * @param compression how compressed clusters are, or would be, compressed
 * @param lazyRefcounts whether a writer may postpone refcounts
 * @param refcountBits the bits of a refcount: a power of two from 1 to 64
 * @param corrupt whether the image is marked as corrupt
 * @param dirty whether its refcounts may be inconsistent
 * @param extendedL2 whether its clusters have subclusters
 * @param backing the backing file that it names, fit to be shown: what is not UTF-8 in its name is
 *     replaced; null where it names none
 * @param bitmaps the bitmaps in it, in their order
 * @param snapshots the internal snapshots in it, in their order
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
    ImmutableList<InternalSnapshotInfo> snapshots) {

  /** Returns QEMU's name for the version: 0.10 or 1.1. */
  public String compat() {
    return version == 2 ? "0.10" : "1.1";
  }

  /**
   * Returns the backing file's name as QEMU completes it: a relative one is put behind the
   * directory of {@link #file}; one with a protocol stays as it is.
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

  /** As QEMU decides: a colon before any slash. */
  private static boolean hasProtocol(String name) {
    int colon = name.indexOf(':');
    int slash = name.indexOf('/');
    return colon >= 0 && (slash < 0 || colon < slash);
  }
}
