package io.basedisk.domain.protocol;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.inject.Inject;

/**
 * Inspects files that a concurrent operation may remove. A missing file counts as absent. A file
 * that can't be read counts as absent too, and is reported to the listener. Thread-safe.
 */
final class BestEffortFiles {

  private final DiskFiles files;
  private final EventListener listener;

  @Inject
  BestEffortFiles(DiskFiles files, EventListener listener) {
    this.files = files;
    this.listener = listener;
  }

  /**
   * {@return whether the path is a directory} Does not follow a link, whose target is not the
   * home's.
   */
  boolean isDirectory(Path path) {
    try {
      return files.status(path).filter(FileStatus::isDirectory).isPresent();
    } catch (StorageException outOfReach) {
      reportUnlessGone(path, outOfReach);
      return false;
    }
  }

  /** {@return whether the path is a regular file} Does not follow a link. */
  boolean isRegularFile(Path file) {
    try {
      return files.status(file).filter(FileStatus::isRegularFile).isPresent();
    } catch (StorageException outOfReach) {
      reportUnlessGone(file, outOfReach);
      return false;
    }
  }

  /**
   * {@return the entries of a directory; none if it is not a directory}
   *
   * @param directory the path
   */
  Stream<Path> list(Path directory) {
    try {
      return isDirectory(directory) ? files.list(directory).stream() : Stream.empty();
    } catch (StorageException goneOrUnreadable) {
      reportUnlessGone(directory, goneOrUnreadable);
      return Stream.empty();
    }
  }

  private void reportUnlessGone(Path path, StorageException failure) {
    boolean isGone;
    try {
      isGone = files.status(path).isEmpty();
    } catch (StorageException outOfReach) {
      isGone = false;
    }
    if (!isGone) {
      listener.on(new Event.NotRead(path, String.valueOf(failure.getMessage())));
    }
  }
}
