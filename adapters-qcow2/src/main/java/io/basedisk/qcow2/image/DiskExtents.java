package io.basedisk.qcow2.image;

import com.google.common.collect.AbstractIterator;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Iterator over the extents of a part of a disk, in ascending order. Each is as long as possible,
 * and is found when it is requested.
 */
final class DiskExtents extends AbstractIterator<DiskExtent> {

  private final Chain chain;
  private final RunFinder finder;
  private final long end;
  private long at;
  private @Nullable DiskExtent pending;

  /**
   * @param start guest offset, at most the end of the disk
   * @param end guest offset, from {@code start} to the end of the disk
   */
  DiskExtents(Chain chain, long start, long end) {
    this.chain = chain;
    this.finder = new RunFinder(chain.layers());
    this.at = start;
    this.end = end;
  }

  @Override
  protected @Nullable DiskExtent computeNext() {
    DiskExtent extent = pending == null ? find() : pending;
    pending = null;
    while (extent != null && at < end) {
      DiskExtent next = find();
      Optional<DiskExtent> both = joined(extent, next);
      if (both.isEmpty()) {
        pending = next;
        return extent;
      }
      extent = both.get();
    }
    return extent == null ? endOfData() : extent;
  }

  private @Nullable DiskExtent find() {
    if (at == end) {
      return null;
    }
    DiskExtent found = describe(finder.runAt(new GuestOffset(at), end - at));
    at = found.end();
    return found;
  }

  private DiskExtent describe(RunFinder.Run run) {
    long length = run.extent().length();
    if (run.extent() instanceof Extent.Data data) {
      long host = data.host().bytes();
      Holes.Part part = chain.layers().get(run.layer()).partAt(host, host + length);
      return new DiskExtent.Data(at, part.end() - host, run.layer(), data.host(), part.isHole());
    }
    if (run.extent() instanceof Extent.Compressed) {
      return new DiskExtent.Compressed(at, length, run.layer());
    }
    if (run.extent() instanceof Extent.Zero zero) {
      return new DiskExtent.Zero(at, length, run.layer(), zero.host());
    }
    HostOffset room = ((Extent.Unallocated) run.extent()).host();
    return new DiskExtent.Hole(at, length, run.layer(), room);
  }

  /** Joins two adjacent extents, if the second continues the first. */
  private static Optional<DiskExtent> joined(DiskExtent first, @Nullable DiskExtent second) {
    if (second == null || first.layer() != second.layer()) {
      return Optional.empty();
    }
    long length = first.length() + second.length();
    int layer = first.layer();
    if (first instanceof DiskExtent.Compressed && second instanceof DiskExtent.Compressed) {
      return Optional.of(new DiskExtent.Compressed(first.start(), length, layer));
    }
    if (first instanceof DiskExtent.Hole one
        && second instanceof DiskExtent.Hole other
        && one.host().isContinuedBy(other.host(), one.length())) {
      return Optional.of(new DiskExtent.Hole(one.start(), length, layer, one.host()));
    }
    if (first instanceof DiskExtent.Zero one
        && second instanceof DiskExtent.Zero other
        && one.host().isContinuedBy(other.host(), one.length())) {
      return Optional.of(new DiskExtent.Zero(one.start(), length, layer, one.host()));
    }
    if (first instanceof DiskExtent.Data one
        && second instanceof DiskExtent.Data other
        && one.inHole() == other.inHole()
        && one.host().plus(one.length()).equals(other.host())) {
      return Optional.of(new DiskExtent.Data(one.start(), length, layer, one.host(), one.inHole()));
    }
    return Optional.empty();
  }
}
