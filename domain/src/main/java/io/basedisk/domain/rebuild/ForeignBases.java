package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.ForeignImage;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.rebuild.BackingTarget.OnFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Records the files outside the home that bases back onto. Not thread-safe. */
final class ForeignBases {

  private static final int OTHERS_READ = 0004;

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final Function<FileIdentity, Optional<Path>> diskThatIs;
  private final UnaryOperator<Instant> recordable;
  private final RandomGenerator random;
  private final ImmutableSet<BaseDiskId> taken;
  private final Map<Path, Foreign> recorded = new LinkedHashMap<>();
  private final Set<BaseDiskId> minted = new HashSet<>();

  /**
   * A foreign base and its file's modification time.
   *
   * @param base the record
   * @param modifiedAt the time
   */
  record Foreign(BaseDisk base, Instant modifiedAt) {}

  /**
   * Creates the recorder.
   *
   * @param diskThatIs returns a box's disk with an identity; empty if there is none
   * @param recordable limits a file's time to what a record may have
   * @param random makes ids
   * @param taken the ids of other bases
   */
  ForeignBases(
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      Function<FileIdentity, Optional<Path>> diskThatIs,
      UnaryOperator<Instant> recordable,
      RandomGenerator random,
      ImmutableSet<BaseDiskId> taken) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.diskThatIs = diskThatIs;
    this.recordable = recordable;
    this.random = random;
    this.taken = taken;
  }

  /** {@return the recorded bases} */
  ImmutableList<Foreign> list() {
    return ImmutableList.copyOf(recorded.values());
  }

  /**
   * Records a file, unless it is recorded already.
   *
   * @param parent the base that it backs onto; null for none
   * @param isVouchedFor whether the base above it has a description of this home, so that its chain
   *     was checked when it was made
   * @param fault gets the reason if the file can't be a foreign base
   * @return the id; empty if the file can't be a foreign base
   */
  Optional<BaseDiskId> record(
      OnFile file, @Nullable BaseDiskId parent, boolean isVouchedFor, Consumer<String> fault) {
    Foreign known = recorded.get(file.realPath());
    if (known != null) {
      return Optional.of(known.base().id());
    }
    try {
      FileStatus status = files.status(file.realPath()).orElse(null);
      Optional<String> objection = objectionTo(file, status, isVouchedFor);
      if (status == null || objection.isPresent()) {
        fault.accept(objection.orElse("it is missing"));
        return Optional.empty();
      }
      BaseDisk base = newBase(file, status, parent);
      recorded.put(file.realPath(), new Foreign(base, status.modifiedAt()));
      return Optional.of(base.id());
    } catch (BaseDiskException unreadable) {
      fault.accept(String.valueOf(unreadable.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> objectionTo(
      OnFile file, @Nullable FileStatus status, boolean isVouchedFor) {
    if (status == null) {
      return Optional.of("it is missing");
    }
    if (!status.isRegularFile()) {
      return Optional.of("it is not a regular file");
    }
    if (file.realPath().startsWith(home.home())) {
      return Optional.of("it is in the home but is not a base");
    }
    Optional<Path> disk = diskThatIs.apply(status.identity());
    if (disk.isPresent()) {
      return Optional.of("it is the disk " + disk.get() + " of a box");
    }
    if (!isVouchedFor && (status.mode() & OTHERS_READ) == 0) {
      return Optional.of("others can't read it, and the base does not describe itself");
    }
    return Optional.empty();
  }

  private BaseDisk newBase(OnFile file, FileStatus status, @Nullable BaseDiskId parent) {
    BaseDiskId id =
        BaseDiskId.mintUnused(random, other -> taken.contains(other) || !minted.add(other));
    return ForeignImage.of(file.realPath(), file.format(), status, images)
        .toBase(id, parent, recordable.apply(status.modifiedAt()));
  }
}
