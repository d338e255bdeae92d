package io.basedisk.domain.disk;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import javax.inject.Inject;

/**
 * What files occupy, for accounts of many of them. A file that can't be looked at counts as 0
 * bytes, and the listener is told. Safe for many threads.
 */
public final class FileSizes {

  private final DiskFiles files;
  private final EventListener listener;

  @Inject
  FileSizes(DiskFiles files, EventListener listener) {
    this.files = files;
    this.listener = listener;
  }

  /** Returns the bytes that a file occupies; 0 if nothing is there or it can't be looked at. */
  public long allocatedBytes(Path file) {
    try {
      return files.status(file).map(FileStatus::allocatedBytes).orElse(0L);
    } catch (StorageException outOfReach) {
      listener.on(new Event.NotRead(file, String.valueOf(outOfReach.getMessage())));
      return 0;
    }
  }
}
