package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Writes the home's present id into the descriptions of its bases. */
final class BaseDescriptions {

  private final HomeLayout home;
  private final DiskFiles files;

  BaseDescriptions(HomeLayout home, DiskFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Replaces the home id {@code from} by {@code to} in every base's file, durably. An unrecorded
   * base is changed too if its description has {@code from}, so that it stays an orphan of this
   * home.
   */
  void write(HomeId from, HomeId to, RecordedHome recorded) {
    Map<BaseDiskId, BaseDisk> bases = Maps.uniqueIndex(recorded.bases(), BaseDisk::id);
    ImmutableList.Builder<Path> changed = ImmutableList.builder();
    for (Path file : files.list(home.bases())) {
      Optional<BaseDiskId> id = home.baseIdOf(file);
      if (id.isPresent() && isRegularFile(file)) {
        Optional<BaseDescription> present = files.description(file);
        Optional<BaseDescription> wanted =
            Optional.ofNullable(bases.get(id.get()))
                .map(base -> describe(base, to))
                .or(() -> present.filter(d -> d.home().equals(from)).map(d -> withHome(d, to)));
        if (wanted.isPresent() && !wanted.equals(present)) {
          files.describe(file, wanted.get());
          changed.add(file);
        }
      }
    }
    files.sync(changed.build());
  }

  private boolean isRegularFile(Path file) {
    return files.status(file).filter(status -> status.isRegularFile()).isPresent();
  }

  private static BaseDescription describe(BaseDisk base, HomeId home) {
    return new BaseDescription(
        home,
        base.id(),
        base.kind(),
        base.name(),
        base.sourceBoxId(),
        base.parentId(),
        base.createdAt(),
        base.diskInfo().format());
  }

  private static BaseDescription withHome(BaseDescription described, HomeId home) {
    return new BaseDescription(
        home,
        described.id(),
        described.kind(),
        described.name(),
        described.sourceBox(),
        described.parent(),
        described.createdAt(),
        described.format());
  }
}
