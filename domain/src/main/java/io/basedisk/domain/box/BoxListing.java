package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.ChainDepths;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;

/** Lists boxes: their records, and the state of their disks by the disks' headers. Thread-safe. */
public final class BoxListing {

  private final BaseDiskStore store;
  private final DiskImages images;
  private final BackingChains chains;
  private final RegisteredDisks disks;

  @Inject
  BoxListing(BaseDiskStore store, DiskImages images, BackingChains chains, RegisteredDisks disks) {
    this.store = store;
    this.images = images;
    this.chains = chains;
    this.disks = disks;
  }

  /**
   * {@return a box}
   *
   * @param box its id
   * @throws NotFoundException if there is no such box
   */
  public BoxDetails get(BoxId box) {
    return store.read(view -> details(view, RegisteredBoxes.require(view, box)));
  }

  /**
   * {@return boxes that were just created as empty overlays of {@code base}} Reads only the base's
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

  /** {@return every box, newest first} */
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
    ChainDepths depths = chains.depths();
    return boxes.stream()
        .map(
            box ->
                new BoxDetails(
                    box, bases.get(box.id()), stateOf(box.disk(DiskSlot.CONTAINER), depths)))
        .collect(ImmutableList.toImmutableList());
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

  private BoxDetails.DiskState stateOf(Path disk, ChainDepths depths) {
    try {
      disks.requireFile(disk);
      return new BoxDetails.DiskState.Known(
          images.readHeader(disk).virtualSize(), depths.below(disk));
    } catch (NotFoundException | RefusedException | InvalidImageException | StorageException e) {
      return new BoxDetails.DiskState.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
