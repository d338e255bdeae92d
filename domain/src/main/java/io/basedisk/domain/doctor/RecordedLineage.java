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
 * Decides which bases may be recorded for an image because its header names them. A disk's owner
 * can write any name into its header, even that of another user's base. Thread-safe.
 */
final class RecordedLineage {

  private final Readers readers;

  @Inject
  RecordedLineage(Readers readers) {
    this.readers = readers;
  }

  /**
   * {@return whether a base may be recorded for an image} It may if it is below the recorded base,
   * was made of the image's box, or is readable by the image's owner. A base above the recorded one
   * may be the private base of another box.
   *
   * @param image the status of the image
   * @param box the image's box, or a base's source box
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
