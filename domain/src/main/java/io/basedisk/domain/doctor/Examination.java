package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.Holders;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at everything in a home. */
final class Examination {

  private static final int WRITE_PERMISSIONS = 0222;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final OperationLocks operationLocks;
  private final BackingChains chains;
  private final Depth depth;
  private final ImmutableList.Builder<Finding> findings = ImmutableList.builder();

  /** What every header says; read when it is first needed. */
  private @Nullable HeaderEvidence evidence;

  Examination(Ports ports, BackingChains chains, Depth depth) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.imageLocks = ports.imageLocks();
    this.operationLocks = ports.locks();
    this.chains = chains;
    this.depth = depth;
  }

  ImmutableList<Finding> run() {
    store.read(view -> view.listBases(BaseFilter.ALL)).forEach(this::examineBase);
    store.read(StoreView::listBoxes).forEach(this::examineBox);
    files.list(home.bases()).forEach(this::examineFileInBases);
    store.read(StoreView::listIntents).forEach(this::examineIntent);
    return findings.build();
  }

  private void found(Kind kind, Path file, String detail, Remedy remedy) {
    findings.add(new Finding(kind, file, detail, remedy));
  }

  // Bases.

  private void examineBase(BaseDisk base) {
    Path file = base.diskInfo().basePath();
    Optional<FileStatus> status = files.status(file);
    if (status.isEmpty()) {
      found(
          Kind.RECORD_WITHOUT_FILE,
          file,
          "base " + base.id() + " is recorded, and its file is missing",
          isNeeded(base.id())
              ? new Remedy.ByHand("put the file back from a backup", true)
              : new Remedy.DropRecord(base.id()));
      return;
    }
    if ((status.get().mode() & WRITE_PERMISSIONS) != 0) {
      found(
          Kind.WRONG_PERMISSIONS,
          file,
          "base " + base.id() + " can be written to",
          new Remedy.RemoveWritePermission(base.id()));
    }
    examineFingerprint(base, status.get());
    if (examineChain(file)) {
      examineParent(base);
      examineImage(file, false);
    }
  }

  private boolean isNeeded(BaseDiskId base) {
    Holders holders = store.read(view -> Holders.of(base, view, HeaderEvidence.none()));
    return !holders.boxes().isEmpty()
        || !holders.children().isEmpty()
        || !holders.intents().isEmpty();
  }

  private void examineParent(BaseDisk base) {
    BaseDiskId byHeader = chains.nearestBase(base.diskInfo().basePath()).orElse(null);
    if (!Objects.equals(byHeader, base.parentId())) {
      found(
          Kind.PARENT_DIFFERS,
          base.diskInfo().basePath(),
          "the recorded parent is "
              + nameOf(base.parentId())
              + ", the nearest base in its chain "
              + nameOf(byHeader),
          isRecordedOrNone(byHeader)
              ? new Remedy.SetParent(base.id(), byHeader)
              : adoptFirst(byHeader));
    }
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
    found(
        Kind.BASE_CHANGED,
        file,
        detail,
        new Remedy.ByHand("put the file back from a backup, or remove what stands on it", true));
  }

  // Boxes.

  private void examineBox(Box box) {
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      Optional<Reference> recorded = recordedReference(box.id(), slot);
      if (files.status(disk).isPresent()) {
        examineDisk(box.id(), slot, disk, recorded);
      } else if (slot == DiskSlot.CONTAINER) {
        found(
            Kind.DISK_MISSING,
            disk,
            "the disk of box " + box.id() + " is missing",
            new Remedy.ByHand("mount its file system, or put it back from a backup", true));
      } else {
        recorded.ifPresent(
            reference ->
                foundReference(
                    disk, reference.base(), null, new Remedy.SetReference(box.id(), slot, null)));
      }
    }
  }

  private Optional<Reference> recordedReference(BoxId box, DiskSlot slot) {
    return store.read(view -> view.referencesOf(box)).stream()
        .filter(reference -> reference.slot() == slot)
        .findFirst();
  }

  private void examineDisk(BoxId box, DiskSlot slot, Path disk, Optional<Reference> recorded) {
    if (!examineChain(disk)) {
      return;
    }
    BaseDiskId byHeader = chains.nearestBase(disk).orElse(null);
    BaseDiskId byStore = recorded.map(Reference::base).orElse(null);
    if (!Objects.equals(byHeader, byStore)) {
      foundReference(
          disk,
          byStore,
          byHeader,
          isRecordedOrNone(byHeader)
              ? new Remedy.SetReference(box, slot, byHeader)
              : adoptFirst(byHeader));
    }
    if (imageLocks.writtenBy(disk).isEmpty()) {
      examineImage(disk, true);
    }
  }

  private void foundReference(
      Path disk, @Nullable BaseDiskId byStore, @Nullable BaseDiskId byHeader, Remedy remedy) {
    found(
        Kind.REFERENCE_DIFFERS,
        disk,
        "the recorded base is "
            + nameOf(byStore)
            + ", the nearest base in its chain "
            + nameOf(byHeader),
        remedy);
  }

  // Images.

  /** Follows a chain to its end, and returns whether it could be followed. */
  private boolean examineChain(Path image) {
    try {
      chains.read(image);
      return true;
    } catch (BrokenChainException broken) {
      found(
          broken.kind() == Break.CYCLE ? Kind.CYCLE : Kind.BACKING_FILE_MISSING,
          image,
          String.valueOf(broken.getMessage()),
          new Remedy.ByHand(
              broken.kind() == Break.CYCLE
                  ? "name another backing file with qemu-img rebase -u"
                  : "put the file back",
              true));
    } catch (InvalidImageException | NotFoundException invalid) {
      found(
          Kind.IMAGE_INVALID,
          image,
          String.valueOf(invalid.getMessage()),
          new Remedy.ByHand("put the file back from a backup", true));
    }
    return false;
  }

  private void examineImage(Path image, boolean isWritable) {
    ImageCheck check;
    try {
      check = images.check(image);
    } catch (InvalidImageException | NotFoundException invalid) {
      found(
          Kind.IMAGE_DAMAGED,
          image,
          String.valueOf(invalid.getMessage()),
          new Remedy.ByHand("put the file back from a backup", true));
      return;
    }
    if (check.errors() > 0) {
      found(
          Kind.IMAGE_DAMAGED,
          image,
          check.errors() + " errors in its tables",
          isWritable
              ? new Remedy.ByHand("qemu-img check -r all " + image, true)
              : new Remedy.ByHand("put the file back from a backup", true));
    } else if (check.leakedClusters() > 0 && isWritable) {
      // In a base they are there for good: they cost space and nothing else.
      found(
          Kind.IMAGE_LEAKS,
          image,
          check.leakedClusters() + " clusters that nothing uses",
          new Remedy.ByHand("qemu-img check -r leaks " + image, false));
    }
  }

  // Files and intents that nobody knows.

  private void examineFileInBases(Path file) {
    Optional<BaseDiskId> id = home.baseIdOf(file);
    if (id.isPresent()) {
      if (isUnknown(id.get(), file)) {
        foundUnknownBase(id.get(), file);
      }
    } else if (Temporaries.operationOf(file)
        .filter(operation -> store.read(view -> view.findIntent(operation)).isEmpty())
        .isPresent()) {
      found(
          Kind.LEFTOVER_TEMPORARY,
          file,
          "it is left of an operation",
          new Remedy.ByHand("basedisk gc removes it", false));
    }
  }

  private boolean isUnknown(BaseDiskId id, Path file) {
    return store.<Boolean>read(
        view ->
            view.findBase(id).isEmpty()
                && view.listDeleting().stream().noneMatch(gone -> gone.id().equals(id))
                && view.listIntents().stream().noneMatch(intent -> intent.files().contains(file)));
  }

  private void foundUnknownBase(BaseDiskId id, Path file) {
    boolean isNeeded = !evidence().filesBackingOnto(id).isEmpty();
    found(
        Kind.FILE_WITHOUT_RECORD,
        file,
        isNeeded ? "it is not recorded, and something backs onto it" : "it is not recorded",
        isNeeded
            ? new Remedy.Adopt(id)
            : new Remedy.ByHand("basedisk gc removes it; copy it away if you need it", true));
  }

  private HeaderEvidence evidence() {
    if (evidence == null) {
      evidence = readEveryHeader();
    }
    return evidence;
  }

  private HeaderEvidence readEveryHeader() {
    ImmutableList.Builder<Path> all = ImmutableList.builder();
    files.list(home.bases()).stream()
        .filter(file -> home.baseIdOf(file).isPresent())
        .forEach(all::add);
    for (Box box : store.read(StoreView::listBoxes)) {
      for (DiskSlot slot : DiskSlot.values()) {
        all.add(box.disk(slot));
      }
    }
    return HeaderEvidence.read(chains, all.build());
  }

  private void examineIntent(Intent intent) {
    Optional<OperationLocks.Held> lock = operationLocks.tryAcquire(intent.id());
    if (lock.isEmpty()) {
      return;
    }
    lock.get().close();
    if (store.read(view -> view.findIntent(intent.id())).isPresent()) {
      found(
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

  // What is said of bases.

  private boolean isRecordedOrNone(@Nullable BaseDiskId base) {
    return base == null || store.read(view -> view.findBase(base)).isPresent();
  }

  private static Remedy adoptFirst(@Nullable BaseDiskId base) {
    return new Remedy.ByHand("record base " + base + " first: repair again", false);
  }

  private static String nameOf(@Nullable BaseDiskId base) {
    return base == null ? "none" : base.value();
  }
}
