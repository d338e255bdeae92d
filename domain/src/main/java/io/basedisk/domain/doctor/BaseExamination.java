package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.Holders;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;

/** Examines a recorded base: its file, permissions, content, parent and image. */
final class BaseExamination {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final Evidence evidence;
  private final ContentExamination contents;
  private final ChainExamination chains;
  private final ImageExamination images;
  private final Findings findings;

  BaseExamination(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      Evidence evidence,
      ContentExamination contents,
      ChainExamination chains,
      ImageExamination images,
      Findings findings) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.evidence = evidence;
    this.contents = contents;
    this.chains = chains;
    this.images = images;
    this.findings = findings;
  }

  void examine(BaseDisk base, Depth depth, Progress progress) {
    Path file = base.diskInfo().basePath();
    boolean isForeign = base.diskInfo().isForeign();
    if (!isForeign && !file.equals(home.baseFile(base.id()))) {
      findings.add(
          Kind.RECORD_OUTSIDE,
          file,
          "base "
              + base.id()
              + " is recorded at this path, but its file is "
              + home.baseFile(base.id()),
          new Remedy.PutStoreBack());
      return;
    }
    Optional<FileStatus> status = files.status(file);
    if (status.isEmpty()) {
      foundNoFile(base);
      return;
    }
    if (!status.get().isRegularFile()) {
      findings.add(
          Kind.BASE_CHANGED,
          file,
          "base " + base.id() + " is " + status.get().type().describe(),
          new Remedy.PutBackFromBackup(file));
      return;
    }
    if (!isForeign) {
      examineAccess(base, status.get());
    }
    contents.examine(base, status.get(), depth, progress);
    if (base.diskInfo().format() == ImageFormat.QCOW2) {
      ImmutableList<Layer> layers = images.layersOf(file);
      if (!layers.isEmpty()) {
        chains.compareParent(base, status.get(), layers);
        images.check(file, false);
      }
    }
  }

  private void foundNoFile(BaseDisk base) {
    Path file = base.diskInfo().basePath();
    String detail = "base " + base.id() + " is recorded, but its file is missing";
    findings.add(
        isNeeded(base)
            ? new Finding(Kind.RECORD_WITHOUT_FILE, file, detail, new Remedy.BringFileBack(file))
            : new Finding(
                Kind.RECORD_WITHOUT_FILE, file, detail, new Repair.DropRecord(base.id())));
  }

  /**
   * {@return whether a base is needed: it has a name given by a user, a rootfs key, or a record
   * that needs it}
   */
  private boolean isNeeded(BaseDisk base) {
    return !isDroppable(base)
        || store.<Boolean>read(view -> isHeld(view, base.id()))
        || evidence.mayName(base);
  }

  static boolean isDroppable(BaseDisk base) {
    return base.kind() == BaseDiskKind.CLONE_BASE && base.name() == null;
  }

  /** {@return whether a record needs a base} */
  static boolean isHeld(StoreView view, BaseDiskId base) {
    Holders holders = Holders.of(base, view, HeaderEvidence.none());
    return !holders.boxes().isEmpty()
        || !holders.children().isEmpty()
        || !holders.intents().isEmpty()
        || !holders.holds().isEmpty();
  }

  private void examineAccess(BaseDisk base, FileStatus status) {
    Path file = base.diskInfo().basePath();
    if (status.permitsMoreThan(DiskFiles.READ_ONLY)) {
      findings.add(
          Kind.WRONG_PERMISSIONS,
          file,
          "base " + base.id() + " can be written to",
          new Repair.LimitPermissions(file, DiskFiles.READ_ONLY));
    }
    int owner = files.status(home.home()).map(FileStatus::owner).orElse(status.owner());
    if (status.owner() != owner) {
      findings.add(
          Kind.OWNER_DIFFERS,
          file,
          "base "
              + base.id()
              + " belongs to user "
              + status.owner()
              + ", but the home belongs to user "
              + owner
              + "; its owner can make it writable",
          new Remedy.ChangeOwner(file, owner));
    }
  }
}
