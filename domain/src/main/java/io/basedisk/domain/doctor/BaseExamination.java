package io.basedisk.domain.doctor;

import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.Holders;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Ports;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at a recorded base: its file, fingerprint, parent and image. */
final class BaseExamination {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final NearestBaseExamination nearestBases;
  private final ImageExamination images;
  private final Findings findings;
  private final Depth depth;

  BaseExamination(
      Ports ports,
      NearestBaseExamination nearestBases,
      ImageExamination images,
      Findings findings,
      Depth depth) {
    this.store = ports.store();
    this.files = ports.files();
    this.nearestBases = nearestBases;
    this.images = images;
    this.findings = findings;
    this.depth = depth;
  }

  void examine(BaseDisk base) {
    Path file = base.diskInfo().basePath();
    Optional<FileStatus> status = files.status(file);
    if (status.isEmpty()) {
      findings.add(
          Kind.RECORD_WITHOUT_FILE,
          file,
          "base " + base.id() + " is recorded, and its file is missing",
          base.diskInfo().isForeign() || isNeeded(base.id())
              ? new Remedy.ByHand("put the file back from a backup", true)
              : new Remedy.DropRecord(base.id()));
      return;
    }
    // A foreign base is not ours to change.
    if (!base.diskInfo().isForeign() && status.get().permitsMoreThan(DiskFiles.READ_ONLY)) {
      findings.add(
          Kind.WRONG_PERMISSIONS,
          file,
          "base " + base.id() + " can be written to",
          new Remedy.LimitPermissions(file, DiskFiles.READ_ONLY));
    }
    examineFingerprint(base, status.get());
    if (base.diskInfo().format() == ImageFormat.QCOW2 && images.isWhole(file)) {
      nearestBases.compare(
          Kind.PARENT_DIFFERS,
          file,
          base.parentId(),
          parent -> new Remedy.SetParent(base.id(), parent));
      images.check(file, false);
    }
  }

  private boolean isNeeded(BaseDiskId base) {
    Holders holders = store.read(view -> Holders.of(base, view, HeaderEvidence.none()));
    return !holders.boxes().isEmpty()
        || !holders.children().isEmpty()
        || !holders.intents().isEmpty();
  }

  private void examineFingerprint(BaseDisk base, FileStatus status) {
    Path file = base.diskInfo().basePath();
    Optional<BaseFingerprint> recorded = store.read(view -> view.findFingerprint(base.id()));
    boolean hasChanged =
        status.length() != base.diskInfo().sizeBytes()
            || recorded.filter(f -> !f.modifiedAt().equals(status.modifiedAt())).isPresent();
    if (hasChanged) {
      foundChanged(file, "its length or its time of change is not what was recorded");
    } else if (depth == Depth.CONTENT) {
      examineDigest(base, status, recorded.map(BaseFingerprint::digest));
    }
  }

  private void examineDigest(BaseDisk base, FileStatus status, Optional<String> recorded) {
    String digest = files.digest(base.diskInfo().basePath());
    if (recorded.isEmpty()) {
      store.<Boolean>write(
          tx -> {
            if (tx.findBase(base.id()).isPresent()) {
              tx.putFingerprint(base.id(), new BaseFingerprint(status.modifiedAt(), digest));
            }
            return true;
          });
    } else if (!recorded.get().equals(digest)) {
      foundChanged(base.diskInfo().basePath(), "its content has another checksum than before");
    }
  }

  private void foundChanged(Path file, String detail) {
    findings.add(
        Kind.BASE_CHANGED,
        file,
        detail,
        new Remedy.ByHand("put the file back from a backup, or remove what stands on it", true));
  }
}
