package io.basedisk.qcow2.operation;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import java.nio.file.Path;

/** How a new file takes the place of an image: all at once, and durably. */
final class Replacement {

  private Replacement() {}

  /** Returns a name beside that of an image which no file has. */
  static Path nameFor(Path image) {
    return image.resolveSibling(
        "." + image.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".new");
  }

  /**
   * Gives a new file, with its owner, group, mode and extended attributes already, the name of the
   * image that it replaces.
   */
  static void replace(DiskFiles files, SoleUse alone, Path added, Path image) {
    files.sync(added); // Else a power cut after the rename leaves an empty file.
    alone.requireUnchanged();
    files.rename(added, image);
    files.sync(checkNotNull(image.getParent()));
  }

  /** Does what makes the new file replace the old one; if it fails, removes the new one. */
  static void orRemove(DiskFiles files, Path added, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error failure) {
      try {
        files.remove(added);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }
}
