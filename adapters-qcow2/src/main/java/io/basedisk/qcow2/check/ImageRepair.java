package io.basedisk.qcow2.check;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Repairs an image in place, as {@code qemu-img check -r} does. The guest's data never changes:
 * damage that can't be repaired without loss stays, and the next check finds it again.
 */
public final class ImageRepair {

  private final OperatingSystem system;
  private final UnknownUsePolicy unknownUse;

  /**
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses an image
   */
  public ImageRepair(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.system = system;
    this.unknownUse = unknownUse;
  }

  /**
   * Checks an image, repairs it, and checks it again. During the repair, this holds QEMU's image
   * locks, so that QEMU can't open the image; no other process may use it either. The repair is
   * durable on return.
   *
   * @param image path of the image
   * @param scope what to repair
   * @param progress receives the progress, in bytes done and in total
   * @return what was repaired, and what the checks before and after found
   * @throws NotFoundException if the file does not exist
   * @throws io.basedisk.domain.error.RefusedException if another process uses the image, or it has
   *     other hard links
   * @throws io.basedisk.domain.error.InvalidImageException as for {@link RefcountCheck#check}
   * @throws StorageException if the file can't be read, locked or written
   */
  public RepairResult repair(Path image, RepairScope scope, Progress progress) {
    Path real = realPath(image);
    try (SoleUse alone = SoleUse.of(real, system, unknownUse);
        ImageFile file = ImageFile.openToWrite(real)) {
      alone.requireUnchanged();
      CheckResult before = RefcountCheck.check(file, progress.pass(0, 3));
      if (before.complete()) {
        new RepairSteps(file, scope).run();
      }
      return new RepairResult(before, RefcountCheck.check(file, progress.pass(2, 3)));
    }
  }

  private static Path realPath(Path image) {
    try {
      return image.toRealPath();
    } catch (NoSuchFileException e) {
      throw new NotFoundException(image + ": no such file", e);
    } catch (IOException e) {
      throw new StorageException(image + ": " + e.getMessage(), e);
    }
  }
}
