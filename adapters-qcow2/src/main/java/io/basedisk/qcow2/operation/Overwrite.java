package io.basedisk.qcow2.operation;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Conversion over a file that exists. A regular file is replaced by the new image in one step, so
 * that a power cut leaves the old or the new file. A block device is written in place. Both must be
 * unused.
 */
public final class Overwrite {

  private static final int ANY_WRITES = 0222;

  private final OperatingSystem system;
  private final UnknownUsePolicy unknownUse;
  private final DiskFiles files;

  /**
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses the target
   */
  public Overwrite(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.system = system;
    this.unknownUse = unknownUse;
    this.files = new LocalDiskFiles(system);
  }

  /**
   * Writes a disk, with its whole chain, over a file or onto a block device. A refusal leaves the
   * target as it was.
   *
   * @param source the disk; this does not close it
   * @param target an existing file; links are followed
   * @param format format of the new image
   * @param progress receives the progress, in bytes done and in total
   * @throws io.basedisk.domain.error.NotFoundException if the target does not exist
   * @throws RefusedException if the target is one of the disk's own files, is in use, is mounted,
   *     is read-only, has other hard links, is in a home, is too small, or is another kind of file
   * @throws io.basedisk.domain.error.StorageException if a file can't be read or written. A device
   *     may have a part of the new image by then, and the message says so
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     the same applies
   */
  public void run(DiskImage source, Path target, NewImageFormat format, Progress progress) {
    Path real = files.realPath(target);
    FileStatus status =
        files.status(real).orElseThrow(() -> new RefusedException(target + ": was removed"));
    requireNoLayer(source, target, status);
    if (status.isBlockDevice()) {
      new DeviceOverwrite(real, system, unknownUse).run(source, format, progress);
      return;
    }
    requireReplaceable(real, status);
    try (SoleUse alone = SoleUse.of(real, system, unknownUse)) {
      Path added = Replacement.nameFor(real);
      Replacement.orRemove(
          files,
          added,
          () -> {
            write(new Conversion(source, added, progress), format);
            files.copyAttributes(real, added);
            Replacement.replace(files, alone, added, real);
          });
    }
  }

  private static void write(Conversion conversion, NewImageFormat format) {
    if (format instanceof NewImageFormat.Qcow2 qcow2) {
      conversion.toQcow2(Qcow2Options.of(qcow2));
    } else {
      conversion.toRaw();
    }
  }

  // Refusals.

  /** Checks that the conversion does not read what it overwrites, also not through a device. */
  private void requireNoLayer(DiskImage source, Path target, FileStatus status) {
    ImmutableSet<FileIdentity> below = below(status);
    for (int i = 0; i < source.layers().size(); i++) {
      LayerFile layer = source.layers().get(i);
      FileIdentity identity = source.identity(i).orElseThrow();
      if (below.contains(identity) || belowLayer(layer, identity).contains(status.identity())) {
        throw new RefusedException(
            target + ": has the content of " + layer.path() + ", which the conversion reads",
            new Remedy.ChooseOtherTarget(target));
      }
    }
  }

  private ImmutableSet<FileIdentity> below(FileStatus status) {
    return status.isBlockDevice()
        ? system.devicesBelow(status.identity())
        : ImmutableSet.of(status.identity());
  }

  private ImmutableSet<FileIdentity> belowLayer(LayerFile layer, FileIdentity identity) {
    boolean isDevice = files.status(layer.path()).filter(FileStatus::isBlockDevice).isPresent();
    return isDevice ? system.devicesBelow(identity) : ImmutableSet.of(identity);
  }

  private void requireReplaceable(Path file, FileStatus status) {
    if (!status.isRegularFile()) {
      throw new RefusedException(
          file
              + ": is "
              + status.type().describe()
              + ": only a regular file or a block device can be overwritten",
          new Remedy.ChooseOtherTarget(file));
    }
    if ((status.mode() & ANY_WRITES) == 0) {
      throw new RefusedException(
          file + ": is read-only, as the base of a home is", new Remedy.ChooseOtherTarget(file));
    }
    homeOf(file)
        .ifPresent(
            home -> {
              throw new RefusedException(
                  file + ": is in the home " + home, new Remedy.ChooseOtherTarget(file));
            });
  }

  /**
   * {@return the home whose directory has a file} A caller without that home's store can't tell its
   * disks from other files.
   */
  private Optional<Path> homeOf(Path file) {
    for (Path directory = file.getParent(); directory != null; directory = directory.getParent()) {
      HomeLayout home = new HomeLayout(directory);
      if (isDirectory(home.bases()) && isDirectory(home.db())) {
        return Optional.of(directory);
      }
    }
    return Optional.empty();
  }

  private boolean isDirectory(Path path) {
    return files.status(path).filter(FileStatus::isDirectory).isPresent();
  }
}
