package io.basedisk.domain.box;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.CreateBoxesProtocol;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Guards;
import io.basedisk.domain.protocol.ImportBoxProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RemoveBoxProtocol;
import io.basedisk.domain.source.SourceImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The boxes of a home: creates, lists and removes them. Thread-safe. */
public final class Boxes {

  /** What the removal of a box does with its snapshots. */
  public enum SnapshotsOnRemoval {
    /** Refuse to remove a box that has snapshots. */
    REFUSE,
    /** Remove them too; each is deleted once it is unneeded. */
    REMOVE
  }

  private static final int SECTOR = 512;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final RegisteredDisks disks;
  private final DisksDirectories directories;
  private final Operations operations;
  private final CreateBoxesProtocol creation;
  private final ImportBoxProtocol importing;
  private final SourceImages sources;
  private final BaseInspection inspection;
  private final RemoveBoxProtocol removal;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final Ports ports;

  public Boxes(
      Ports ports,
      BackingChains chains,
      Operations operations,
      CreateBoxesProtocol creation,
      ImportBoxProtocol importing,
      RemoveBoxProtocol removal,
      Collector collector,
      FreeingSpace freeing) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.chains = chains;
    this.imageLocks = ports.imageLocks();
    this.disks = new RegisteredDisks(ports);
    this.directories = new DisksDirectories(files);
    this.operations = operations;
    this.creation = creation;
    this.importing = importing;
    this.sources = new SourceImages(ports);
    this.inspection = new BaseInspection(ports, chains);
    this.removal = removal;
    this.collector = collector;
    this.freeing = freeing;
    this.ports = ports;
  }

  /**
   * Creates a box with an empty disk in this home.
   *
   * @param box its id
   * @param virtualSize the size that its guest sees; rounded up to a multiple of 512, as qemu-img
   *     does
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws io.basedisk.domain.error.InvalidArgumentException if a disk can't have that size
   */
  public BoxDetails create(BoxId box, ByteSize virtualSize) {
    create(ImmutableList.of(box), new NewDisks(null, virtualSize.roundedUpTo(SECTOR), null, null));
    return get(box);
  }

  /**
   * Creates a box in this home whose disk is an empty overlay of a base of any kind.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the base's; null for the base's
   * @throws NotFoundException if there is no such base
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws InvalidArgumentException if the size is less than the base's, or no disk can have it
   */
  public BoxDetails createOnBase(BoxId box, BaseDiskId base, @Nullable ByteSize virtualSize) {
    return createOnBase(box, base, virtualSize, null);
  }

  /**
   * Creates a box as {@link #createOnBase(BoxId, BaseDiskId, ByteSize)} does, and gives the disk to
   * a user, because a base does not tell as which user the VM runs.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees; null for the base's
   * @param owner the owner of the disk; null for the user of this process
   * @throws StorageException also if the disk can't be given to that user; no box is created then
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #createOnBase(BoxId, BaseDiskId,
   *     ByteSize)}
   */
  public BoxDetails createOnBase(
      BoxId box, BaseDiskId base, @Nullable ByteSize virtualSize, @Nullable FileOwner owner) {
    BaseDisk found =
        store.read(
            view ->
                view.bases()
                    .find(base)
                    .orElseThrow(() -> new NotFoundException("no base " + base)));
    createOnBase(box, found, virtualSize, owner, tx -> {});
    return get(box);
  }

  /**
   * Creates a box as {@link #createOnBase(BoxId, BaseDiskId, ByteSize, FileOwner)} does.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees; null for the base's
   * @param owner the owner of the disk; null for the user of this process
   * @param alongside records or checks more in the transaction that commits the intent
   */
  @CanIgnoreReturnValue
  public OperationId createOnBase(
      BoxId box,
      BaseDisk base,
      @Nullable ByteSize virtualSize,
      @Nullable FileOwner owner,
      Consumer<? super StoreTransaction> alongside) {
    inspection.requireIntact(base.id());
    ByteSize size = sizeOf("base " + base.id(), base.diskInfo().containerDiskBytes(), virtualSize);
    return create(ImmutableList.of(box), new NewDisks(base, size, null, owner), alongside);
  }

  /**
   * Creates a box in this home whose disk has the content of an image. The disk is flat: it needs
   * neither the image nor its backing files. Only backing files that the source allows are opened,
   * and under a disk or a base of this home its bases too. The box appears when its disk is
   * complete and durable.
   *
   * @param box its id
   * @param source the image
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the image's; null for the image's
   * @param progress gets the bytes read
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if the image names a file that is not
   *     allowed
   * @throws InvalidImageException if it is not a readable image
   * @throws RefusedException if a process has one of its files open for writing
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws InvalidArgumentException if the size is less than the image's, or no disk can have it
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public BoxDetails createFromImage(
      BoxId box, ImageSource source, @Nullable ByteSize virtualSize, Progress progress) {
    ImmutableList<BoxId> boxes = ImmutableList.of(box);
    checkNew(boxes);
    try (SourceImages.Guarded image = sources.open(source)) {
      ByteSize size = sizeOf("image " + source.file(), image.image().virtualSize(), virtualSize);
      Intent.ImportBox intent = importing.plan(box);
      operations.perform(
          intent,
          tx -> {
            checkNoneExists(tx, boxes);
            checkNoDirectoryExists(boxes);
          },
          () ->
              importing.run(
                  intent, disk -> images.importImage(disk, image.image(), size, progress)));
    }
    return get(box);
  }

  private static ByteSize sizeOf(String what, long least, @Nullable ByteSize wanted) {
    ByteSize size = wanted == null ? new ByteSize(least) : wanted.roundedUpTo(SECTOR);
    if (size.bytes() < least) {
      throw new InvalidArgumentException(
          "invalid size " + size + ": " + what + " is larger, " + least + " bytes");
    }
    return size;
  }

  /**
   * Creates boxes in this home, all or none, and returns the operation.
   *
   * @param boxes their ids
   * @param disks what their disks are
   */
  @CanIgnoreReturnValue
  public OperationId create(ImmutableList<BoxId> boxes, NewDisks disks) {
    return create(boxes, disks, tx -> {});
  }

  @CanIgnoreReturnValue
  private OperationId create(
      ImmutableList<BoxId> boxes, NewDisks disks, Consumer<? super StoreTransaction> alongside) {
    Intent.CreateBoxes intent = creation.plan(boxes, disks);
    operations.perform(
        intent,
        tx -> {
          checkNoneExists(tx, boxes);
          // Checked after the claims: the files of an interrupted operation are settled by then.
          checkNoDirectoryExists(boxes);
          alongside.accept(tx);
        },
        () -> creation.run(intent, disks));
    return intent.id();
  }

  /**
   * Returns a box.
   *
   * @param box its id
   * @throws NotFoundException if there is no such box
   */
  public BoxDetails get(BoxId box) {
    return store.read(view -> details(view, RegisteredBoxes.require(view, box)));
  }

  /**
   * Returns boxes that were just created as empty overlays of {@code base}. Reads only the base's
   * chain, which is common to all, and not the disks, which may be thousands.
   *
   * @param names the ids of the boxes
   * @param base the base
   * @param virtualSize the size that each guest sees
   */
  public ImmutableList<BoxDetails> justCreated(
      ImmutableList<BoxId> names, BaseDisk base, ByteSize virtualSize) {
    BoxDetails.DiskState disk = stateOfOverlay(base, virtualSize);
    return store.read(
        view ->
            names.stream()
                .map(name -> new BoxDetails(RegisteredBoxes.require(view, name), base.id(), disk))
                .collect(ImmutableList.toImmutableList()));
  }

  private BoxDetails.DiskState stateOfOverlay(BaseDisk base, ByteSize virtualSize) {
    return new BoxDetails.DiskState.Known(
        virtualSize.bytes(), store.read(view -> Ancestry.from(view, base.id())).size());
  }

  /** Returns every box, newest first. */
  public ImmutableList<BoxDetails> list() {
    Map<BoxId, BaseDiskId> bases = new HashMap<>();
    ImmutableList<Box> boxes =
        store.read(
            view -> {
              for (Reference reference : view.references().list()) {
                if (reference.slot() == DiskSlot.CONTAINER) {
                  bases.put(reference.box(), reference.base());
                }
              }
              return view.boxes().list();
            });
    // Outside the transaction, which would otherwise last until all disks are read.
    BackingChains.Depths depths = chains.depths();
    return boxes.stream()
        .map(
            box ->
                new BoxDetails(
                    box, bases.get(box.id()), stateOf(box.disk(DiskSlot.CONTAINER), depths)))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Removes a box with its disks, and collects what that frees. A file at a disk's path that is not
   * a regular file with one name only loses that name, and a directory with content stays; {@link
   * Event.RemovedByName} and {@link Event.LeftInPlace} report them.
   *
   * @param box its id
   * @param snapshots what to do with its snapshots
   * @throws NotFoundException if there is no such box
   * @throws RefusedException if it has snapshots and {@code snapshots} is {@code REFUSE}, if one of
   *     its disks is open for writing, if a symbolic link is in the path to them, or if the box is
   *     busy
   */
  public CollectionReport remove(BoxId box, SnapshotsOnRemoval snapshots) {
    return freeing.run(() -> removeAndCollect(box, snapshots));
  }

  private CollectionReport removeAndCollect(BoxId box, SnapshotsOnRemoval snapshots) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    disks.requireDirectory(known.disksDir());
    Intent.RemoveBox intent =
        removal.plan(
            new BoxClaim(box, known.disksDir()),
            disksOf(known),
            store.read(view -> basesOf(view, box)));
    List<BaseDisk> demoted = new ArrayList<>();
    try (Guards guards = Guards.of(imageLocks, regularFiles(intent.disks()))) {
      operations.perform(
          intent,
          tx -> {
            // This may be a repeated attempt.
            demoted.clear();
            directories.requireSame(tx, known);
            demoted.addAll(takeOut(tx, known, snapshots, intent));
          },
          () -> removal.run(intent));
    }
    demoted.forEach(
        snapshot ->
            ports
                .listener()
                .on(
                    new Event.SnapshotRemoved(
                        Optional.of(intent.id()), box, snapshot.name(), snapshot.id())));
    return collector.collectAfter(intent.id(), HeaderEvidence::none);
  }

  /**
   * Removes the box's records.
   *
   * @return its snapshots, which are removed with it
   */
  private static ImmutableList<BaseDisk> takeOut(
      StoreTransaction tx, Box box, SnapshotsOnRemoval snapshots, Intent.RemoveBox intent) {
    RegisteredBoxes.require(tx, box.id());
    if (!basesOf(tx, box.id()).equals(intent.bases())) {
      throw RegisteredBoxes.changed(box.id());
    }
    ImmutableList<BaseDisk> snapshotsOfBox =
        tx.bases().list(new BaseFilter(box.id(), BaseDiskKind.SNAPSHOT));
    if (!snapshotsOfBox.isEmpty() && snapshots == SnapshotsOnRemoval.REFUSE) {
      throw new RefusedException("box " + box.id() + " has snapshots: " + namesOf(snapshotsOfBox));
    }
    for (BaseDisk snapshot : snapshotsOfBox) {
      tx.bases().demoteToCloneBase(snapshot.id());
      tx.pendingDeletes().insertCollectPending(snapshot.id());
    }
    tx.references().deleteOf(box.id()).forEach(tx.pendingDeletes()::insertCollectPending);
    tx.boxes().delete(box.id());
    return snapshotsOfBox;
  }

  private static String namesOf(ImmutableList<BaseDisk> snapshots) {
    return Joiner.on(", ")
        .join(snapshots.stream().map(s -> s.name() == null ? s.id() : s.name()).iterator());
  }

  private ImmutableList<DiskClaim> disksOf(Box box) {
    ImmutableList.Builder<DiskClaim> claims = ImmutableList.builder();
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      files
          .status(disk)
          .ifPresent(status -> claims.add(new DiskClaim(slot, disk, status.identity())));
    }
    return claims.build();
  }

  /**
   * Returns the disks that are regular files: no process writes to a disk through a link, a FIFO or
   * a directory.
   */
  private ImmutableList<Path> regularFiles(ImmutableList<DiskClaim> claims) {
    return claims.stream()
        .map(DiskClaim::path)
        .filter(path -> files.status(path).filter(FileStatus::isRegularFile).isPresent())
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableSet<BaseDiskId> basesOf(StoreView view, BoxId box) {
    return view.references().listOf(box).stream()
        .map(Reference::base)
        .collect(ImmutableSet.toImmutableSet());
  }

  /**
   * Checks, before any claim, some of what {@link #create} checks.
   *
   * @param boxes the ids of the new boxes
   * @throws AlreadyExistsException if one of the boxes, or its directory, exists
   */
  public void checkNew(ImmutableList<BoxId> boxes) {
    ImmutableSet<BoxId> claimed =
        store.read(
            view -> {
              checkNoneExists(view, boxes);
              return view.intents().list().stream()
                  .flatMap(intent -> intent.boxes().stream())
                  .map(BoxClaim::box)
                  .collect(ImmutableSet.toImmutableSet());
            });
    // Skips claimed directories: an interrupted operation's files may be gone when the box is
    // created.
    checkNoDirectoryExists(
        boxes.stream()
            .filter(box -> !claimed.contains(box))
            .collect(ImmutableList.toImmutableList()));
  }

  private void checkNoDirectoryExists(ImmutableList<BoxId> boxes) {
    for (BoxId box : boxes) {
      Path directory = home.boxDirectory(box);
      if (files.status(directory).isPresent()) {
        throw new AlreadyExistsException(directory + ": exists already");
      }
    }
  }

  /**
   * Checks that no box is registered.
   *
   * @throws AlreadyExistsException if one of the boxes is
   */
  static void checkNoneExists(StoreView view, ImmutableList<BoxId> boxes) {
    for (BoxId box : boxes) {
      if (view.boxes().find(box).isPresent()) {
        throw new AlreadyExistsException("box " + box + " exists already");
      }
    }
  }

  private BoxDetails details(StoreView view, Box box) {
    Optional<Reference> reference =
        view.references().listOf(box.id()).stream()
            .filter(r -> r.slot() == DiskSlot.CONTAINER)
            .findFirst();
    return new BoxDetails(
        box,
        reference.map(Reference::base).orElse(null),
        stateOf(box.disk(DiskSlot.CONTAINER), chains.depths()));
  }

  private BoxDetails.DiskState stateOf(Path disk, BackingChains.Depths depths) {
    try {
      disks.requireFile(disk);
      return new BoxDetails.DiskState.Known(
          images.readHeader(disk).virtualSize(), depths.below(disk));
    } catch (NotFoundException | RefusedException | InvalidImageException | StorageException e) {
      return new BoxDetails.DiskState.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
