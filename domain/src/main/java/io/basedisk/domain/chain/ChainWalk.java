package io.basedisk.domain.chain;

import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A position in a chain, which moves down and never visits a file twice. */
final class ChainWalk {

  private final DiskFiles files;
  private final DiskImages images;
  private final KnownBases known;
  private final Set<FileIdentity> visited = new HashSet<>();
  private Layer current;

  private boolean headerWasRead;

  /** The backing file that the current layer names, once its header was read; null for none. */
  private @Nullable BackingFile backing;

  /**
   * @param known tells the format of a backing file whose format no header names
   */
  ChainWalk(Path image, DiskFiles files, DiskImages images, KnownBases known) {
    this.files = files;
    this.images = images;
    this.known = known;
    this.current = layer(image, ImageFormat.QCOW2);
    visited.add(current.identity());
  }

  /**
   * Starts at an image whose header the caller has read.
   *
   * @param backing the backing file that the image names; null for none
   */
  ChainWalk(
      Path image,
      @Nullable BackingFile backing,
      DiskFiles files,
      DiskImages images,
      KnownBases known) {
    this(image, files, images, known);
    this.backing = backing;
    this.headerWasRead = true;
  }

  Layer current() {
    return current;
  }

  /** {@return the backing file's path in the header, normalized} */
  Optional<Path> nextNamedPath() {
    return nextPath().map(Path::normalize);
  }

  /** {@return the backing file's path in the header, without resolving links or {@code ..}} */
  Optional<Path> nextPath() {
    return backing().map(b -> BackingNames.resolve(current.namedPath(), b.name()));
  }

  /**
   * Moves down to the backing file.
   *
   * @return whether there is one
   * @throws BrokenChainException if the backing file is missing, or was visited before
   * @throws InvalidImageException if the current layer is not a valid image, or the format of its
   *     backing file is not supported
   */
  boolean descend() {
    Optional<BackingFile> below = backing();
    if (below.isEmpty()) {
      return false;
    }
    Path named = BackingNames.resolve(current.namedPath(), below.get().name());
    Layer next;
    try {
      next = layer(named, formatOf(below.get(), named));
    } catch (NotFoundException e) {
      throw new BrokenChainException(
          Break.MISSING, current.realPath() + ": its backing file " + named + " is missing");
    }
    if (!visited.add(next.identity())) {
      throw new BrokenChainException(
          Break.CYCLE,
          current.realPath() + ": its backing chain is a cycle through " + next.realPath());
    }
    current = next;
    headerWasRead = false;
    return true;
  }

  private Optional<BackingFile> backing() {
    if (current.format() == ImageFormat.RAW) {
      return Optional.empty();
    }
    if (!headerWasRead) {
      backing = images.readHeader(current.realPath()).backing();
      headerWasRead = true;
    }
    return Optional.ofNullable(backing);
  }

  private ImageFormat formatOf(BackingFile file, Path named) {
    String format = file.format();
    if (format == null) {
      // The record of a foreign base, or else qcow2. If the file is not qcow2, it is refused later.
      return known.unstatedFormat(files.realPath(named));
    }
    if (format.equals(ImageFormat.QCOW2.label())) {
      return ImageFormat.QCOW2;
    }
    if (format.equals(ImageFormat.RAW.label())) {
      return ImageFormat.RAW;
    }
    throw new InvalidImageException(
        current.realPath()
            + ": the format \""
            + format
            + "\" of its backing file is not supported");
  }

  private Layer layer(Path named, ImageFormat format) {
    Path real = files.realPath(named);
    return files
        .status(real)
        .map(status -> new Layer(named, real, status.identity(), format))
        .orElseThrow(() -> new NotFoundException(named + ": no such file"));
  }
}
