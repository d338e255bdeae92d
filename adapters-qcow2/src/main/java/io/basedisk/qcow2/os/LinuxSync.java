package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes files durable one by one, or by a sync of their file system where that reports all errors.
 */
final class LinuxSync {

  /**
   * File systems on which syncfs(2) is known to write all data and report all errors. On some
   * others, such as FUSE, it does nothing.
   */
  private static final ImmutableSet<Long> WITH_SYNCFS =
      ImmutableSet.of(LibC.EXT_SUPER_MAGIC, LibC.XFS_SUPER_MAGIC, LibC.BTRFS_SUPER_MAGIC);

  private final SystemCalls calls;
  private final boolean syncfsReportsErrors;

  /**
   * @param release the kernel's release: {@code 6.8.0-45-generic}
   */
  LinuxSync(SystemCalls calls, String release) {
    this.calls = calls;
    this.syncfsReportsErrors = reportsErrorsOfSyncfs(release);
  }

  /**
   * {@return whether a kernel is Linux 5.8 or later} Older kernels lose most errors in syncfs(2).
   */
  static boolean reportsErrorsOfSyncfs(String release) {
    Matcher version = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*").matcher(release);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(version.group(2)) >= 8);
  }

  /** Makes a file or a directory durable. */
  void one(Path path) throws IOException {
    try (Descriptor file = Descriptor.open(calls, path, Access.READ)) {
      file.sync();
    }
  }

  /**
   * Makes files and directories of one file system durable; false, with no effect, if the file
   * system may fail to report an error.
   *
   * <p>syncfs(2) reports an error of a file system to one caller only: if another process calls it
   * between the failed write and our call, our call returns 0. Therefore this also checks each file
   * for its own failed writes, which costs no disk access. syncfs(2) also returns 0 on a file
   * system that an error has made read-only, and, before Linux 5.17, after a failed commit of the
   * journal. fsync(2) of any file fails in these cases, so this calls it too.
   */
  boolean together(ImmutableList<Path> paths) throws IOException {
    if (!syncfsReportsErrors) {
      return false;
    }
    try (Descriptor any = Descriptor.open(calls, paths.get(0), Access.READ)) {
      if (!WITH_SYNCFS.contains(any.fileSystemType())) {
        return false;
      }
      any.syncFileSystem();
      any.sync();
    }
    for (Path path : paths) {
      try (Descriptor file = Descriptor.open(calls, path, Access.READ)) {
        file.awaitWrittenBack();
      }
    }
    return true;
  }
}
