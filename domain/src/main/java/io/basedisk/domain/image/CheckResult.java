package io.basedisk.domain.image;

import com.google.common.collect.ImmutableList;

/**
 * What a check of an image found, in the terms of {@code qemu-img check}.
 *
 * @param corruptions the places where data may be lost, or be lost by the next write: clusters that
 *     have more references than their refcount says, and entries of tables that can't be right
 * @param leaks the clusters that have fewer references than their refcount says: space is wasted,
 *     nothing else
 * @param checkErrors what could not be checked, since the way there is damaged
 * @param complete whether all references could be followed; else nothing was compared, so that
 *     {@code leaks} and {@code imageEndOffset} are 0 and prove nothing
 * @param totalClusters the guest clusters of the virtual disk
 * @param allocatedClusters the guest clusters that have data, or space, of their own in the file
 * @param fragmentedClusters those of them whose data does not follow on that of the one before;
 *     compressed ones always count
 * @param compressedClusters those of them that are compressed
 * @param imageEndOffset where in the file the last cluster ends that is counted or referred to, in
 *     bytes
 * @param details the first of the corruptions, leaks and errors, a line each
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

  /** Returns the number of corruptions and of errors of the check together. */
  public long errors() {
    return corruptions + checkErrors;
  }

  /** Returns whether there was nothing to find. */
  public boolean isClean() {
    return errors() == 0 && leaks == 0;
  }
}
