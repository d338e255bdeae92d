package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at what an interrupted relocation left of the headers that its intent names. */
final class InterruptedRewrites {

  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final HomeMove names;
  private final Problems problems;

  /**
   * @param names how the rewrites change the paths in headers
   */
  InterruptedRewrites(HomeParts parts, HomeMove names, Problems problems) {
    this.files = parts.files();
    this.images = parts.images();
    this.imageLocks = parts.imageLocks();
    this.names = names;
    this.problems = problems;
  }

  /**
   * Returns the rewrites to repeat; what is in the way is added to the problems.
   *
   * @param needed the files that must be there; any other one may be gone by now
   */
  ImmutableList<HeaderRewrite> rest(ImmutableList<HeaderRewrite> rewrites, Set<Path> needed) {
    ImmutableList.Builder<HeaderRewrite> rest = ImmutableList.builder();
    for (HeaderRewrite rewrite : rewrites) {
      Path file = rewrite.file();
      Optional<FileStatus> status = files.status(file).filter(FileStatus::isRegularFile);
      if (status.isEmpty()) {
        if (needed.contains(file)) {
          problems.add(file + ": missing; bring it, or its file system, back first");
        }
      } else {
        imageLocks.openedBy(file).ifPresent(who -> problems.add(file + ": " + who));
        rest(rewrite, status.get().identity().inode()).ifPresent(rest::add);
      }
    }
    return rest.build();
  }

  /**
   * A home that was copied between the two runs has other files. Such a file is the right one if
   * its header names the old path, or the new one.
   */
  private Optional<HeaderRewrite> rest(HeaderRewrite rewrite, long inode) {
    if (inode == rewrite.inode()) {
      return Optional.of(rewrite);
    }
    Path file = rewrite.file();
    try {
      if (isPlanned(rewrite.patch(), file, names)) {
        return Optional.of(new HeaderRewrite(file, inode, rewrite.mode(), rewrite.patch()));
      }
      if (isPlanned(rewrite.patch().reversed(), file, names.reversed())) {
        return Optional.empty();
      }
    } catch (BaseDiskException unreadable) {
      // Its header is torn, or it is no image.
    }
    problems.add(
        file
            + ": is another file than the one whose header the relocation began to change;"
            + " put that one back");
    return Optional.empty();
  }

  private boolean isPlanned(HeaderPatch patch, Path file, HomeMove move) {
    return backingOf(file)
        .filter(move::concerns)
        .filter(backing -> images.planBackingName(file, move.of(backing)).equals(patch))
        .isPresent();
  }

  /**
   * Returns the recorded times of those files that the interrupted run may have left with another
   * one: files that were changed after it began.
   *
   * @param recorded the recorded times of bases, by file
   * @param began when the interrupted run began; empty if it changed no header
   * @param isUndone whether the rewrites undo those of that run
   */
  ImmutableMap<Path, BaseFingerprint> timesToPutBack(
      ImmutableList<HeaderRewrite> rewrites,
      Map<Path, BaseFingerprint> recorded,
      Optional<Instant> began,
      boolean isUndone) {
    return rewrites.stream()
        .map(HeaderRewrite::file)
        .filter(recorded::containsKey)
        .filter(file -> began.isPresent() && wasChangedSince(began.get(), file))
        .filter(file -> isUndone || !namesOldPath(file))
        .collect(
            toImmutableMap(file -> file, file -> Preconditions.checkNotNull(recorded.get(file))));
  }

  private boolean wasChangedSince(Instant began, Path file) {
    return files.status(file).filter(status -> !status.modifiedAt().isBefore(began)).isPresent();
  }

  private boolean namesOldPath(Path file) {
    try {
      return backingOf(file).filter(names::concerns).isPresent();
    } catch (BaseDiskException torn) {
      return false;
    }
  }

  private Optional<Path> backingOf(Path file) {
    BackingFile backing = images.readHeader(file).backing();
    return backing == null
        ? Optional.empty()
        : Optional.of(BackingChains.resolve(file, backing.name()).normalize());
  }
}
