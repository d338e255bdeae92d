package io.basedisk.domain.image;

import com.google.common.collect.ImmutableList;

/**
 * The result of a check of an image, in the terms of {@code qemu-img check}.
 *
 * @param corruptions number of places where data is lost, or may be lost by the next write:
 *     clusters whose refcount is too low, and invalid table entries
 * @param leaks number of clusters whose refcount is too high; they waste space only
 * @param checkErrors number of structures that could not be checked because of other damage
 * @param complete whether all references could be followed. If not, refcounts were not compared,
 *     and {@code leaks} and {@code imageEndOffset} are 0
 * @param totalClusters number of guest clusters of the virtual disk
 * @param allocatedClusters number of guest clusters with data or preallocated space in the file
 * @param fragmentedClusters number of allocated clusters that do not follow the previous cluster in
 *     the file; compressed clusters always count
 * @param compressedClusters number of compressed clusters
 * @param imageEndOffset end of the last used cluster in the file, in bytes
 * @param details descriptions of the first corruptions, leaks and errors, one line each
 */
public record CheckResult(
    long corruptions,
    long leaks,
    long checkErrors,
    boolean complete,
    long totalClusters,
    long allocatedClusters,
    long fragmentedClusters,
    long compressedClusters,
    long imageEndOffset,
    ImmutableList<String> details) {

  /** {@return the number of corruptions and check errors} */
  public long errors() {
    return corruptions + checkErrors;
  }

  /** {@return whether the check found nothing} */
  public boolean isClean() {
    return errors() == 0 && leaks == 0;
  }
}
