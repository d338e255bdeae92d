package io.basedisk.app;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a home is, and whether it can be used as it is.
 *
 * @param home its real path
 * @param id its id; null if it has none yet, or none that can be read
 * @param schema the version of its store's schema; null if the store could not be opened, or is not
 *     the standard one
 * @param problem why it can't be changed, or not even be opened; null if it can be used
 * @param contents what it holds; null if its store could not be opened
 */
public record HomeStatus(
    Path home,
    @Nullable HomeId id,
    @Nullable Integer schema,
    @Nullable String problem,
    @Nullable Contents contents) {

  /**
   * What a store records.
   *
   * @param boxes how many boxes
   * @param bases how many bases, of all kinds
   */
  public record Contents(int boxes, int bases) {}

  /** Returns whether the home can be read and changed. */
  public boolean isUsable() {
    return problem == null;
  }

  /** Returns what can be told of a home that could not be opened. */
  public static HomeStatus ofUnopened(Path home, BaseDiskException failure) {
    DiskFiles files = UnopenedHomeComponent.of(home).files();
    Path path = realPath(home, files);
    return new HomeStatus(
        path, idIn(path, files).orElse(null), null, String.valueOf(failure.getMessage()), null);
  }

  private static Path realPath(Path home, DiskFiles files) {
    try {
      return files.realPath(home);
    } catch (BaseDiskException unknown) {
      return home.toAbsolutePath();
    }
  }

  private static Optional<HomeId> idIn(Path home, DiskFiles files) {
    try {
      return new IdentityFile(new HomeLayout(home), files).read();
    } catch (BaseDiskException unreadable) {
      return Optional.empty();
    }
  }
}
