package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.format.BackingChange;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Gives an image another backing file by name alone. After a power cut it names the old one or the
 * new one: where that takes more than one sector, a copy is changed and renamed over it.
 */
final class BackingRename {

  private static final int SECTOR = ClusterGeometry.SECTOR_SIZE;

  private final Path image;
  private final SoleUse alone;
  private final DiskFiles files;

  /**
   * @param image its real path
   * @param alone the sole use of it
   */
  BackingRename(Path image, SoleUse alone, DiskFiles files) {
    this.image = image;
    this.alone = alone;
    this.files = files;
  }

  void to(@Nullable BackingFile backing) {
    boolean done;
    try (ImageFile file = ImageFile.openToWrite(image)) {
      alone.requireUnchanged();
      done = inPlace(file, change(file, backing));
    }
    if (!done) {
      inCopy(backing);
    }
  }

  private static BackingChange change(ImageFile file, @Nullable BackingFile backing) {
    Header header;
    try {
      // The old name is not followed, so it may be any bytes.
      header = Header.parseToShow(file, file.length());
    } catch (FormatException e) {
      throw file.invalid(e);
    }
    try {
      return BackingChange.of(file, header, backing);
    } catch (FormatException e) {
      throw new InvalidArgumentException(file.path() + ": " + e.getMessage(), e);
    }
  }

  /** Changes one sector of the header, once the name is durable in a place of its own. */
  private static boolean inPlace(ImageFile file, BackingChange change) {
    ByteBuffer start = change.start();
    ByteBuffer old = file.read(HostOffset.NOWHERE, start.remaining());
    int first = start.mismatch(old);
    if (first < 0 || !change.apart()) {
      return first < 0;
    }
    int sector = first / SECTOR * SECTOR;
    int end = Math.min(sector + SECTOR, start.remaining());
    int behind = start.remaining() - end;
    if (start.slice(end, behind).mismatch(old.slice(end, behind)) >= 0) {
      return false;
    }
    file.write(change.nameAt(), change.name().duplicate());
    file.force();
    file.write(new HostOffset(sector), start.slice(sector, end - sector));
    file.force();
    return true;
  }

  private void inCopy(@Nullable BackingFile backing) {
    Path copy = Replacement.nameFor(image);
    files.copy(image, copy);
    Replacement.orRemove(
        files,
        copy,
        () -> {
          try (ImageFile file = ImageFile.openToWrite(copy)) {
            BackingChange change = change(file, backing);
            file.write(HostOffset.NOWHERE, change.start().duplicate());
            file.write(change.nameAt(), change.name().duplicate());
          }
          Replacement.replace(files, alone, copy, image);
        });
  }
}
