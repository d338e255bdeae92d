package io.basedisk.domain.space;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.FileSizes;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Reports which bases and boxes occupy space, from the store and the status of each file. No file
 * is read. If the status of a file can't be read, it counts as 0 bytes, and the listener receives
 * an event. Thread-safe.
 */
@Singleton
public final class Space {

  private final BaseDiskStore store;
  private final FileSizes fileSizes;
  private final ImageLocks imageLocks;

  @Inject
  Space(BaseDiskStore store, FileSizes fileSizes, ImageLocks imageLocks) {
    this.store = store;
    this.fileSizes = fileSizes;
    this.imageLocks = imageLocks;
  }

  /**
   * The records of the whole store.
   *
   * @param bases all bases
   * @param boxes the boxes
   * @param references the references
   * @param deleting the deleting bases
   * @param named the bases that running operations need
   */
  private record Everything(
      ImmutableList<BaseDisk> bases,
      ImmutableList<Box> boxes,
      ImmutableList<Reference> references,
      ImmutableList<DeletingBase> deleting,
      ImmutableSet<BaseDiskId> named) {

    static Everything in(StoreView view) {
      return new Everything(
          view.bases().list(BaseFilter.ALL),
          view.boxes().list(),
          view.references().list(),
          view.pendingDeletes().list(),
          view.intents().list().stream()
              .flatMap(intent -> intent.bases().stream())
              .collect(ImmutableSet.toImmutableSet()));
    }
  }

  /**
   * The records of a box and of the trees that its disks belong to.
   *
   * @param box name of the box
   * @param chain the bases that its disks need
   * @param trees all bases of the trees
   * @param references all references to bases of the trees
   */
  private record Surroundings(
      Box box,
      ImmutableList<BaseDisk> chain,
      ImmutableList<BaseDisk> trees,
      ImmutableList<Reference> references) {

    static Surroundings of(BoxId id, StoreView view) {
      Box box = RegisteredBoxes.require(view, id);
      ImmutableList<BaseDisk> trees = Lineage.basesInTreesOf(view, id);
      return new Surroundings(
          box,
          chainOf(view.references().listOf(id), trees),
          trees,
          trees.stream()
              .flatMap(base -> view.references().listTo(base.id()).stream())
              .collect(ImmutableList.toImmutableList()));
    }

    private static ImmutableList<BaseDisk> chainOf(
        ImmutableList<Reference> references, ImmutableList<BaseDisk> trees) {
      Map<BaseDiskId, BaseDisk> byId =
          trees.stream().collect(Collectors.toMap(BaseDisk::id, base -> base));
      Map<BaseDiskId, BaseDisk> chain = new LinkedHashMap<>();
      for (Reference reference : references) {
        BaseDisk base = byId.get(reference.base());
        while (base != null && chain.putIfAbsent(base.id(), base) == null) {
          base = base.parentId() == null ? null : byId.get(base.parentId());
        }
      }
      return chain.values().stream()
          .sorted(Comparator.comparing(BaseDisk::createdAt).reversed())
          .collect(ImmutableList.toImmutableList());
    }
  }

  /**
   * {@return the space of the whole home} Takes time and memory proportional to the number of its
   * bases, boxes and references.
   *
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public SpaceReport ofHome() {
    Everything all = store.read(Everything::in);
    SpaceAccounts accounts =
        new SpaceAccounts(
            all.bases(), all.references(), base -> sizeOf(base.diskInfo().basePath()));
    long goingBytes = all.deleting().stream().mapToLong(base -> sizeOf(base.path())).sum();
    return report(
        accounts,
        all.bases(),
        all.boxes(),
        goingBytes,
        goingBytes + reclaimableBytes(accounts, all.named()));
  }

  /**
   * {@return the space of a box and of the bases that its disks need, directly or through other
   * bases} Takes time proportional to the number of bases in the trees of these bases, and of the
   * boxes that need one of them.
   *
   * @param box name of the box
   * @throws io.basedisk.domain.error.NotFoundException if the box does not exist
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public SpaceReport of(BoxId box) {
    Surroundings surroundings = store.read(view -> Surroundings.of(box, view));
    ImmutableSet<BaseDisk> chain = ImmutableSet.copyOf(surroundings.chain());
    SpaceAccounts accounts =
        new SpaceAccounts(
            surroundings.trees(),
            surroundings.references(),
            base -> chain.contains(base) ? sizeOf(base.diskInfo().basePath()) : 0);
    // Nothing is reclaimable: the box needs these bases.
    return report(accounts, surroundings.chain(), ImmutableList.of(surroundings.box()), 0, 0);
  }

  private SpaceReport report(
      SpaceAccounts accounts,
      ImmutableList<BaseDisk> bases,
      ImmutableList<Box> boxes,
      long goingBytes,
      long reclaimableBytes) {
    ImmutableList<BaseSpace> ofBases =
        bases.stream().map(accounts::of).collect(ImmutableList.toImmutableList());
    ImmutableList<BoxSpace> ofBoxes =
        boxes.stream()
            .map(box -> accounts.of(box.id(), bytesOfDisks(box)))
            .collect(ImmutableList.toImmutableList());
    long allocatedBytes =
        goingBytes
            + ofBases.stream().mapToLong(BaseSpace::allocatedBytes).sum()
            + ofBoxes.stream().mapToLong(BoxSpace::allocatedBytes).sum();
    return new SpaceReport(ofBases, ofBoxes, allocatedBytes, reclaimableBytes);
  }

  /** {@return the space of the bases that a collection would delete now} */
  private long reclaimableBytes(SpaceAccounts accounts, ImmutableSet<BaseDiskId> named) {
    Set<BaseDiskId> staying = new HashSet<>(named);
    long bytes = 0;
    for (BaseDisk base : accounts.unheld()) {
      if (!staying.contains(base.id())
          && imageLocks.openedBy(base.diskInfo().basePath()).isEmpty()) {
        bytes += accounts.of(base).allocatedBytes();
      } else if (base.parentId() != null) {
        staying.add(base.parentId());
      }
    }
    return bytes;
  }

  private long bytesOfDisks(Box box) {
    return Stream.of(DiskSlot.values()).mapToLong(slot -> sizeOf(box.disk(slot))).sum();
  }

  private long sizeOf(Path file) {
    InterruptedOperationException.throwIfInterrupted(
        () -> "the report on the space was interrupted");
    return fileSizes.allocatedBytes(file);
  }
}
