package io.basedisk.qcow2.file;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Makes files durable: a few one by one, many by a sync of their whole file system. */
final class FileSync {

  /**
   * Limit of paths of one file system that are synced one by one.
   *
   * <p>Syncing the whole file system costs about as much as a few single files, plus all data that
   * other processes, such as VMs, have written and not synced. A fork or a restore syncs one or two
   * files, and must not pay for that data. A batch of clones syncs thousands of files, each at the
   * cost of a journal commit.
   */
  private static final int MAX_SYNCED_ONE_BY_ONE = 32;

  private final OperatingSystem system;
  private final ExpectedFiles expected;

  FileSync(OperatingSystem system) {
    this.system = system;
    this.expected = new ExpectedFiles(system);
  }

  /**
   * Makes files and directories durable.
   *
   * @param paths any number, also on different file systems
   */
  void all(ImmutableList<Path> paths) {
    ImmutableSet<Path> distinct = ImmutableSet.copyOf(paths);
    if (distinct.size() <= MAX_SYNCED_ONE_BY_ONE) {
      distinct.forEach(this::one);
    } else {
      Multimaps.index(distinct, this::device).asMap().values().stream()
          .map(ImmutableList::copyOf)
          .forEach(this::syncOnOneFileSystem);
    }
  }

  private long device(Path path) {
    return expected.fileOrDirectory(syncing(path), path).identity().device();
  }

  private void syncOnOneFileSystem(ImmutableList<Path> paths) {
    if (paths.size() <= MAX_SYNCED_ONE_BY_ONE || !syncTogether(paths)) {
      paths.forEach(this::one);
    }
  }

  private boolean syncTogether(ImmutableList<Path> paths) {
    try {
      return system.syncTogether(paths);
    } catch (FileSystemException e) {
      // The file at which the failure appeared. The failed write may belong to another file.
      throw Failure.of("make files durable, found at " + e.getFile(), e);
    } catch (IOException e) {
      throw Failure.of(syncing(paths.get(0)) + " and others", e);
    }
  }

  /** Makes one file or directory durable. */
  void one(Path path) {
    try {
      system.sync(path);
    } catch (IOException e) {
      throw Failure.of(syncing(path), e);
    }
  }

  private static String syncing(Path path) {
    return "make " + path + " durable";
  }
}
