package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.format.BackingChange;
import io.basedisk.qcow2.format.BackingNameField;
import io.basedisk.qcow2.format.BackingNameField.Change;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes the backing file's name in an image's header, without a look at the content. If the
 * format stays and the new name fits, it overwrites the old name, so that nothing changes but the
 * name and its size. A power cut leaves the old or the new name: if the change takes more than one
 * sector, a changed copy is renamed over the image.
 */
final class BackingRename {

  private static final int SECTOR = ClusterGeometry.SECTOR_SIZE;

  private final Path image;
  private final SoleUse alone;
  private final DiskFiles files;

  /**
   * @param image the image's real path
   * @param alone exclusive use of the image
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
      Optional<Change> field = fieldAlone(file, backing);
      done = field.isPresent() ? inPlace(file, field.get()) : inPlace(file, change(file, backing));
    }
    if (!done) {
      inCopy(backing);
    }
  }

  private static Header header(ImageFile file) {
    try {
      // The old name is never opened, so any bytes are valid.
      return Header.parseToShow(file, file.length());
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /**
   * {@return a change of the name and its size only, which keeps the canonical digest} Empty if
   * more has to change, or the new name does not fit at the old one's offset.
   */
  private static Optional<Change> fieldAlone(ImageFile file, @Nullable BackingFile backing) {
    Header header = header(file);
    Optional<BackingFile> present = header.backing();
    if (backing == null
        || present.isEmpty()
        || !Objects.equals(present.get().format(), backing.format())
        || header.features().unknown(Feature.Kind.AUTOCLEAR) != 0) {
      return Optional.empty();
    }
    byte[] name = backing.name().getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length > BackingFile.MAX_NAME_BYTES) {
      return Optional.empty();
    }
    return BackingNameField.of(file, header).renamed(file, header, name);
  }

  private static BackingChange change(ImageFile file, @Nullable BackingFile backing) {
    try {
      return BackingChange.of(file, header(file), backing);
    } catch (FormatException e) {
      throw new InvalidArgumentException(file.path() + ": " + e.getMessage(), e);
    }
  }

  /** Writes the change, if it lies within one sector. */
  private static boolean inPlace(ImageFile file, Change change) {
    int first = change.before().mismatch(change.after());
    if (first < 0) {
      return true;
    }
    int end = change.after().limit();
    while (change.after().get(end - 1) == change.before().get(end - 1)) {
      end--;
    }
    HostOffset at = change.at().plus(first);
    if (at.bytes() / SECTOR != change.at().plus(end - 1).bytes() / SECTOR) {
      return false;
    }
    file.write(at, change.after().slice(first, end - first));
    file.force();
    return true;
  }

  /** Writes the name to unused space, durably, and then changes one sector of the header. */
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
            Optional<Change> field = fieldAlone(file, backing);
            if (field.isPresent()) {
              file.write(field.get().at(), field.get().after());
            } else {
              BackingChange change = change(file, backing);
              file.write(HostOffset.NOWHERE, change.start().duplicate());
              file.write(change.nameAt(), change.name().duplicate());
            }
          }
          Replacement.replace(files, alone, copy, image);
        });
  }
}
