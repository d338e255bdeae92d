package io.basedisk.domain.rebuild;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** What an image backs onto, by its header. */
sealed interface BackingTarget {

  /** The image has no backing file. */
  record Nothing() implements BackingTarget {}

  /**
   * A file in the bases directory with a base's name.
   *
   * @param id the base
   */
  record OnBase(BaseDiskId id) implements BackingTarget {}

  /**
   * A base of a home at another path, while this home has a base with the same id. Either this home
   * was at that path when the header was written, or this home is a copy.
   *
   * @param home the path of the other home
   * @param id the base
   */
  record OnOtherHome(Path home, BaseDiskId id) implements BackingTarget {}

  /**
   * A file outside the bases directory.
   *
   * @param realPath its real path
   * @param format its format
   */
  record OnFile(Path realPath, ImageFormat format) implements BackingTarget {}

  /**
   * A fault that ends the chain.
   *
   * @param why the fault, as a clause for people
   */
  record Broken(String why) implements BackingTarget {}
}
