package io.basedisk.qcow2.operation;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import java.nio.file.Path;

/** Atomic and durable replacement of an image by a new file. */
final class Replacement {

  private Replacement() {}

  /** {@return an unused path in the image's directory} */
  static Path nameFor(Path image) {
    return image.resolveSibling(
        "." + image.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".new");
  }

  /**
   * Syncs a new file and renames it over the image. The new file must have its owner, group, mode
   * and extended attributes already.
   */
  static void replace(DiskFiles files, SoleUse alone, Path added, Path image) {
    files.sync(added); // Otherwise a power cut after the rename leaves an empty file.
    alone.requireUnchanged();
    files.rename(added, image);
    files.sync(checkNotNull(image.getParent()));
  }

  /** Runs a step. If it fails, removes the new file. */
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
