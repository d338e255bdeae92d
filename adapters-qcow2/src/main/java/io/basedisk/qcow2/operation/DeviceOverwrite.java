package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.ClaimedDevice;
import io.basedisk.qcow2.os.DeviceInUseException;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.file.Path;

/** Conversion onto a block device, in place. */
final class DeviceOverwrite {

  private final Path device;
  private final OperatingSystem system;
  private final UnknownUsePolicy unknownUse;

  /**
   * @param device the device's real path
   */
  DeviceOverwrite(Path device, OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.device = device;
    this.system = system;
    this.unknownUse = unknownUse;
  }

  void run(DiskImage source, NewImageFormat format, Progress progress) {
    // First the processes: our own claim would count as one.
    try (SoleUse alone = SoleUse.ofDevice(device, system, unknownUse);
        ClaimedDevice claimed = claim()) {
      alone.requireSame(claimed.identity());
      long space = spaceFor(source, format);
      requireRoom(claimed, space);
      Conversion conversion = new Conversion(source, device, progress);
      try {
        if (format instanceof NewImageFormat.Qcow2 qcow2) {
          conversion.toQcow2Device(claimed, Qcow2Options.of(qcow2), space);
        } else {
          conversion.toRawDevice(claimed);
        }
      } catch (BaseDiskException e) {
        throw incomplete(e);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private ClaimedDevice claim() {
    try {
      return system.claim(device);
    } catch (DeviceInUseException e) {
      throw new RefusedException(
          device
              + ": is mounted, or in use as swap, by LVM, RAID or encryption, or by a program that"
              + " claims it",
          new Remedy.ReleaseDevice(device),
          e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StorageException failure(IOException e) {
    return FileFailure.of(device + ": " + FileFailure.reasonOf(e), e);
  }

  /** {@return upper bound of the image's size in bytes} How far data compresses is not known. */
  private static long spaceFor(DiskImage source, NewImageFormat format) {
    return format instanceof NewImageFormat.Qcow2 qcow2
        ? ImageMeasurement.ofQcow2(source, qcow2.clusterSize()).required()
        : source.virtualSize();
  }

  private void requireRoom(ClaimedDevice claimed, long space) {
    long size;
    try (ImageFile file = ImageFile.openClaimed(claimed, device)) {
      size = file.length();
    }
    if (size < space) {
      throw new RefusedException(
          device + ": is too small: it has " + size + " bytes, and the image needs " + space,
          new Remedy.ChooseOtherTarget(device));
    }
  }

  private BaseDiskException incomplete(BaseDiskException cause) {
    String message =
        cause.getMessage() + "; " + device + " may have a part of the new image now: convert again";
    return cause instanceof InterruptedOperationException
        ? new InterruptedOperationException(message, cause)
        : new StorageException(message, cause);
  }
}
