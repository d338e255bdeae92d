package io.basedisk.domain.chain;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Unguarded;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Follows the backing files of an image to the end of its chain. A chain may have any length. A
 * cycle is an error. Thread-safe.
 */
@Singleton
public final class BackingChains {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final KnownBases knownBases;

  /**
   * For the chains of a home, whose store has the foreign bases.
   *
   * @param home paths of the home
   * @param store the store
   * @param files file system operations
   * @param images reads the headers
   */
  @Inject
  public BackingChains(
      HomeLayout home, @Unguarded BaseDiskStore store, DiskFiles files, DiskImages images) {
    this(home, files, images, KnownBases.of(home, store));
  }

  /**
   * For chains without a store.
   *
   * @param home paths of the home, which need not exist
   * @param files file system operations
   * @param images reads the headers
   */
  public BackingChains(HomeLayout home, DiskFiles files, DiskImages images) {
    this(home, files, images, KnownBases.inHome(home));
  }

  private BackingChains(
      HomeLayout home, DiskFiles files, DiskImages images, KnownBases knownBases) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.knownBases = knownBases;
  }

  /**
   * {@return the chain of a qcow2 image, starting with the image}
   *
   * @param image path of the image
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
   */
  public ImmutableList<Layer> read(Path image) {
    return read(image, knownBases);
  }

  /**
   * {@return the chain of a qcow2 image, starting with the image, with the caller's knowledge of
   * bases}
   *
   * @param image path of the image
   * @param known tells the format of a backing file whose format no header names
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
   */
  public ImmutableList<Layer> read(Path image, KnownBases known) {
    return read(image, files, images, known);
  }

  /**
   * {@return the chain of a qcow2 image without a home, starting with the image}
   *
   * @param image path of the image
   * @param files file system operations
   * @param images reads the headers
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
   */
  @CanIgnoreReturnValue
  public static ImmutableList<Layer> read(Path image, DiskFiles files, DiskImages images) {
    return read(image, files, images, path -> Optional.empty());
  }

  /**
   * {@return the chain of an image whose header the caller has read, starting with the image} The
   * image itself may be a block device.
   *
   * @param image path of the image
   * @param backing the backing file that the image names; null for none
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer below it is missing or not valid, or the chain is a
   *     cycle
   */
  public ImmutableList<Layer> read(Path image, @Nullable BackingFile backing) {
    return read(new ChainWalk(image, backing, files, images, knownBases));
  }

  /**
   * {@return the same without a home}
   *
   * @param image path of the image
   * @param backing the backing file that the image names; null for none
   * @param files file system operations
   * @param images reads the headers below the image
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer below it is missing or not valid, or the chain is a
   *     cycle
   */
  @CanIgnoreReturnValue
  public static ImmutableList<Layer> read(
      Path image, @Nullable BackingFile backing, DiskFiles files, DiskImages images) {
    return read(new ChainWalk(image, backing, files, images, path -> Optional.empty()));
  }

  private static ImmutableList<Layer> read(
      Path image, DiskFiles files, DiskImages images, KnownBases known) {
    return read(new ChainWalk(image, files, images, known));
  }

  private static ImmutableList<Layer> read(ChainWalk walk) {
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    layers.add(walk.current());
    while (walk.descend()) {
      layers.add(walk.current());
    }
    return layers.build();
  }

  /**
   * {@return the nearest base below an image: the first file of its chain after the image that is
   * in the bases directory or is a foreign base} Files below that base are not read. Do not call
   * this in a transaction of the store.
   *
   * @param image path of the image
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer above the base is missing or not valid, if the chain
   *     is a cycle, or if a file in the bases directory does not have a base's name
   */
  public Optional<BaseDiskId> nearestBase(Path image) {
    return nearestBase(image, knownBases);
  }

  /**
   * {@return the nearest base below an image, with the caller's knowledge of bases}
   *
   * @param image path of the image
   * @param known recognizes the files of bases
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #nearestBase(Path)}
   */
  public Optional<BaseDiskId> nearestBase(Path image, KnownBases known) {
    ChainWalk walk = new ChainWalk(image, files, images, known);
    while (walk.descend()) {
      Path layer = walk.current().realPath();
      Optional<BaseDiskId> base = known.find(layer);
      if (base.isPresent()) {
        return base;
      }
      if (home.isInBases(layer)) {
        throw new InvalidImageException(
            image + ": backs onto " + layer + ", which is not a base's file");
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the real path of an image's backing file; empty if it has none}
   *
   * @param image path of the image
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if the image is not valid or its backing file is missing
   */
  public Optional<Path> directBacking(Path image) {
    ChainWalk walk = new ChainWalk(image, files, images, KnownBases.inHome(home));
    return walk.descend() ? Optional.of(walk.current().realPath()) : Optional.empty();
  }

  /**
   * {@return whether an image's header names a file as its backing file, or names none if {@code
   * base} is null} No backing file is opened.
   *
   * @param image path of the image
   * @param header header of the image
   * @param base real path of the file; null for none
   */
  public boolean standsOn(Path image, ImageHeader header, @Nullable Path base) {
    BackingFile backing = header.backing();
    if (backing == null || base == null) {
      return backing == null && base == null;
    }
    try {
      Path named = BackingNames.resolve(image, backing.name());
      // Usually the name is the real path itself, so that no look-up is needed.
      return named.equals(base) || files.realPath(named).equals(base);
    } catch (NotFoundException | InvalidImageException notThere) {
      return false;
    }
  }

  /**
   * {@return whether an image's header names a recorded base with its path and format, or names no
   * backing file if {@code base} is null} A header without a backing format means that of the
   * record. No backing file is opened.
   *
   * @param image path of the image
   * @param header header of the image
   * @param base the recorded base; null for none
   */
  public boolean standsOnRecorded(Path image, ImageHeader header, @Nullable BaseDisk base) {
    BackingFile backing = header.backing();
    if (backing == null || base == null) {
      return backing == null && base == null;
    }
    return (backing.format() == null || backing.format().equals(base.diskInfo().format().label()))
        && standsOn(image, header, base.diskInfo().basePath());
  }

  /**
   * {@return whether an image's chain names a file as a backing file} The file need not exist.
   *
   * @param image path of the image
   * @param target absolute path of the file, without {@code ..}
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if the chain breaks before it names the file
   */
  public boolean reaches(Path image, Path target) {
    ChainWalk walk = new ChainWalk(image, files, images, knownBases);
    do {
      if (walk.nextNamedPath().filter(target::equals).isPresent()) {
        return true;
      }
    } while (walk.descend());
    return false;
  }

  /** {@return a calculator for the depths of many images, which reads each base once} */
  public ChainDepths depths() {
    return new ChainDepths(home, files, images, knownBases);
  }
}
