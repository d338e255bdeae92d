package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.BackingChange;
import io.basedisk.qcow2.format.BackingNameField;
import io.basedisk.qcow2.format.BackingNameField.Change;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** Plans the patch that gives an image's header another backing file. Changes no file. */
public final class BackingPatch {

  private BackingPatch() {}

  /**
   * Plans another backing name at the offset of the old one, which may be erased. Nothing but the
   * name and its size changes.
   *
   * @param file the image
   * @param backing absolute path of the new backing file
   * @return the patch
   * @throws InvalidImageException if the image has no place for a name
   * @throws RefusedException if the name does not fit there
   * @throws InvalidArgumentException if the format can't have a name of that length
   */
  public static HeaderPatch ofName(ImageFile file, Path backing) {
    byte[] name = nameOf(backing);
    Header header = headerOf(file);
    BackingNameField place = BackingNameField.placeOf(file, header);
    if (place.nameAt() == 0) {
      throw noBacking(file);
    }
    return place
        .renamed(file, header, name)
        .map(BackingPatch::patch)
        .orElseThrow(() -> noRoom(file, backing));
  }

  /**
   * Plans another backing name and format. If the format stays, this is {@link #ofName}. Otherwise
   * the name gets another offset if the format needs its bytes.
   *
   * @param file the image
   * @param backing absolute path of the new backing file
   * @param format format of the new backing file
   * @return the patch
   * @throws InvalidImageException if the image has no backing file
   * @throws RefusedException if the name does not fit
   * @throws InvalidArgumentException if the format can't have a name of that length
   */
  public static HeaderPatch of(ImageFile file, Path backing, ImageFormat format) {
    Header header = headerOf(file);
    BackingNameField old = requireBacking(file, header);
    BackingFile present = header.backing().orElseThrow();
    if (format.label().equals(present.format())) {
      return ofName(file, backing);
    }
    nameOf(backing);
    try {
      BackingFile wanted = new BackingFile(backing.toString(), format.label());
      return patch(file, old, BackingChange.of(file, header, wanted));
    } catch (FormatException e) {
      throw noRoom(file, backing);
    }
  }

  private static HeaderPatch patch(ImageFile file, BackingNameField old, BackingChange change) {
    int nameAt = (int) change.nameAt().bytes();
    int end = Math.max(old.nameAt() + old.nameLength(), nameAt + change.name().remaining());
    ByteBuffer before = file.read(HostOffset.NOWHERE, Math.max(end, change.start().remaining()));
    ByteBuffer after = ByteBuffer.allocate(before.limit()).put(before.duplicate());
    after.put(old.nameAt(), new byte[old.nameLength()]);
    after.put(0, change.start(), 0, change.start().remaining());
    after.put(nameAt, change.name(), 0, change.name().remaining());
    return patch(new Change(HostOffset.NOWHERE, before, after.flip()));
  }

  private static byte[] nameOf(Path backing) {
    byte[] name = backing.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > BackingFile.MAX_NAME_BYTES) {
      throw new InvalidArgumentException(
          backing + ": a backing file's name has at most " + BackingFile.MAX_NAME_BYTES + " bytes");
    }
    return name;
  }

  private static Header headerOf(ImageFile file) {
    try {
      return Header.parse(file, file.length());
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  private static BackingNameField requireBacking(ImageFile file, Header header) {
    BackingNameField field = BackingNameField.of(file, header);
    if (field.nameLength() == 0) {
      throw noBacking(file);
    }
    return field;
  }

  private static InvalidImageException noBacking(ImageFile file) {
    return new InvalidImageException(file.path() + ": has no backing file");
  }

  private static RefusedException noRoom(ImageFile file, Path backing) {
    return new RefusedException(
        file.path() + ": its header has no room for the backing name " + backing);
  }

  private static HeaderPatch patch(Change change) {
    HexFormat hex = HexFormat.of();
    return new HeaderPatch(
        (int) change.at().bytes(),
        hex.formatHex(change.before().array()),
        hex.formatHex(change.after().array()));
  }
}
