package io.basedisk.domain.which;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import java.nio.file.Path;

/** The record of a file: the file is the disk of a box, or a base. */
public sealed interface RecordedFile {

  /** {@return the path of the file in its record} */
  Path path();

  /** {@return how the path that was looked up leads to the file} */
  Way way();

  /** How a path leads to a recorded file. */
  enum Way {
    /** It is the recorded path. */
    RECORDED_PATH,
    /** It is a symbolic link to the file. */
    SYMBOLIC_LINK,
    /** It is another name of the file: a hard link, or the same directory under another path. */
    OTHER_NAME
  }

  /**
   * A disk of a box.
   *
   * @param box name of the box
   * @param slot slot of the disk
   * @param path see {@link RecordedFile#path}
   * @param way see {@link RecordedFile#way}
   */
  record OfBox(BoxId box, DiskSlot slot, Path path, Way way) implements RecordedFile {}

  /**
   * The file of a base.
   *
   * @param base id of the base
   * @param path see {@link RecordedFile#path}
   * @param way see {@link RecordedFile#way}
   */
  record OfBase(BaseDiskId base, Path path, Way way) implements RecordedFile {}
}
