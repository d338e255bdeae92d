package io.basedisk.domain.doctor;

import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Records an unrecorded base. Thread-safe. */
final class BaseRecording {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final NamedBases namedBases;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  BaseRecording(
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      InstantSource clock,
      NamedBases namedBases,
      LogWriter log) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.namedBases = namedBases;
    this.clock = clock;
    this.log = log;
  }

  /**
   * The content of the new record.
   *
   * @param sourceBox the box of whose disk the base was made
   * @param name the name; null for none
   * @param kind the kind
   * @param createdAt when the base was made
   */
  record Plan(BoxId sourceBox, @Nullable BaseName name, BaseDiskKind kind, Instant createdAt) {

    private boolean isConsistent() {
      return switch (kind) {
        case SNAPSHOT -> !sourceBox.equals(BoxId.GLOBAL);
        case ROOTFS -> sourceBox.equals(BoxId.GLOBAL);
        case CLONE_BASE -> name == null;
      };
    }

    /** {@return this plan, without its name if another base has that name} */
    private Plan in(StoreView view) {
      if (name == null || view.bases().findByName(sourceBox, name).isEmpty()) {
        return this;
      }
      BaseDiskKind nameless = kind == BaseDiskKind.SNAPSHOT ? BaseDiskKind.CLONE_BASE : kind;
      return new Plan(sourceBox, null, nameless, createdAt);
    }

    /** {@return whether the base is kept for itself, because a user gave it a name or a key} */
    private boolean isKeptForItself() {
      return kind == BaseDiskKind.SNAPSHOT || name != null;
    }
  }

  /**
   * {@return the description in the file of an unrecorded base, if it can be trusted: it says that
   * the file is this base of this home, and only the home's owner can have written it}
   */
  Optional<Plan> ownDescription(StoreView view, BaseDiskId id, FileStatus status) {
    if (!status.isRegularFile() || status.owner() != ownerOfHome()) {
      return Optional.empty();
    }
    return trusted(view, id).map(BaseRecording::planOf).filter(Plan::isConsistent);
  }

  private Optional<BaseDescription> trusted(StoreView view, BaseDiskId id) {
    return files
        .description(home.baseFile(id))
        .filter(said -> said.id().equals(id))
        .filter(
            said -> view.home().findIdentity().filter(h -> h.id().equals(said.home())).isPresent());
  }

  /** {@return whether a file is raw: then its content, a guest's, is not read as a header} */
  private boolean isRaw(StoreView view, BaseDiskId id, FileStatus status) {
    return status.owner() == ownerOfHome()
        && trusted(view, id).filter(said -> said.format() == ImageFormat.RAW).isPresent();
  }

  private static Plan planOf(BaseDescription said) {
    return new Plan(said.sourceBox(), said.name(), said.kind(), said.createdAt());
  }

  /**
   * Records a base, after its unrecorded ancestors.
   *
   * @param isNeeded whether a recorded disk or base backs onto it; if not, a hold keeps it
   * @return whether this recorded it
   */
  boolean record(StoreTransaction tx, BaseDiskId id, boolean isNeeded) {
    return record(tx, id, isNeeded, null, new HashSet<>());
  }

  /** Records a base that a header in the home names, as {@code plan} says. */
  boolean record(StoreTransaction tx, BaseDiskId id, Plan plan) {
    return record(tx, id, true, plan, new HashSet<>());
  }

  private boolean record(
      StoreTransaction tx,
      BaseDiskId id,
      boolean isNeeded,
      @Nullable Plan planned,
      Set<BaseDiskId> above) {
    Path file = home.baseFile(id);
    Optional<FileStatus> found = files.status(file);
    // A file with a second name may be the disk of a running VM.
    if (found.filter(status -> status.isRegularFile() && status.links() == 1).isEmpty()
        || tx.bases().find(id).isPresent()
        || !above.add(id)
        || imageLocks.writtenBy(file).isPresent()) {
      return false;
    }
    boolean isRaw = isRaw(tx, id, found.get());
    BaseDiskId parent = isRaw ? null : namedBases.of(tx, file).orElse(null);
    if (parent != null
        && tx.bases().find(parent).isEmpty()
        && !record(tx, parent, true, null, above)) {
      return false;
    }
    Plan plan =
        Optional.ofNullable(planned)
            .or(() -> ownDescription(tx, id, found.get()))
            .orElseGet(
                () -> new Plan(BoxId.GLOBAL, null, BaseDiskKind.CLONE_BASE, RecordTimes.now(clock)))
            .in(tx);
    files.seal(file, ownerOfHome());
    files.sync(file);
    FileStatus sealed = files.status(file).orElse(found.get());
    BaseDisk base =
        new BaseDisk(
            id,
            plan.sourceBox(),
            plan.name(),
            plan.kind(),
            isRaw
                ? new DiskInfo(
                    file,
                    ImageFormat.RAW,
                    false,
                    new ByteSize(sealed.length()).roundedUpTo(ByteSize.SECTOR).bytes(),
                    sealed.length())
                : new DiskInfo(file, images.readHeader(file).virtualSize(), sealed.length()),
            parent,
            plan.createdAt());
    tx.bases().insert(base);
    log.append(tx, LoggedChange.of(LogEvent.BASE_RECORDED, base));
    tx.bases().putFingerprint(id, new BaseFingerprint(sealed.modifiedAt(), null));
    if (!isNeeded && !plan.isKeptForItself()) {
      tx.holds().insert(new Hold(id, Hold.Reason.REBUILT, null));
    }
    return true;
  }

  private int ownerOfHome() {
    return files.status(home.home()).map(FileStatus::owner).orElse(0);
  }
}
