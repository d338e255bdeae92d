package io.basedisk.cli.render;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.space.SpaceReport;
import java.util.Optional;

/** The space of the bases and boxes in a tree. Immutable. */
public final class TreeFigures {

  /** No figures, for documents without sizes. */
  static final TreeFigures NONE =
      new TreeFigures(ImmutableMap.of(), ImmutableMap.of(), new Total(0, 0));

  /**
   * The space of all files.
   *
   * @param allocatedBytes the space that the files occupy, in bytes
   * @param reclaimableBytes the space that a collection would free, in bytes
   */
  record Total(long allocatedBytes, long reclaimableBytes) {}

  private final ImmutableMap<BaseDiskId, BaseSpace> bases;
  private final ImmutableMap<BoxId, BoxSpace> boxes;
  private final Total total;

  private TreeFigures(
      ImmutableMap<BaseDiskId, BaseSpace> bases, ImmutableMap<BoxId, BoxSpace> boxes, Total total) {
    this.bases = bases;
    this.boxes = boxes;
    this.total = total;
  }

  /**
   * {@return the figures of a report}
   *
   * @param report the space of the whole home
   */
  public static TreeFigures of(SpaceReport report) {
    return new TreeFigures(
        Maps.uniqueIndex(report.bases(), space -> space.base().id()),
        Maps.uniqueIndex(report.boxes(), BoxSpace::box),
        new Total(report.allocatedBytes(), report.reclaimableBytes()));
  }

  /** {@return the space of a base; empty if the base was recorded after the figures were taken} */
  Optional<BaseSpace> find(BaseDiskId base) {
    return Optional.ofNullable(bases.get(base));
  }

  /** {@return the space of a box; empty if the box was recorded after the figures were taken} */
  Optional<BoxSpace> find(BoxId box) {
    return Optional.ofNullable(boxes.get(box));
  }

  Total total() {
    return total;
  }
}
