package io.basedisk.domain.base;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Checks bases before an operation makes an overlay of one: if its file is missing or changed, the
 * new disk would have the wrong content. Reads headers and changes nothing.
 */
public final class BaseInspection {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;

  @Inject
  BaseInspection(BaseDiskStore store, DiskFiles files, DiskImages images, BackingChains chains) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.chains = chains;
  }

  /** A recorded base, and the fingerprint that shows whether its file changed. */
  private record Recorded(BaseDisk base, Optional<BaseFingerprint> fingerprint) {}

  /**
   * Checks a base and every base below it: the file is as it was recorded, and its header names the
   * base below it.
   *
   * @param id the base
   * @throws NotFoundException if there is no such base, or one of the files is missing
   * @throws InvalidImageException if one of the files was changed, or is damaged
   */
  public void requireIntact(BaseDiskId id) {
    ImmutableList<Recorded> chain = store.read(view -> chainOf(view, id));
    for (int i = 0; i < chain.size(); i++) {
      check(chain.get(i), i + 1 < chain.size() ? chain.get(i + 1).base() : null);
    }
  }

  /**
   * Checks a disk's base as {@link #requireIntact} does, and that the disk's header names the base
   * with its format.
   *
   * @param disk the path of the disk
   * @param header the disk's header
   * @param id the base
   * @throws InvalidImageException also if the header does not
   */
  public void requireIntactBelow(Path disk, ImageHeader header, BaseDiskId id) {
    requireIntact(id);
    BaseDisk base = store.read(view -> view.bases().find(id)).orElse(null);
    if (base != null && !chains.standsOnRecorded(disk, header, base)) {
      throw new InvalidImageException(
          disk
              + ": its header names a format other than "
              + base.diskInfo().format().label()
              + " for its backing file "
              + base.diskInfo().basePath());
    }
  }

  private static ImmutableList<Recorded> chainOf(StoreView view, BaseDiskId top) {
    if (view.bases().find(top).isEmpty()) {
      throw new NotFoundException("no base " + top, new Remedy.NameBase(top.value()));
    }
    return Ancestry.from(view, top).stream()
        .map(base -> new Recorded(base, view.bases().findFingerprint(base.id())))
        .collect(ImmutableList.toImmutableList());
  }

  private void check(Recorded recorded, @Nullable BaseDisk below) {
    BaseDisk base = recorded.base();
    Path file = base.diskInfo().basePath();
    FileStatus status =
        files
            .status(file)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "base " + base.id() + ": its file " + file + " is missing",
                        new Remedy.BringFileBack(file)));
    if (!status.isRegularFile()) {
      throw new InvalidImageException("base " + base.id() + ": " + file + " is not a regular file");
    }
    if (hasChanged(recorded, status)) {
      throw new InvalidImageException(
          "base " + base.id() + ": " + file + " was changed since it was recorded");
    }
    if (base.diskInfo().format() == ImageFormat.QCOW2
        && !chains.standsOnRecorded(file, images.readHeader(file), below)) {
      throw new InvalidImageException(
          "base "
              + base.id()
              + ": the header of "
              + file
              + " does not name the parent in its record");
    }
  }

  private static boolean hasChanged(Recorded recorded, FileStatus status) {
    return status.length() != recorded.base().diskInfo().sizeBytes()
        || recorded
            .fingerprint()
            .filter(print -> !print.modifiedAt().equals(status.modifiedAt()))
            .isPresent();
  }
}
