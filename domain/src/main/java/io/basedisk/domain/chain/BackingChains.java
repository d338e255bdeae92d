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
 * Follows backing files from an image downwards, as far as they go: no limit on the length of a
 * chain, and a cycle is an error.
 *
 * <p>Names are resolved as QEMU does: relative to the directory of the path by which the image that
 * contains the name was opened. Safe for many threads.
 */
@Singleton
public final class BackingChains {

  /** A name that starts with a protocol, in QEMU's reading: a colon before any slash. */
  private static final Pattern PROTOCOL = Pattern.compile("[^/]*:.*", Pattern.DOTALL);

  private static final String FILE_PROTOCOL = "file:";

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final KnownBases knownBases;

  /** Follows the chains of a home, whose store knows the foreign bases. */
  @Inject
  public BackingChains(
      HomeLayout home, @Unguarded BaseDiskStore store, DiskFiles files, DiskImages images) {
    this(home, files, images, KnownBases.of(home, store));
  }

  /** Follows chains without a store: {@code home} need not exist. */
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
   * Returns the chain of a qcow2 image, the image itself first.
   *
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
   */
  public ImmutableList<Layer> read(Path image) {
    return read(image, files, images);
  }

  /**
   * Does the same for an image that belongs to no home.
   *
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
   * Returns the nearest base below {@code image}: the first file of its chain, itself left out,
   * that is in the bases directory or a foreign base. Nothing below that is looked at. Not for use
   * in a transaction of the store.
   *
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer above the base is missing or not valid, if the chain
   *     is a cycle, or if the file in the bases directory is not named as a base
   */
  public Optional<BaseDiskId> nearestBase(Path image) {
    return nearestBase(image, knownBases);
  }

  /**
   * Does the same where the caller knows the bases.
   *
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
   * Returns the real path of the file that {@code image} directly backs onto.
   *
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if the image is not valid or its backing file is missing
   */
  public Optional<Path> directBacking(Path image) {
    Walk walk = new Walk(image, files, images);
    return walk.descend() ? Optional.of(walk.current.realPath()) : Optional.empty();
  }

  /**
   * Returns whether an image's header names that file as its backing file, or names none where
   * {@code base} is null. Nothing below the image is opened.
   *
   * @param header what the image's header says
   * @param base the real path of the backing file
   */
  public boolean standsOn(Path image, ImageHeader header, @Nullable Path base) {
    BackingFile backing = header.backing();
    if (backing == null || base == null) {
      return backing == null && base == null;
    }
    try {
      Path named = resolve(image, backing.name());
      // Most names are the path itself, which need not be looked up.
      return named.equals(base) || files.realPath(named).equals(base);
    } catch (NotFoundException | InvalidImageException notThere) {
      return false;
    }
  }

  /**
   * Returns whether an image's header names a recorded base, by its path and its format, or names
   * no backing file where {@code base} is null. A header without a backing format means qcow2.
   * Nothing below the image is opened.
   *
   * @param header what the image's header says
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
   * Returns whether the chain of {@code image} names {@code target} as a backing file, whether or
   * not {@code target} exists.
   *
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if the chain can't be followed and does not name it before
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
   * Returns the path that a backing name stands for in an image that was opened as {@code
   * namedPath}. It may contain {@code ..}, which may follow a link: to remove both would name
   * another file than QEMU opens.
   *
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

  /** Returns a way to ask for the depths of many images, each layer of which is read once. */
  public Depths depths() {
    return new Depths();
  }

  /**
   * The depths of images that share bases. It remembers what it has seen of bases, which don't
   * change; so it is for one piece of work. Not safe for many threads.
   */
  public final class Depths {

    private final Map<Path, Integer> below = new HashMap<>();

    private Depths() {}

    /**
     * Returns the number of backing files below an image.
     *
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

  /** A position in a chain that moves downwards and never visits a file twice. */
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

    /**
     * Returns the path that the header gives, in which links and {@code ..} are left as they are.
     */
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
      // A missing format is read as qcow2, never as raw: what is then no qcow2 image is refused.
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
