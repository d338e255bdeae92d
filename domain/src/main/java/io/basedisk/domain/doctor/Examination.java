package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;

/** One look at everything in a home. */
final class Examination {

  private static final int OTHERS_DONT_WRITE = 0755;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final OperationLocks operationLocks;
  private final Findings findings = new Findings();
  private final BaseExamination bases;
  private final BoxExamination boxes;
  private final StrayFileExamination strayFiles;

  Examination(Ports ports, BackingChains chains, Depth depth) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.operationLocks = ports.locks();
    ImageExamination images = new ImageExamination(chains, ports.images(), findings);
    NearestBaseExamination nearestBases = new NearestBaseExamination(ports, chains, findings);
    this.bases = new BaseExamination(ports, nearestBases, images, findings, depth);
    this.boxes = new BoxExamination(ports, nearestBases, images, findings);
    this.strayFiles = new StrayFileExamination(ports, chains, findings);
  }

  ImmutableList<Finding> run() {
    // It may have been there before: that its three names can be listed tells nobody anything.
    examineDirectory(home.home(), OTHERS_DONT_WRITE);
    examineDirectory(home.bases(), HomeLayout.PASS_THROUGH_MODE);
    examineDirectory(home.boxes(), HomeLayout.PASS_THROUGH_MODE);
    examineDirectory(home.db(), HomeLayout.PRIVATE_MODE);
    store.read(view -> view.listBases(BaseFilter.ALL)).forEach(this::examine);
    store.read(StoreView::listBoxes).forEach(this::examine);
    files.list(home.bases()).forEach(file -> contained(file, () -> strayFiles.examine(file)));
    store.read(StoreView::listIntents).forEach(this::examineIntent);
    return findings.list();
  }

  private void examine(BaseDisk base) {
    contained(base.diskInfo().basePath(), () -> bases.examine(base));
  }

  private void examine(Box box) {
    contained(box.disk(DiskSlot.CONTAINER), () -> boxes.examine(box));
  }

  /** Looks at one thing. If that fails, this is what is found of it, and the others are next. */
  private void contained(Path file, Runnable look) {
    try {
      look.run();
    } catch (StorageException | NotFoundException | InvalidImageException failure) {
      // A box's owner may take a file away between two looks at it.
      // If it is the store that fails, it fails here again.
      store.read(StoreView::listDeleting);
      findings.add(
          Kind.FILE_UNREADABLE,
          file,
          String.valueOf(failure.getMessage()),
          new Remedy.ByHand("let basedisk read it, or put it back from a backup", true));
    }
  }

  /** That others may do more than {@code most} is wrong; that they may do less can be meant. */
  private void examineDirectory(Path directory, int most) {
    Optional<FileStatus> status = files.status(directory);
    if (status.filter(s -> s.permitsMoreThan(most)).isPresent()) {
      findings.add(
          Kind.WRONG_PERMISSIONS,
          directory,
          String.format(
              "its mode is %04o, and others may do no more than %04o", status.get().mode(), most),
          new Remedy.LimitPermissions(directory, most));
    }
  }

  private void examineIntent(Intent intent) {
    Optional<OperationLocks.Held> lock = operationLocks.tryAcquire(intent.id());
    if (lock.isEmpty()) {
      return;
    }
    lock.get().close();
    if (store.read(view -> view.findIntent(intent.id())).isPresent()) {
      findings.add(
          Kind.STALE_INTENT,
          intent.files().isEmpty() ? home.home() : intent.files().get(0),
          "operation "
              + intent.id()
              + " ("
              + intent.operation().label()
              + ") ended in the middle, and its files allow no verdict",
          new Remedy.ByHand("mount what it needs, or put its disk back where it was", false));
    }
  }
}
