package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.adopt.ImageNode.Below;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connects images by the backing names in their headers. A backing file outside the adopted
 * directory is opened only if the request allows it. Not thread-safe.
 */
final class ImageGraph {

  private final AdoptionRequest request;
  private final Path root;
  private final ImmutableSet<Path> allowed;
  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final RecordedFiles recorded;
  private final Readers readers;
  private final Map<Path, ImageNode> nodes = new LinkedHashMap<>();

  /**
   * @param root real path of the adopted directory
   * @param home the home, which need not exist
   */
  ImageGraph(
      AdoptionRequest request,
      Path root,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      RecordedFiles recorded) {
    this.request = request;
    this.root = root;
    this.allowed =
        request.allowed().stream().map(files::realPath).collect(ImmutableSet.toImmutableSet());
    this.home = home;
    this.files = files;
    this.images = images;
    this.recorded = recorded;
    this.readers = new Readers(files);
  }

  /** Connects the files of the directory, and the allowed files below them. */
  Collection<ImageNode> connect(Collection<ScannedFile> scanned) {
    scanned.forEach(file -> nodes.put(file.path(), new ImageNode(file, true)));
    Deque<ImageNode> open = new ArrayDeque<>(nodes.values());
    while (!open.isEmpty()) {
      ImageNode node = open.removeFirst();
      node.setBelow(belowOf(node, open));
    }
    return ImmutableList.copyOf(nodes.values());
  }

  /** {@return images and the files below them, each before the files that back onto it} */
  static ImmutableSet<ImageNode> bottomUp(Collection<ImageNode> images) {
    Set<ImageNode> ordered = new LinkedHashSet<>();
    for (ImageNode image : images) {
      Deque<ImageNode> chain = new ArrayDeque<>();
      ImageNode node = image;
      while (!ordered.contains(node)) {
        chain.push(node);
        if (!(node.below() instanceof Below.Node below)) {
          break;
        }
        node = below.node();
      }
      ordered.addAll(chain);
    }
    return ImmutableSet.copyOf(ordered);
  }

  private Below belowOf(ImageNode node, Deque<ImageNode> open) {
    BackingFile backing = node.file().header() == null ? null : node.file().header().backing();
    if (backing == null) {
      return new Below.Nothing();
    }
    Path image = node.path();
    try {
      Path named = BackingNames.resolve(image, backing.name());
      Path real = realPath(named);
      return belowOf(node, real, backing, open);
    } catch (BaseDiskException unusable) {
      return new Below.Unusable(Fault.of(image, unusable));
    }
  }

  private Path realPath(Path named) {
    try {
      return files.realPath(named);
    } catch (NotFoundException missing) {
      throw new NotFoundException(
          "its backing file " + named + " is missing", new Remedy.BringFileBack(named), missing);
    }
  }

  private Below belowOf(ImageNode node, Path real, BackingFile backing, Deque<ImageNode> open) {
    ImageFormat format = formatOf(backing);
    // Named, even if it can't be used: a box that writes to it would damage the image above it.
    Optional<ImageNode> below = nodeAt(real, open);
    below.ifPresent(found -> found.addName(node, format));
    Optional<Fault> fault = faultOfName(node, real, backing, format);
    if (fault.isPresent()) {
      return new Below.Unusable(fault.get());
    }
    Optional<BaseDisk> base = recorded.baseAt(real);
    if (base.isPresent()) {
      return recordedBase(base.get(), format);
    }
    return below.<Below>map(Below.Node::new).orElseGet(() -> new Below.Unusable(outside(real)));
  }

  /** {@return the node of a file; empty if the file may not be opened} */
  private Optional<ImageNode> nodeAt(Path real, Deque<ImageNode> open) {
    ImageNode known = nodes.get(real);
    if (known != null) {
      return Optional.of(known);
    }
    boolean mayOpen =
        !real.startsWith(home.home())
            && (allowed.contains(real) || real.startsWith(root))
            && recorded.baseAt(real).isEmpty();
    Optional<FileStatus> status = mayOpen ? files.status(real) : Optional.empty();
    if (status.filter(FileStatus::isRegularFile).isEmpty()) {
      return Optional.empty();
    }
    ImageNode added = new ImageNode(ScannedFile.of(real, status.get(), images), false);
    nodes.put(real, added);
    open.addLast(added);
    return Optional.of(added);
  }

  private Optional<Fault> faultOfName(
      ImageNode node, Path real, BackingFile backing, @Nullable ImageFormat format) {
    if (format == null) {
      return Optional.of(
          backing.format() == null
              ? Fault.of(
                  "does not say the format of its backing file "
                      + real
                      + ", and a format is never guessed",
                  new Remedy.SetBackingFormat(node.path(), real))
              : Fault.of(
                  "the format \"" + backing.format() + "\" of its backing file is not supported"));
    }
    Optional<BoxId> box = recorded.boxWithDisk(real);
    if (box.isPresent()) {
      return Optional.of(
          Fault.of("backs onto " + real + ", the disk of box " + box.get() + ", which changes it"));
    }
    if (!allowed.contains(real) && !readers.mayRead(node.file().status(), real)) {
      return Optional.of(
          Fault.of(
              "backs onto "
                  + real
                  + ", which user "
                  + node.file().status().owner()
                  + ", who owns the image, can't read",
              new Remedy.AllowBacking(real)));
    }
    return Optional.empty();
  }

  private @Nullable ImageFormat formatOf(BackingFile backing) {
    if (backing.format() == null) {
      return request.unstatedFormat();
    }
    for (ImageFormat format : ImageFormat.values()) {
      if (format.label().equals(backing.format())) {
        return format;
      }
    }
    return null;
  }

  private Below recordedBase(BaseDisk base, @Nullable ImageFormat format) {
    if (base.diskInfo().format() != format) {
      return new Below.Unusable(
          Fault.of(
              "names another format than "
                  + base.diskInfo().format().label()
                  + " for base "
                  + base.id()));
    }
    recorded.requireIntact(base.id());
    return new Below.Recorded(base);
  }

  private Fault outside(Path real) {
    if (real.startsWith(home.home())) {
      return Fault.of("backs onto " + real + ", which is in the home and is not a base");
    }
    if (real.startsWith(root) || allowed.contains(real)) {
      return Fault.of("backs onto " + real + ", which is not a regular file that can be adopted");
    }
    return Fault.of(
        "backs onto " + real + ", which is outside " + root, new Remedy.AllowBacking(real));
  }
}
