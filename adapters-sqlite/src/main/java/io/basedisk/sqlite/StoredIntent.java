package io.basedisk.sqlite;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.model.intent.RestoreIntent;
import io.basedisk.sqlite.jooq.tables.records.IntentAdoptedRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentBasesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentBoxesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentDisksRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentFilesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentNewBasesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentsRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of one intent of any type, and their conversion to an {@link Intent}.
 *
 * <p>The order of the rows is part of the format. Table {@code intent_files} has the files of an
 * intent in the order of {@link Intent#createdFiles}. Table {@code intent_disks} has a replaced
 * disk before the dropped ones. Earlier versions recorded the removed disks of a box in {@code
 * intent_files} too, besides {@code intent_disks}. The length of a resized disk is its new virtual
 * size.
 */
record StoredIntent(
    IntentsRecord head,
    List<IntentBoxesRecord> boxRows,
    List<IntentDisksRecord> diskRows,
    List<IntentBasesRecord> baseRows,
    List<IntentFilesRecord> fileRows,
    List<IntentAdoptedRecord> adoptedRows,
    List<IntentNewBasesRecord> newBaseRows) {

  /**
   * {@return the intent}
   *
   * @throws IllegalArgumentException if the rows do not fit the operation
   */
  Intent decode() {
    try {
      return switch (Operation.ofLabel(head.getOperation())) {
        case FORK -> fork();
        case COPY -> copy();
        case CREATE_BOXES -> createBoxes();
        case IMPORT_BOX -> importBox();
        case ATTACH_ROOTFS -> attachRootfs();
        case ADD_ROOTFS -> addRootfs();
        case RESTORE -> restore();
        case COMPACT -> compact();
        case REMOVE_BOX -> removeBox();
        case RESIZE -> resize();
        case ADOPT -> adopt();
        case ADOPT_HOME -> adoptHome();
        case EXPORT -> new ExportIntent(id(), base(), startedAt());
        case IMPORT_ARTIFACT -> importArtifact();
      };
    } catch (NoSuchElementException missing) {
      throw new IllegalArgumentException(
          "operation " + head.getId() + " lacks a row of its intent", missing);
    }
  }

  // One method for each operation.

  private ForkIntent fork() {
    Iterator<Path> files = filesAfterBase();
    return new ForkIntent(
        id(), box(), disk(), plannedBase(), files.next(), files.next(), files.next(), startedAt());
  }

  private CopyIntent copy() {
    Iterator<Path> files = filesAfterBase();
    return new CopyIntent(id(), box(), disk(), plannedBase(), files.next(), startedAt());
  }

  private CreateBoxesIntent createBoxes() {
    Iterator<Path> files = files();
    ImmutableList.Builder<NewBox> boxes = ImmutableList.builder();
    for (IntentBoxesRecord box : boxRows) {
      boxes.add(new NewBox(new BoxId(box.getBoxId()), files.next(), files.next(), files.next()));
    }
    return new CreateBoxesIntent(
        id(), boxes.build(), Iterables.getOnlyElement(bases(), null), startedAt());
  }

  private ImportBoxIntent importBox() {
    Iterator<Path> files = files();
    Path directory = files.next();
    Path disksDir = files.next();
    Path temporary = files.next();
    return new ImportBoxIntent(
        id(), new NewBox(box().box(), directory, disksDir, files.next()), temporary, startedAt());
  }

  private AttachRootfsIntent attachRootfs() {
    Iterator<Path> files = files();
    return new AttachRootfsIntent(id(), box(), base(), files.next(), files.next(), startedAt());
  }

  private AddRootfsIntent addRootfs() {
    PlannedBase base = plannedBase();
    if (!(base.name() instanceof RootfsKey key)) {
      throw new IllegalArgumentException(
          "operation " + head.getId() + " makes a rootfs without a key");
    }
    return new AddRootfsIntent(id(), base.id(), base.path(), key, files().next(), startedAt());
  }

  private RestoreIntent restore() {
    Iterator<Path> files = files();
    Iterator<DiskClaim> disks = disks().iterator();
    return new RestoreIntent(
        id(),
        box(),
        disks.next(),
        ImmutableList.copyOf(disks),
        base(),
        files.next(),
        files.next(),
        startedAt());
  }

  private CompactIntent compact() {
    Iterator<Path> files = files();
    IntentDisksRecord disk = only(diskRows);
    checkArgument(
        disk.getModifiedAtSeconds() != null,
        "operation %s compacts a disk of no version",
        head.getId());
    return new CompactIntent(
        id(),
        box(),
        disk(),
        new FileVersion(
            Instant.ofEpochSecond(disk.getModifiedAtSeconds(), disk.getModifiedAtNanos()),
            disk.getLength()),
        base(),
        files.next(),
        files.next(),
        startedAt());
  }

  private RemoveBoxIntent removeBox() {
    return new RemoveBoxIntent(id(), box(), disks(), bases(), startedAt());
  }

  private ResizeIntent resize() {
    IntentDisksRecord disk = only(diskRows);
    checkArgument(disk.getLength() != null, "operation %s resizes to no size", head.getId());
    return new ResizeIntent(id(), box(), disk(), new ByteSize(disk.getLength()), startedAt());
  }

  private AdoptIntent adopt() {
    return new AdoptIntent(id(), AdoptedRows.decode(adoptedRows, diskRows, files()), startedAt());
  }

  private AdoptHomeIntent adoptHome() {
    Iterator<Path> files = files();
    ImmutableList.Builder<AdoptHomeIntent.NewDisk> disks = ImmutableList.builder();
    for (IntentBoxesRecord box : boxRows) {
      Path directory = files.next();
      Path disksDir = files.next();
      Path temporary = files.next();
      disks.add(
          new AdoptHomeIntent.NewDisk(
              new NewBox(new BoxId(box.getBoxId()), directory, disksDir, files.next()), temporary));
    }
    ImmutableList.Builder<AdoptHomeIntent.NewFile> bases = ImmutableList.builder();
    while (files.hasNext()) {
      Path temporary = files.next();
      bases.add(new AdoptHomeIntent.NewFile(files.next(), temporary));
    }
    return new AdoptHomeIntent(id(), disks.build(), bases.build(), startedAt());
  }

  private ImportArtifactIntent importArtifact() {
    Iterator<Path> files = files();
    NewBox box = new NewBox(box().box(), files.next(), files.next(), files.next());
    ImmutableList.Builder<NewBaseFile> newBases = ImmutableList.builder();
    for (IntentNewBasesRecord row : newBaseRows) {
      Path temporary = files.next();
      newBases.add(new NewBaseFile(new BaseDiskId(row.getBaseId()), files.next(), temporary));
    }
    return new ImportArtifactIntent(id(), box, newBases.build(), bases(), startedAt());
  }

  // Parts that several operations have.

  private OperationId id() {
    return new OperationId(head.getId());
  }

  private Instant startedAt() {
    return Instant.ofEpochSecond(head.getStartedAt());
  }

  private BoxClaim box() {
    IntentBoxesRecord row = only(boxRows);
    return new BoxClaim(new BoxId(row.getBoxId()), Path.of(row.getDisksDir()));
  }

  private DiskClaim disk() {
    return only(disks());
  }

  private ImmutableList<DiskClaim> disks() {
    return diskRows.stream()
        .map(
            row ->
                new DiskClaim(
                    DiskSlot.ofLabel(row.getSlot()),
                    Path.of(row.getPath()),
                    new FileIdentity(row.getDevice(), row.getInode())))
        .collect(ImmutableList.toImmutableList());
  }

  private BaseDiskId base() {
    return only(bases());
  }

  private ImmutableSet<BaseDiskId> bases() {
    return baseRows.stream()
        .map(row -> new BaseDiskId(row.getBaseId()))
        .collect(ImmutableSet.toImmutableSet());
  }

  private PlannedBase plannedBase() {
    checkArgument(head.getPlannedId() != null, "operation %s plans no base", head.getId());
    BaseDiskKind kind = BaseDiskKind.ofLabel(head.getPlannedKind());
    return new PlannedBase(
        new BaseDiskId(head.getPlannedId()),
        Path.of(head.getPlannedPath()),
        new BoxId(head.getPlannedSourceBoxId()),
        head.getPlannedName() == null ? null : BaseName.of(kind, head.getPlannedName()),
        kind,
        head.getPlannedParentId() == null ? null : new BaseDiskId(head.getPlannedParentId()));
  }

  /**
   * {@return the files without the first one, which is the planned base of {@link #plannedBase}}
   */
  private Iterator<Path> filesAfterBase() {
    Iterator<Path> files = files();
    files.next();
    return files;
  }

  private Iterator<Path> files() {
    return fileRows.stream().map(row -> Path.of(row.getPath())).iterator();
  }

  private <T> T only(Collection<T> parts) {
    checkArgument(parts.size() == 1, "operation %s has other than one of %s", head.getId(), parts);
    return parts.iterator().next();
  }
}
