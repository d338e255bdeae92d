package io.basedisk.qcow2.check;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Mends an image in place, as {@code qemu-img check -r} does. What its guest reads stays as it is:
 * what can't be mended without a loss is left, and found again.
 */
public final class ImageRepair {

  private final OperatingSystem system;
  private final WhenLocksCantBeAsked otherwise;

  /**
   * @param otherwise what to do where it can't be told who uses an image
   */
  public ImageRepair(OperatingSystem system, WhenLocksCantBeAsked otherwise) {
    this.system = system;
    this.otherwise = otherwise;
  }

  /**
   * Checks an image, mends it, and checks it again. Nobody else may use it meanwhile, and nobody
   * can who keeps to QEMU's image locks. All of it is durable on return.
   *
   * @throws NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if somebody uses it, or it has other names
   * @throws io.basedisk.domain.error.InvalidImageException as for {@link RefcountCheck#check}
   * @throws StorageException if it can't be read, locked or written
   */
  public RepairResult repair(Path image, RepairScope scope, Progress progress) {
    Path real = realPath(image);
    try (SoleUse alone = SoleUse.of(real, system, otherwise);
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
