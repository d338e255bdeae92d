package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chain that the store records for a disk: the disk, and the bases below its box's
 * reference. The headers must name the same files. A disk's owner can write its header, so a file
 * that only the header names is not opened. Thread-safe.
 */
final class RecordedChains {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final BaseInspection inspection;

  @Inject
  RecordedChains(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      BaseInspection inspection,
      BackingChains chains) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.chains = chains;
    this.inspection = inspection;
  }

  /**
   * A disk and the bases that the store records below it.
   *
   * @param layers the disk, then the files of the bases
   * @param bases the bases, top first
   */
  record Chain(ImmutableList<Layer> layers, ImmutableList<BaseDisk> bases) {

    /** {@return the number of bases} */
    int depth() {
      return bases.size();
    }
  }

  /** The records of a disk in one state of the store. */
  private record Recorded(ImmutableList<BaseDisk> bases, Optional<OperationId> worker) {

    static Recorded of(StoreView view, BoxId box, DiskSlot slot) {
      return new Recorded(
          Ancestry.from(view, Ancestry.baseOf(view, box, slot).orElse(null)),
          RegisteredBoxes.operationOn(view, box));
    }
  }

  /**
   * Returns the recorded chain of a disk, after checking that the headers agree and that no base
   * was changed.
   *
   * @return the chain; empty if the headers disagree while an operation on the box is running,
   *     which may have changed the files but not the records yet
   * @throws InvalidImageException if a header names another file than the store, or a base was
   *     changed
   * @throws NotFoundException if the disk or a base is missing
   */
  Optional<Chain> find(Box box, DiskSlot slot) {
    Recorded recorded = store.read(view -> Recorded.of(view, box.id(), slot));
    while (true) {
      try {
        return Optional.of(check(box.disk(slot), recorded.bases()));
      } catch (InvalidImageException | NotFoundException e) {
        Recorded now = store.read(view -> Recorded.of(view, box.id(), slot));
        if (now.worker().isPresent()) {
          return Optional.empty();
        }
        if (now.equals(recorded)) {
          throw e;
        }
        recorded = now;
      }
    }
  }

  private Chain check(Path disk, ImmutableList<BaseDisk> bases) {
    FileIdentity identity = identityOf(disk);
    requireHeader(disk, images.readHeader(disk), bases.isEmpty() ? null : bases.get(0));
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    layers.add(new Layer(disk, disk, identity, ImageFormat.QCOW2));
    for (BaseDisk base : bases) {
      Path file = base.diskInfo().basePath();
      layers.add(new Layer(file, file, identityOf(file), base.diskInfo().format()));
    }
    if (!bases.isEmpty()) {
      inspection.requireIntact(bases.get(0).id());
    }
    return new Chain(layers.build(), bases);
  }

  private void requireHeader(Path disk, ImageHeader header, @Nullable BaseDisk below) {
    if (!chains.standsOnRecorded(disk, header, below)) {
      BackingFile named = header.backing();
      throw new InvalidImageException(
          disk
              + ": its header names "
              + (named == null ? "no backing file" : withFormat(named.name(), named.format()))
              + ", but the store records "
              + (below == null
                  ? "no base"
                  : withFormat(
                      below.diskInfo().basePath().toString(), below.diskInfo().format().label()))
              + "; was the header rewritten?");
    }
  }

  private static String withFormat(String file, @Nullable String format) {
    return format == null ? file : file + " (" + format + ")";
  }

  private FileIdentity identityOf(Path file) {
    return files
        .status(file)
        .map(FileStatus::identity)
        .orElseThrow(() -> new NotFoundException(file + ": no such file"));
  }
}
