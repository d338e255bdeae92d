package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.home.ImagesOfHome.Need;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.port.BaseDiskStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Plans how to finish an interrupted relocation. It changes nothing. */
final class InterruptedRelocation {

  private final HomeParts parts;
  private final BaseDiskStore store;

  InterruptedRelocation(HomeParts parts, BaseDiskStore store) {
    this.parts = parts;
    this.store = store;
  }

  /**
   * The remaining steps of an interrupted relocation.
   *
   * @param isUndone whether to undo it, because the home was moved again
   * @param isAll whether no further relocation is needed afterwards
   * @param rewrites the headers to rewrite
   * @param times the recorded times to give back to rewritten files
   * @param result what to report
   */
  record Rest(
      boolean isUndone,
      boolean isAll,
      ImmutableList<HeaderRewrite> rewrites,
      ImmutableMap<Path, BaseFingerprint> times,
      Relocated result) {}

  /**
   * {@return the remaining steps}
   *
   * @throws RefusedException as {@link HomeRelocation#relocate}
   */
  Rest rest(Relocation interrupted, RecordedHome recorded, Declared declared) {
    parts.checkIsNamed(parts.identityFile().read(), interrupted.to().id(), interrupted.from().id());
    HomeMove names = new HomeMove(interrupted.from().path(), interrupted.to().path());
    if (names.to().equals(parts.path())) {
      checkDeclared(interrupted, declared);
      return rest(
          interrupted, names, interrupted.rewrites(), recorded, false, Relocated.of(interrupted));
    }
    boolean isBack = names.from().equals(parts.path());
    if (isBack) {
      parts.checkNothingDeclared(declared);
    } else {
      new MovedOrCopied(parts.home(), parts.files()).checkAlone(interrupted, declared);
    }
    ImmutableList<HeaderRewrite> undoing =
        interrupted.rewrites().stream()
            .map(rewrite -> undoing(rewrite, new HomeMove(names.to(), parts.path())))
            .filter(
                rewrite -> declared != Declared.COPIED || rewrite.file().startsWith(parts.path()))
            .collect(toImmutableList());
    return rest(
        interrupted,
        names.reversed(),
        undoing,
        recorded,
        true,
        new Relocated(
            names.from(),
            parts.path(),
            declared == Declared.COPIED,
            undoing.stream().map(HeaderRewrite::file).collect(toImmutableList()),
            ImmutableList.of()));
  }

  private static HeaderRewrite undoing(HeaderRewrite rewrite, HomeMove since) {
    return new HeaderRewrite(
        since.of(rewrite.file()), rewrite.inode(), rewrite.mode(), rewrite.patch().reversed());
  }

  private Rest rest(
      Relocation relocation,
      HomeMove names,
      ImmutableList<HeaderRewrite> rewrites,
      RecordedHome recorded,
      boolean isUndone,
      Relocated result) {
    Problems problems = new Problems();
    parts.checkNothingUnderWay(recorded, problems);
    InterruptedRewrites interrupted = new InterruptedRewrites(parts, names, problems);
    ImmutableList<HeaderRewrite> rest = interrupted.rest(rewrites, needed(relocation, recorded));
    problems.check(parts.path());
    return new Rest(
        isUndone,
        !isUndone || names.to().equals(parts.path()),
        rest,
        interrupted.timesToPutBack(rest, recordedTimes(recorded), began(), isUndone),
        result);
  }

  /** {@return the recorded files at their present paths} */
  private Set<Path> needed(Relocation relocation, RecordedHome recorded) {
    HomeMove move = new HomeMove(relocation.from().path(), parts.path());
    return Maps.filterValues(
            ImagesOfHome.list(parts.home(), parts.files(), recorded, move, relocation.isCopy()),
            need -> need != Need.POSSIBLE)
        .keySet();
  }

  private void checkDeclared(Relocation interrupted, Declared declared) {
    if (declared != Declared.NOTHING && interrupted.isCopy() != (declared == Declared.COPIED)) {
      throw new RefusedException(
          parts.path()
              + ": was being relocated as "
              + (interrupted.isCopy() ? "a copy" : "moved")
              + "; complete that first",
          interrupted.isCopy() ? new Remedy.RelocateAsCopy() : new Remedy.RelocateAsMoved());
    }
  }

  /** {@return when the interrupted relocation began: the time of the file that it writes first} */
  private Optional<Instant> began() {
    return parts.files().status(parts.home().identityFile()).map(FileStatus::modifiedAt);
  }

  private ImmutableMap<Path, BaseFingerprint> recordedTimes(RecordedHome recorded) {
    return store.read(
        view -> {
          ImmutableMap.Builder<Path, BaseFingerprint> times = ImmutableMap.builder();
          for (BaseDisk base : recorded.bases()) {
            view.bases()
                .findFingerprint(base.id())
                .ifPresent(time -> times.put(parts.home().baseFile(base.id()), time));
          }
          return times.buildOrThrow();
        });
  }
}
