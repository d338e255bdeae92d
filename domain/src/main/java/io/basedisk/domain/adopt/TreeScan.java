package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds the files of a directory, at any depth. Follows no symbolic link, and opens only regular
 * files. Homes of basedisk are skipped.
 */
final class TreeScan {

  private final DiskFiles files;
  private final DiskImages images;
  private final TreeMap<Path, ScannedFile> found = new TreeMap<>();
  private final List<UnadoptedFile> leftOut = new ArrayList<>();

  TreeScan(DiskFiles files, DiskImages images) {
    this.files = files;
    this.images = images;
  }

  /**
   * The content of a directory.
   *
   * @param files the regular files, ordered by path
   * @param leftOut everything else but directories
   */
  record Content(ImmutableMap<Path, ScannedFile> files, ImmutableList<UnadoptedFile> leftOut) {}

  /**
   * {@return the content of a directory}
   *
   * @param root real path of the directory
   */
  Content run(Path root) {
    Deque<Path> directories = new ArrayDeque<>();
    directories.push(root);
    while (!directories.isEmpty()) {
      InterruptedOperationException.throwIfInterrupted(
          () -> root + ": the search for disks was interrupted");
      Path directory = directories.pop();
      for (Path entry : entriesOf(directory)) {
        examine(entry, directories);
      }
    }
    return new Content(ImmutableMap.copyOf(found), ImmutableList.copyOf(leftOut));
  }

  private ImmutableList<Path> entriesOf(Path directory) {
    try {
      return files.list(directory);
    } catch (StorageException unreadable) {
      leaveOut(directory, Fault.of(directory, unreadable));
      return ImmutableList.of();
    }
  }

  private void examine(Path entry, Deque<Path> directories) {
    FileStatus status;
    try {
      status = files.status(entry).orElse(null);
    } catch (BaseDiskException outOfReach) {
      leaveOut(entry, Fault.of(entry, outOfReach));
      return;
    }
    if (status == null) {
      return;
    }
    if (status.isDirectory()) {
      if (isHome(entry, files)) {
        leaveOut(entry, Fault.of("is a home of basedisk"));
      } else {
        directories.push(entry);
      }
    } else if (!status.isRegularFile()) {
      leaveOut(entry, Fault.of("is " + status.type().describe()));
    } else if (!isText(entry)) {
      leaveOut(entry, Fault.of("its name is not text in this system's encoding"));
    } else if (Temporaries.operationOf(entry).isPresent()) {
      leaveOut(entry, Fault.of("is a temporary file of an operation of basedisk"));
    } else {
      found.put(entry, ScannedFile.of(entry, status, images));
    }
  }

  private void leaveOut(Path file, Fault fault) {
    leftOut.add(fault.about(file));
  }

  /** {@return whether a directory is a home} */
  static boolean isHome(Path directory, DiskFiles files) {
    HomeLayout home = new HomeLayout(directory);
    return files.status(home.bases()).filter(FileStatus::isDirectory).isPresent()
        && files.status(home.boxes()).filter(FileStatus::isDirectory).isPresent()
        && (files.status(home.identityFile()).isPresent()
            || files.status(home.operationsLock()).isPresent());
  }

  /** {@return whether a record can have the path} */
  private static boolean isText(Path path) {
    try {
      return Path.of(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
