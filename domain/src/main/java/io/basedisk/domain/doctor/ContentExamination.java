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
 * Checks that a base has its recorded content: by length and modification time and, at depth {@code
 * CONTENT}, by digest. Records the digest if none is recorded.
 */
final class ContentExamination {

  private final BaseDiskStore store;
  private final Digests digests;
  private final Findings findings;
  private final boolean isChangeable;

  /**
   * Creates the examination.
   *
   * @param store the store
   * @param digests computes digests
   * @param findings gets the findings
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
          "it has "
              + status.length()
              + " bytes, but its record says "
              + base.diskInfo().sizeBytes(),
          digest == null
              ? new Remedy.AcceptChanged(base.id().value())
              : new Remedy.PutBaseBack(base.diskInfo().basePath()));
    } else if (digest == null && !hasTime) {
      foundChanged(
          base,
          "its modification time differs from its record, which has no digest of its content",
          new Remedy.AcceptChanged(base.id().value()));
    } else if (depth == Depth.CONTENT) {
      digests
          .of(base, status, progress)
          .ifPresent(now -> compare(base, status, digest, now, hasTime));
    } else if (!hasTime) {
      foundChanged(
          base,
          "its modification time differs from its record",
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
          "the digest of its content differs from its record",
          new Remedy.PutBaseBack(base.diskInfo().basePath()));
    } else if (!hasTime) {
      findings.add(
          Kind.BASE_TIME_DIFFERS,
          base.diskInfo().basePath(),
          "base "
              + base.id()
              + " has its recorded content but another modification time: it was copied back",
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
      // The examination continues if the store is not writable.
      return;
    }
  }

  private void foundChanged(BaseDisk base, String detail, Remedy remedy) {
    findings.add(
        Kind.BASE_CHANGED, base.diskInfo().basePath(), "base " + base.id() + ": " + detail, remedy);
  }
}
