package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.chain.BackingNames;
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

/** Compares the headers named in an interrupted relocation's intent with the files. */
final class InterruptedRewrites {

  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final HomeMove names;
  private final Problems problems;

  /**
   * Creates the comparison.
   *
   * @param parts the home
   * @param names how the rewrites change the paths in headers
   * @param problems gets the reasons against finishing the relocation
   */
  InterruptedRewrites(HomeParts parts, HomeMove names, Problems problems) {
    this.files = parts.files();
    this.images = parts.images();
    this.imageLocks = parts.imageLocks();
    this.names = names;
    this.problems = problems;
  }

  /**
   * {@return the rewrites to repeat, and adds problems}
   *
   * @param needed the files that must exist; others may have been deleted since
   */
  ImmutableList<HeaderRewrite> rest(ImmutableList<HeaderRewrite> rewrites, Set<Path> needed) {
    ImmutableList.Builder<HeaderRewrite> rest = ImmutableList.builder();
    for (HeaderRewrite rewrite : rewrites) {
      Path file = rewrite.file();
      Optional<FileStatus> status = files.status(file).filter(FileStatus::isRegularFile);
      if (status.isEmpty()) {
        if (needed.contains(file)) {
          problems.add(file + ": missing; restore it, or mount its file system, first");
        }
      } else {
        imageLocks.openedBy(file).ifPresent(who -> problems.add(file + ": " + who));
        rest(rewrite, status.get().identity().inode()).ifPresent(rest::add);
      }
    }
    return rest.build();
  }

  /**
   * {@return the rewrite for the present file} If the home was copied after the interruption, the
   * file has another inode number. It is the right file if its header names the old path or the new
   * one.
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
      // Its header is torn, or it is not an image.
    }
    problems.add(
        file
            + ": is not the file whose header the relocation began to change;"
            + " restore that file first");
    return Optional.empty();
  }

  private boolean isPlanned(HeaderPatch patch, Path file, HomeMove move) {
    return backingOf(file)
        .filter(move::concerns)
        .filter(backing -> images.planBackingName(file, move.of(backing)).equals(patch))
        .isPresent();
  }

  /**
   * {@return the recorded times of the files that the interrupted run may have modified: those that
   * changed after it began}
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
        : Optional.of(BackingNames.resolve(file, backing.name()).normalize());
  }
}
