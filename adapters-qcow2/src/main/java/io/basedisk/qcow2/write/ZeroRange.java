package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.GuestOffset;

/** A job that maps a range of clusters to zeros, which hides the backing file. */
final class ZeroRange implements Pipeline.Job {

  private final GuestOffset start;
  private final long length;
  private final ClusterRange.Target target;

  /**
   * @param start the start of a cluster
   * @param length length in bytes, to the end of a cluster or of the disk
   */
  ZeroRange(GuestOffset start, long length, ClusterRange.Target target) {
    this.start = start;
    this.length = length;
    this.target = target;
  }

  @Override
  public void prepare(Workspace workspace) {}

  @Override
  public void place() {
    for (long done = 0; done < length; done += target.geometry().clusterSize()) {
      target.layout().placeZeros(start.plus(done));
      target.layout().settle();
    }
  }

  @Override
  public void complete(Workspace workspace) {}
}
