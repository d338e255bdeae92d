package io.basedisk.domain.rebuild;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** What the header of an image says that it backs onto. */
sealed interface Footing {

  /** It has no backing file. */
  record Nothing() implements Footing {}

  /** A file in the bases directory that is named as a base. */
  record OnBase(BaseDiskId id) implements Footing {}

  /**
   * A base of a home at another path, and this home has a base of that id: it was at that path when
   * the header was written, or is a copy.
   */
  record OnOtherHome(Path home, BaseDiskId id) implements Footing {}

  /** A file outside of the bases directory. */
  record OnFile(Path realPath, ImageFormat format) implements Footing {}

  /** The chain ends here, because of a fault. */
  record Broken(String why) implements Footing {}
}
