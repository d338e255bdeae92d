package io.basedisk.domain;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks bases before an operation makes something stand on them: without a file, or with a changed
 * one, the new disk would not be what was asked for. It reads headers and changes nothing.
 */
final class BaseInspection {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;

  BaseInspection(Ports ports, BackingChains chains) {
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.chains = chains;
  }

  /** A recorded base, and what tells that its file was changed. */
  private record Recorded(BaseDisk base, Optional<BaseFingerprint> fingerprint) {}

  /**
   * Checks a base and every base below it: the file is there, as it was recorded, and its header
   * names the base below it.
   *
   * @throws NotFoundException if there is no such base, or one of the files is missing
   * @throws InvalidImageException if one of the files was changed, or is damaged
   */
  void requireIntact(BaseDiskId id) {
    Map<BaseDiskId, Recorded> chain = store.read(view -> chainOf(view, id));
    for (Recorded recorded : chain.values()) {
      BaseDiskId parent = recorded.base().parentId();
      Recorded below = parent == null ? null : chain.get(parent);
      check(recorded, below == null ? null : below.base().diskInfo().basePath());
    }
  }

  private static Map<BaseDiskId, Recorded> chainOf(StoreView view, BaseDiskId top) {
    Map<BaseDiskId, Recorded> chain = new LinkedHashMap<>();
    @Nullable BaseDiskId next = top;
    while (next != null && !chain.containsKey(next)) {
      BaseDiskId id = next;
      BaseDisk base =
          view.findBase(id).orElseThrow(() -> new NotFoundException("no base " + id));
      chain.put(id, new Recorded(base, view.findFingerprint(id)));
      next = base.parentId();
    }
    return chain;
  }

  private void check(Recorded recorded, @Nullable Path below) {
    BaseDisk base = recorded.base();
    Path file = base.diskInfo().basePath();
    FileStatus status =
        files
            .status(file)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "base "
                            + base.id()
                            + ": its file "
                            + file
                            + " is missing; mount its file system, or put it back from a backup"));
    if (!status.isRegularFile()) {
      throw new InvalidImageException("base " + base.id() + ": " + file + " is not a regular file");
    }
    if (hasChanged(recorded, status)) {
      throw new InvalidImageException(
          "base " + base.id() + ": " + file + " was changed since it was recorded");
    }
    if (base.diskInfo().format() == ImageFormat.QCOW2
        && !chains.standsOn(file, images.readHeader(file), below)) {
      throw new InvalidImageException(
          "base " + base.id() + ": the header of " + file + " does not name its recorded parent");
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
