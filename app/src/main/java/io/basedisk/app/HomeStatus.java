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
 * The identity and state of a home.
 *
 * @param home its real path
 * @param id its id; null if it has no id yet, or if the id can't be read
 * @param schema the version of its store's schema; null if the store can't be opened or is not the
 *     standard one
 * @param problem why it can't be changed or opened; null if it is usable
 * @param contents what it contains; null if its store can't be opened
 */
public record HomeStatus(
    Path home,
    @Nullable HomeId id,
    @Nullable Integer schema,
    @Nullable String problem,
    @Nullable Contents contents) {

  /**
   * Counts of a store's records.
   *
   * @param boxes number of boxes
   * @param bases number of bases of all kinds
   */
  public record Contents(int boxes, int bases) {}

  /** {@return whether the home can be read and changed} */
  public boolean isUsable() {
    return problem == null;
  }

  /**
   * {@return the status of a home that can't be opened}
   *
   * @param home path of the home
   * @param failure why the home can't be opened
   */
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
