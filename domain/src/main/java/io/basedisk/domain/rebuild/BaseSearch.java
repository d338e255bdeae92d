package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.protocol.Temporaries;
import io.basedisk.domain.rebuild.BackingTarget.Nothing;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the files in the bases directory that can be recorded as bases. */
final class BaseSearch {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final Omissions omissions;

  BaseSearch(HomeLayout home, DiskFiles files, DiskImages images, Omissions omissions) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.omissions = omissions;
  }

  /**
   * The result of the search.
   *
   * @param bases the bases, ordered by id
   * @param shared the files with a base's name that have another name too, by identity
   * @param backings reads what images back onto
   */
  record Found(
      ImmutableList<FoundBase> bases,
      ImmutableMap<FileIdentity, Path> shared,
      BackingReader backings) {}

  Found run() {
    ImmutableList<Path> listed = ImmutableList.sortedCopyOf(files.list(home.bases()));
    BackingReader backings = new BackingReader(home, files, images, namedAsBases(listed));
    ImmutableList.Builder<FoundBase> bases = ImmutableList.builder();
    Map<FileIdentity, Path> shared = new HashMap<>();
    for (Path file : listed) {
      InterruptedOperationException.throwIfInterrupted(
          () -> home.bases() + ": the search for bases was interrupted");
      try {
        examine(file, backings, shared).ifPresent(bases::add);
      } catch (BaseDiskException fault) {
        omissions.leaveOut(file, fault);
        omissions.needsAny();
      }
    }
    return new Found(bases.build(), ImmutableMap.copyOf(shared), backings);
  }

  private ImmutableSet<BaseDiskId> namedAsBases(ImmutableList<Path> listed) {
    return listed.stream()
        .flatMap(file -> home.baseIdOf(file).stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  private Optional<FoundBase> examine(
      Path file, BackingReader backings, Map<FileIdentity, Path> shared) {
    FileStatus status = files.status(file).orElse(null);
    BaseDiskId id = home.baseIdOf(file).orElse(null);
    if (status == null || id == null) {
      leaveOutOther(file, status, backings);
      return Optional.empty();
    }
    if (!status.isRegularFile()) {
      omissions.leaveOut(file, "it has a base's name but is not a regular file");
      return Optional.empty();
    }
    BaseDescription description = description(file, id);
    // The content of a raw file is a guest's: it may look like a header.
    boolean isRaw = description != null && description.format() == ImageFormat.RAW;
    ChainToBases below =
        isRaw ? new ChainToBases(ImmutableList.of(), new Nothing()) : backings.chainOf(file);
    if (status.links() != 1) {
      shared.put(status.identity(), file);
      omissions.leaveOut(
          file,
          "it has " + status.links() + " names, as after an operation that was interrupted",
          new Remedy.DiscardOrphan(file));
      omissions.needs(below);
      return Optional.empty();
    }
    return Optional.of(
        new FoundBase(
            id,
            file,
            status,
            isRaw ? ImageFormat.RAW : ImageFormat.QCOW2,
            isRaw
                ? new ByteSize(status.length()).roundedUpTo(ByteSize.SECTOR).bytes()
                : images.readHeader(file).virtualSize(),
            description,
            below));
  }

  /** {@return a base's description; null if it can't be read, or came with a copied file} */
  private @Nullable BaseDescription description(Path file, BaseDiskId id) {
    try {
      return files.description(file).filter(said -> said.id().equals(id)).orElse(null);
    } catch (BaseDiskException fault) {
      return null;
    }
  }

  private void leaveOutOther(Path file, @Nullable FileStatus status, BackingReader backings) {
    if (status != null && status.isRegularFile()) {
      Temporaries.operationOf(file)
          .ifPresent(
              operation ->
                  omissions.leaveOut(file, "it is a temporary file of operation " + operation));
      omissions.needs(backings.chainOf(file));
    }
  }
}
