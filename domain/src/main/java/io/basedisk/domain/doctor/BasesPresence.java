package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;

/**
 * Tells whether the file system of the bases is mounted. If not, every base seems lost, and no
 * base's record may be changed.
 */
final class BasesPresence {

  private BasesPresence() {}

  /** {@return whether the home has recorded bases and all their files are missing} */
  static boolean isAway(HomeLayout home, DiskFiles files, StoreView view) {
    boolean hasBases = false;
    ImmutableList<BaseDisk> part = view.bases().listAfter(null, BaseDiskStore.BATCH);
    while (!part.isEmpty()) {
      for (BaseDisk base : part) {
        Path file = base.diskInfo().basePath();
        if (file.equals(home.baseFile(base.id()))) {
          if (files.status(file).isPresent()) {
            return false;
          }
          hasBases = true;
        }
      }
      part = view.bases().listAfter(part.get(part.size() - 1).id(), BaseDiskStore.BATCH);
    }
    return hasBases;
  }
}
