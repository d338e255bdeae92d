package io.basedisk.domain.doctor;

import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a base still has the content that was recorded: by length and time and, at the
 * depth of content, by its digest. A digest that was not recorded yet is recorded then.
 */
final class ContentExamination {

  private final BaseDiskStore store;
  private final Digests digests;
  private final Findings findings;
  private final boolean isChangeable;

  /**
   * @param isChangeable whether a digest may be recorded
   */
  ContentExamination(
      BaseDiskStore store, Digests digests, Findings findings, boolean isChangeable) {
    this.store = store;
    this.digests = digests;
    this.findings = findings;
    this.isChangeable = isChangeable;
  }

  void examine(BaseDisk base, FileStatus status, Depth depth, Progress progress) {
    Optional<BaseFingerprint> recorded =
        store.read(view -> view.bases().findFingerprint(base.id()));
    @Nullable String digest = recorded.map(BaseFingerprint::digest).orElse(null);
    boolean hasTime =
        recorded.filter(print -> !print.modifiedAt().equals(status.modifiedAt())).isEmpty();
    if (status.length() != base.diskInfo().sizeBytes()) {
      foundChanged(
          base,
          "it has " + status.length() + " bytes, recorded are " + base.diskInfo().sizeBytes(),
          digest == null
              ? new Remedy.AcceptChanged(base.id().value())
              : new Remedy.PutBaseBack(base.diskInfo().basePath()));
    } else if (digest == null && !hasTime) {
      foundChanged(
          base,
          "it was changed after it was recorded, and there is no digest of its content",
          new Remedy.AcceptChanged(base.id().value()));
    } else if (depth == Depth.CONTENT) {
      digests
          .of(base, status, progress)
          .ifPresent(now -> compare(base, status, digest, now, hasTime));
    } else if (!hasTime) {
      foundChanged(
          base,
          "it has another modification time than was recorded",
          new Remedy.CompareContent(base.id().value()));
    }
  }

  private void compare(
      BaseDisk base, FileStatus status, @Nullable String recorded, String now, boolean hasTime) {
    if (recorded == null) {
      record(base, status, now);
    } else if (!recorded.equals(now)) {
      foundChanged(
          base,
          "its content has another digest than was recorded",
          new Remedy.PutBaseBack(base.diskInfo().basePath()));
    } else if (!hasTime) {
      findings.add(
          Kind.BASE_TIME_DIFFERS,
          base.diskInfo().basePath(),
          "base "
              + base.id()
              + " has its recorded content, and another modification time: it was copied back",
          new Repair.RecordTime(base.id(), status.modifiedAt(), now));
    }
  }

  private void record(BaseDisk base, FileStatus status, String digest) {
    if (!isChangeable) {
      return;
    }
    try {
      store.change(
          tx -> {
            if (tx.bases().find(base.id()).isPresent()) {
              tx.bases()
                  .putFingerprint(base.id(), new BaseFingerprint(status.modifiedAt(), digest));
            }
          });
    } catch (HomeUnusableException | NoSpaceException cantWrite) {
      // Where nothing can be written, the examination goes on without it.
      return;
    }
  }

  private void foundChanged(BaseDisk base, String detail, Remedy remedy) {
    findings.add(
        Kind.BASE_CHANGED, base.diskInfo().basePath(), "base " + base.id() + ": " + detail, remedy);
  }
}
