package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Accepts the present content of a changed base as its content. Thread-safe. */
final class Acceptance {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BackingChains chains;
  private final LogWriter log;

  @Inject
  Acceptance(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      BackingChains chains,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.chains = chains;
    this.log = log;
  }

  /**
   * Records the length, modification time and digest of a base's file.
   *
   * @return what was wrong
   */
  Finding accept(BaseDiskId id, Digests digests, Progress progress) {
    BaseDisk base =
        store
            .read(view -> view.bases().find(id))
            .orElseThrow(
                () -> new NotFoundException("no base " + id, new Remedy.NameBase(id.value())));
    Path file = base.diskInfo().basePath();
    FileStatus status =
        files
            .status(file)
            .filter(FileStatus::isRegularFile)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "base " + id + ": its file " + file + " is missing",
                        new Remedy.BringFileBack(file)));
    requireAcceptable(base, status);
    imageLocks
        .writtenBy(file)
        .ifPresent(
            who -> {
              throw new RefusedException(
                  file + ": is written to by " + who, new Remedy.EndUse(file));
            });
    if (base.diskInfo().format() == ImageFormat.QCOW2) {
      requireValid(base);
    }
    String digest =
        digests
            .of(base, status, progress)
            .orElseThrow(
                () ->
                    new RefusedException(
                        file + ": was changed while it was read", new Remedy.Repeat()));
    store.change(
        tx -> {
          tx.bases().putSize(id, status.length());
          tx.bases().putFingerprint(id, new BaseFingerprint(status.modifiedAt(), digest));
          log.append(
              tx,
              LoggedChange.of(LogEvent.REPAIRED, base).detailed("its present content is accepted"));
        });
    return new Finding(
        Kind.BASE_CHANGED,
        file,
        "base " + id + " was changed; its present content is accepted",
        new Remedy.AcceptChanged(id.value()));
  }

  private void requireAcceptable(BaseDisk base, FileStatus status) {
    Optional<BaseFingerprint> recorded =
        store.read(view -> view.bases().findFingerprint(base.id()));
    if (recorded.map(BaseFingerprint::digest).isPresent()) {
      throw new RefusedException(
          "base "
              + base.id()
              + ": has a recorded digest, which shows whether its content changed; run an examination by content",
          new Remedy.CompareContent(base.id().value()));
    }
    if (status.length() == base.diskInfo().sizeBytes()
        && recorded.filter(f -> !f.modifiedAt().equals(status.modifiedAt())).isEmpty()) {
      throw new RefusedException("base " + base.id() + ": has not changed since it was recorded");
    }
  }

  private void requireValid(BaseDisk base) {
    Path file = base.diskInfo().basePath();
    ImageHeader header = images.readHeader(file);
    long errors = images.check(file).errors();
    if (errors > 0 || header.corrupt()) {
      throw new InvalidImageException(file + ": its check finds " + errors + " errors");
    }
    if (header.virtualSize() != base.diskInfo().containerDiskBytes()) {
      throw new InvalidImageException(
          file
              + ": has a virtual size of "
              + header.virtualSize()
              + " bytes, but its record says "
              + base.diskInfo().containerDiskBytes());
    }
    if (!chains.standsOn(file, header, parentFile(base))) {
      throw new InvalidImageException(file + ": its header does not name the parent in its record");
    }
  }

  private @Nullable Path parentFile(BaseDisk base) {
    BaseDiskId parent = base.parentId();
    return parent == null
        ? null
        : store
            .read(view -> view.bases().find(parent))
            .map(found -> found.diskInfo().basePath())
            .orElse(null);
  }
}
