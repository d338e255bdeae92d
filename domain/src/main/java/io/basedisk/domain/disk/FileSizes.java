package io.basedisk.domain.disk;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import javax.inject.Inject;

/**
 * The space that files occupy, for sums over many files. If the status of a file can't be read, it
 * counts as 0 bytes, and the listener receives an event. Thread-safe.
 */
public final class FileSizes {

  private final DiskFiles files;
  private final EventListener listener;

  @Inject
  FileSizes(DiskFiles files, EventListener listener) {
    this.files = files;
    this.listener = listener;
  }

  /**
   * {@return the space that a file occupies in bytes; 0 if it is missing or its status can't be
   * read}
   *
   * @param file path of the file
   */
  public long allocatedBytes(Path file) {
    try {
      return files.allocatedBytes(file);
    } catch (StorageException outOfReach) {
      listener.on(new Event.NotRead(file, String.valueOf(outOfReach.getMessage())));
      return 0;
    }
  }
}
