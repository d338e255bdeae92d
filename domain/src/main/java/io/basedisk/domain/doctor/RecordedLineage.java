package io.basedisk.domain.doctor;

import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.StoreView;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Which bases may be recorded for an image because its header names them. The owner of a disk can
 * write any name into its header, another user's base among them. Safe for many threads.
 */
final class RecordedLineage {

  private final Readers readers;

  @Inject
  RecordedLineage(Readers readers) {
    this.readers = readers;
  }

  /**
   * Returns whether a base may be recorded for an image: it is below the base that is recorded now,
   * it was made of the image's box, or the owner of the image can read it. To be above the recorded
   * base is not enough: the private bases of other boxes may stand on it too.
   *
   * @param image the status of the image
   * @param box the box of the image, or the source box of a base
   * @param recorded the base that is recorded for the image; null for none
   * @param named the base that its header names; null for none
   */
  boolean permits(
      StoreView view,
      FileStatus image,
      BoxId box,
      @Nullable BaseDiskId recorded,
      @Nullable BaseDiskId named) {
    if (named == null) {
      return true;
    }
    Optional<BaseDisk> base = view.bases().find(named);
    return base.isPresent()
        && (isMadeOf(box, base.get())
            || isBelow(view, recorded, named)
            || readers.mayRead(image, base.get().diskInfo().basePath()));
  }

  private static boolean isMadeOf(BoxId box, BaseDisk base) {
    return !box.equals(BoxId.GLOBAL) && base.sourceBoxId().equals(box);
  }

  private static boolean isBelow(StoreView view, @Nullable BaseDiskId recorded, BaseDiskId named) {
    Set<BaseDiskId> visited = new HashSet<>();
    @Nullable BaseDiskId next = recorded;
    while (next != null && visited.add(next)) {
      if (next.equals(named)) {
        return true;
      }
      next = view.bases().find(next).map(BaseDisk::parentId).orElse(null);
    }
    return false;
  }
}
