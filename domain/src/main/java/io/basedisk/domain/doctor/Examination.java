package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Orphans;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One examination of everything in a home. */
final class Examination {

  private static final int OTHERS_DONT_WRITE = 0755;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final @Nullable HomeUnusableException problem;
  private final Depth depth;
  private final Findings findings;
  private final BaseExamination bases;
  private final BoxExamination boxes;
  private final Orphans orphans;
  private final OrphanExamination orphanExamination;
  private final IntentExamination intents;

  /**
   * @param problem why the home may not be changed; null if it may
   */
  Examination(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      Depth depth,
      @Nullable HomeUnusableException problem,
      Findings findings,
      BaseExamination bases,
      BoxExamination boxes,
      Orphans orphans,
      OrphanExamination orphanExamination,
      IntentExamination intents) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.depth = depth;
    this.problem = problem;
    this.findings = findings;
    this.bases = bases;
    this.boxes = boxes;
    this.orphans = orphans;
    this.orphanExamination = orphanExamination;
    this.intents = intents;
  }

  /**
   * Examines everything.
   *
   * @param progress gets the bytes of examined bases
   * @throws InterruptedOperationException if the thread is interrupted; the interrupt status stays
   *     set
   */
  ImmutableList<Finding> run(Progress progress) {
    if (problem != null && problem.problem() != Problem.READ_ONLY) {
      findings.add(
          Kind.HOME_UNUSABLE,
          home.home(),
          String.valueOf(problem.getMessage()),
          problem.remedy().orElseThrow());
    }
    // The directory may be older than the home; others may list its three names.
    examineDirectory(home.home(), OTHERS_DONT_WRITE);
    examineDirectory(home.bases(), HomeLayout.PASS_THROUGH_MODE);
    examineDirectory(home.boxes(), HomeLayout.PASS_THROUGH_MODE);
    examineDirectory(home.db(), HomeLayout.PRIVATE_MODE);
    if (!isElsewhere()) {
      examineRecords(progress);
    }
    return findings.list();
  }

  /** {@return whether the home is not at the path in its store: then every record seems wrong} */
  private boolean isElsewhere() {
    return problem != null
        && (problem.problem() == Problem.ELSEWHERE || problem.problem() == Problem.RELOCATING);
  }

  private void examineRecords(Progress progress) {
    boolean isAway = store.<Boolean>read(view -> BasesPresence.isAway(home, files, view));
    if (isAway) {
      findings.add(
          Kind.FILE_SYSTEM_AWAY,
          home.bases(),
          "the home has recorded bases, but all their files are missing",
          new Remedy.MountFileSystem(home.bases()));
    }
    examineBases(isAway, progress);
    for (Box box : store.read(view -> view.boxes().list())) {
      contained(box.disk(DiskSlot.CONTAINER), () -> boxes.examine(box, !isAway));
    }
    store.read(view -> view.pendingDeletes().list()).forEach(this::examineDeleting);
    if (!isAway) {
      examineOrphans();
    }
    store
        .read(view -> view.intents().list())
        .forEach(intent -> contained(home.home(), () -> intents.examine(intent)));
  }

  private void examineOrphans() {
    ImmutableList.Builder<Path> found = ImmutableList.builder();
    contained(home.home(), () -> found.addAll(orphans.find()));
    contained(
        home.bases(), () -> reach(home.bases(), file -> Temporaries.operationOf(file).isPresent()));
    contained(
        home.boxes(), () -> reach(home.boxes(), file -> HomeLayout.firstNameOf(file).isPresent()));
    found.build().forEach(orphan -> contained(orphan, () -> orphanExamination.examine(orphan)));
  }

  /** Reports files whose status can't be read: one of them may be an orphan. */
  private void reach(Path directory, Predicate<Path> isOurs) {
    files.list(directory).stream()
        .filter(isOurs)
        .forEach(file -> contained(file, () -> files.status(file)));
  }

  private void examineBases(boolean isAway, Progress progress) {
    ImmutableList<BaseDisk> all = store.read(view -> view.bases().list(BaseFilter.ALL));
    long total = all.stream().mapToLong(base -> base.diskInfo().sizeBytes()).sum();
    long before = 0;
    for (BaseDisk base : all) {
      long start = before;
      if (!isAway || base.diskInfo().isForeign()) {
        contained(
            base.diskInfo().basePath(),
            () -> bases.examine(base, depth, (done, of) -> progress.at(start + done, total)));
      }
      before += base.diskInfo().sizeBytes();
      progress.at(before, total);
    }
  }

  /** Examines one file. A failure becomes a finding, and does not stop the examination. */
  private void contained(Path file, Runnable look) {
    requireNotInterrupted();
    try {
      look.run();
    } catch (StorageException | InvalidImageException | NotFoundException failure) {
      requireNotInterrupted();
      // If the store has failed, this read fails too.
      store.read(view -> view.pendingDeletes().list());
      findings.add(
          Kind.FILE_UNREADABLE,
          file,
          String.valueOf(failure.getMessage()),
          new Remedy.MakeReadable(file));
    }
  }

  private static void requireNotInterrupted() {
    InterruptedOperationException.throwIfInterrupted(() -> "the examination was interrupted");
  }

  /**
   * Reports a directory that permits more than {@code limit}. Fewer permissions may be intended.
   */
  private void examineDirectory(Path directory, int limit) {
    Optional<FileStatus> status = files.status(directory);
    if (status.filter(s -> s.permitsMoreThan(limit)).isPresent()) {
      findings.add(
          Kind.WRONG_PERMISSIONS,
          directory,
          String.format("its mode is %04o, but its limit is %04o", status.get().mode(), limit),
          new Repair.LimitPermissions(directory, limit));
    }
  }

  private void examineDeleting(DeletingBase base) {
    if (!base.path().equals(home.baseFile(base.id()))) {
      findings.add(
          Kind.RECORD_OUTSIDE,
          base.path(),
          "deletion of base "
              + base.id()
              + " is recorded for this path, but its file is "
              + home.baseFile(base.id()),
          new Repair.DropDeleting(base.id()));
    }
  }
}
