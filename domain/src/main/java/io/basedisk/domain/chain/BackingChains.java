package io.basedisk.domain.chain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Unguarded;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Follows the backing files of an image to the end of its chain. A chain may have any length. A
 * cycle is an error.
 *
 * <p>Names are resolved as in QEMU: a relative name is relative to the directory of the path that
 * opened the image. Thread-safe.
 */
@Singleton
public final class BackingChains {

  /** A name that starts with a protocol. As in QEMU, a colon before any slash decides. */
  private static final Pattern PROTOCOL = Pattern.compile("[^/]*:.*", Pattern.DOTALL);

  private static final String FILE_PROTOCOL = "file:";

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
    return read(image, files, images);
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
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    Walk walk = new Walk(image, files, images);
    layers.add(walk.current);
    while (walk.descend()) {
      layers.add(walk.current);
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
    Walk walk = new Walk(image, files, images);
    while (walk.descend()) {
      Path layer = walk.current.realPath();
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
    Walk walk = new Walk(image, files, images);
    return walk.descend() ? Optional.of(walk.current.realPath()) : Optional.empty();
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
      Path named = resolve(image, backing.name());
      // Usually the name is the real path itself, so that no look-up is needed.
      return named.equals(base) || files.realPath(named).equals(base);
    } catch (NotFoundException | InvalidImageException notThere) {
      return false;
    }
  }

  /**
   * {@return whether an image's header names a recorded base with its path and format, or names no
   * backing file if {@code base} is null} A header without a backing format means qcow2. No backing
   * file is opened.
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
    String format = backing.format() == null ? ImageFormat.QCOW2.label() : backing.format();
    return format.equals(base.diskInfo().format().label())
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
    Walk walk = new Walk(image, files, images);
    do {
      if (walk.nextNamedPath().filter(target::equals).isPresent()) {
        return true;
      }
    } while (walk.descend());
    return false;
  }

  /**
   * Resolves a backing name against the path that opened its image. The result may contain {@code
   * ..} after a symbolic link. It is not normalized, because it would then name another file than
   * QEMU opens.
   *
   * @param namedPath absolute path that opened the image
   * @param backingName the backing name in the image's header
   * @return the path of the backing file
   * @throws InvalidImageException if the name is not the plain path of a file
   */
  public static Path resolve(Path namedPath, String backingName) {
    boolean marked = backingName.startsWith(FILE_PROTOCOL);
    String name = marked ? backingName.substring(FILE_PROTOCOL.length()) : backingName;
    if (PROTOCOL.matcher(name).matches()) {
      throw new InvalidImageException(
          namedPath + ": its backing file \"" + name + "\" is not a plain file path");
    }
    if (marked && !name.startsWith("/")) {
      throw new InvalidImageException(
          namedPath
              + ": its backing file \""
              + backingName
              + "\" depends on the directory that a program is started in");
    }
    try {
      return namedPath.resolveSibling(name);
    } catch (InvalidPathException e) {
      throw new InvalidImageException(namedPath + ": its backing file name is not a path", e);
    }
  }

  /** {@return a calculator for the depths of many images, which reads each base once} */
  public Depths depths() {
    return new Depths();
  }

  /**
   * Calculates the depths of images that share bases, and remembers the depth of each base. Use it
   * for one operation only, because bases may be deleted later. Not thread-safe.
   */
  public final class Depths {

    private final Map<Path, Integer> below = new HashMap<>();

    private Depths() {}

    /**
     * {@return the number of backing files below an image}
     *
     * @param image path of the image
     * @throws NotFoundException if the image does not exist
     * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
     */
    public int below(Path image) {
      Walk walk = new Walk(image, files, images);
      List<Path> passed = new ArrayList<>();
      Integer known = null;
      while (known == null) {
        passed.add(walk.current.realPath());
        Optional<Path> next = walk.nextPath();
        known = next.isEmpty() ? Integer.valueOf(-1) : below.get(next.get());
        if (known == null) {
          walk.descend();
        }
      }
      int depth = known;
      for (Path layer : Lists.reverse(passed)) {
        depth++;
        if (home.baseIdOf(layer).isPresent()) {
          below.put(layer, depth);
        }
      }
      return depth;
    }
  }

  /** A position in a chain, which moves down and never visits a file twice. */
  private static final class Walk {

    private final DiskFiles files;
    private final DiskImages images;
    private final Set<FileIdentity> visited = new HashSet<>();
    private Layer current;
    private @Nullable ImageHeader header;

    Walk(Path image, DiskFiles files, DiskImages images) {
      this.files = files;
      this.images = images;
      this.current = layer(image, ImageFormat.QCOW2);
      visited.add(current.identity());
    }

    Optional<Path> nextNamedPath() {
      return nextPath().map(Path::normalize);
    }

    /** {@return the backing file's path in the header, without resolving links or {@code ..}} */
    Optional<Path> nextPath() {
      return backing().map(b -> resolve(current.namedPath(), b.name()));
    }

    boolean descend() {
      Optional<BackingFile> below = backing();
      if (below.isEmpty()) {
        return false;
      }
      Path named = resolve(current.namedPath(), below.get().name());
      Layer next;
      try {
        next = layer(named, formatOf(below.get()));
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
      header = null;
      return true;
    }

    private Optional<BackingFile> backing() {
      if (current.format() == ImageFormat.RAW) {
        return Optional.empty();
      }
      if (header == null) {
        header = images.readHeader(current.realPath());
      }
      return Optional.ofNullable(header.backing());
    }

    private ImageFormat formatOf(BackingFile file) {
      // A missing format means qcow2, never raw. If the file is not qcow2, it is refused later.
      String format = file.format();
      if (format == null || format.equals(ImageFormat.QCOW2.label())) {
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
}
