package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.home.ImagesOfHome.Need;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds the headers whose backing names change with the home's path. It changes nothing. */
final class RewritePlanner {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final HomeMove move;
  private final Problems problems;

  RewritePlanner(HomeParts parts, HomeMove move, Problems problems) {
    this.home = parts.home();
    this.files = parts.files();
    this.images = parts.images();
    this.imageLocks = parts.imageLocks();
    this.move = move;
    this.problems = problems;
  }

  /**
   * {@return the headers to rewrite, and adds problems}
   *
   * @param copy whether files outside the home belong to the original home
   */
  ImmutableList<HeaderRewrite> plan(RecordedHome recorded, boolean copy) {
    ImmutableMap<Path, Need> candidates = ImagesOfHome.list(home, files, recorded, move, copy);
    Set<FileIdentity> seen = new HashSet<>();
    ImmutableList.Builder<HeaderRewrite> rewrites = ImmutableList.builder();
    candidates.forEach(
        (file, need) -> {
          InterruptedOperationException.throwIfInterrupted(
              () -> home.home() + ": the plan of its relocation was interrupted");
          try {
            Optional<FileStatus> status = files.status(file);
            if (status.isEmpty() || !status.get().isRegularFile()) {
              noteMissing(file, need, status);
            } else if (need == Need.FOREIGN) {
              checkStandsElsewhere(file);
            } else if (need != Need.RAW && seen.add(status.get().identity())) {
              rewriteOf(file, status.get()).ifPresent(rewrites::add);
              if (need == Need.RECORDED) {
                checkLayersBelow(file, candidates);
                checkIsOurs(file, recorded);
              }
            }
          } catch (BaseDiskException unreadable) {
            if (need != Need.POSSIBLE) {
              problems.add(unreadable);
            }
          }
        });
    return rewrites.build();
  }

  private void noteMissing(Path file, Need need, Optional<FileStatus> status) {
    if (need != Need.POSSIBLE) {
      problems.add(
          file
              + (status.isEmpty()
                  ? ": missing; restore it, or mount its file system, first"
                  : ": is not a regular file"));
    }
  }

  private Optional<HeaderRewrite> rewriteOf(Path file, FileStatus status) {
    Optional<Path> backing = backingOf(file);
    if (backing.isEmpty() || !isToMove(backing.get())) {
      return Optional.empty();
    }
    imageLocks.openedBy(file).ifPresent(who -> problems.add(file + ": " + who));
    try {
      HeaderPatch patch = images.planBackingName(file, move.of(backing.get()));
      return patch.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new HeaderRewrite(file, status.identity().inode(), status.mode() & 0777, patch));
    } catch (InvalidArgumentException noBackingName) {
      problems.add(file + ": " + noBackingName.getMessage());
      return Optional.empty();
    } catch (BaseDiskException doesNotFit) {
      problems.add(doesNotFit);
      return Optional.empty();
    }
  }

  /**
   * {@return whether a backing name must change} A name in the new home is right already, even if
   * the new home is in the old one.
   */
  private boolean isToMove(Path backing) {
    return move.concerns(backing) && !new HomeLayout(move.to()).isInBases(backing);
  }

  /** {@return the path that a header names} */
  private Optional<Path> backingOf(Path file) {
    BackingFile backing = images.readHeader(file).backing();
    return backing == null
        ? Optional.empty()
        : Optional.of(BackingNames.resolve(file, backing.name()).normalize());
  }

  /**
   * Refuses a layer between a disk and its base that names the old home but is not the home's to
   * change: the disk would no longer open.
   */
  private void checkLayersBelow(Path file, ImmutableMap<Path, Need> candidates) {
    Set<Path> passed = new HashSet<>();
    Path layer = file;
    BackingFile named = images.readHeader(file).backing();
    while (named != null && !ImageFormat.RAW.label().equals(named.format())) {
      Path below = BackingNames.resolve(layer, named.name()).normalize();
      if (candidates.containsKey(move.of(below)) || !passed.add(below) || !isFile(below)) {
        return;
      }
      layer = below;
      named = images.readHeader(layer).backing();
      checkStandsElsewhere(layer);
    }
  }

  private boolean isFile(Path path) {
    return files.status(path).filter(FileStatus::isRegularFile).isPresent();
  }

  private void checkStandsElsewhere(Path file) {
    backingOf(file)
        .filter(this::isToMove)
        .ifPresent(
            backing ->
                problems.add(
                    file
                        + ": does not belong to the home, and backs onto "
                        + backing
                        + "; rebase it first"));
  }

  /** Refuses a disk outside the home that backs onto another copy of the old home. */
  private void checkIsOurs(Path file, RecordedHome recorded) {
    if (file.startsWith(home.home())) {
      return;
    }
    backingOf(file)
        .filter(backing -> !move.concerns(backing) && !backing.startsWith(home.home()))
        .filter(backing -> isNamedAsBase(backing, recorded))
        .ifPresent(
            backing ->
                problems.add(
                    file
                        + ": backs onto "
                        + backing
                        + ", so the disk belongs to another home; relocate this home as a copy"));
  }

  private static boolean isNamedAsBase(Path backing, RecordedHome recorded) {
    return BaseDiskId.ofFileName(String.valueOf(backing.getFileName()))
        .filter(id -> recorded.bases().stream().anyMatch(base -> base.id().equals(id)))
        .isPresent();
  }
}
