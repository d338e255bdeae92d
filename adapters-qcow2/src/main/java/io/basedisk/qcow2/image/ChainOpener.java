package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Opens the layers of a chain, top first. If a layer can't be opened, the layers before it are
 * closed.
 */
final class ChainOpener {

  private final OperatingSystem system = OperatingSystem.current();
  private final TableCache cache = new TableCache();
  private final ClusterDecoders decoders;
  private final List<DiskLayer> layers = new ArrayList<>();
  private final ImmutableList.Builder<LayerFile> files = ImmutableList.builder();

  /** The snapshot of the top layer to open; null for its present disk. */
  private @Nullable SnapshotChoice snapshot;

  private ChainOpener(ClusterDecoders decoders) {
    this.decoders = decoders;
  }

  /** Opens every layer read-only. The files must not change while the chain is open. */
  static Chain open(List<LayerFile> files) {
    ChainOpener opener = new ChainOpener(new ClusterDecoders());
    return opener.chain(() -> opener.openNamed(files));
  }

  /** Opens every layer by its recorded path, and checks that it is the recorded file. */
  static Chain openRecorded(List<ChainFile> files) {
    ChainOpener opener = new ChainOpener(new ClusterDecoders());
    return opener.chain(
        () ->
            opener.openNamed(
                files.stream().map(file -> new LayerFile(file.path(), file.format())).toList(),
                layer -> opener.pinRecorded(files.get(layer))));
  }

  /** Opens the layers below an open top layer. If this fails, it closes the top layer. */
  static Chain openBelow(Qcow2Layer top, List<LayerFile> files, ClusterDecoders decoders) {
    ChainOpener opener = new ChainOpener(decoders);
    opener.add(top, files.get(0).path());
    return opener.chain(() -> opener.openNamed(files));
  }

  /**
   * Opens an image and the backing files that the headers name, as far as the policy allows them.
   */
  static Chain open(Path image, ImageFormat format, OpenPolicy policy) {
    ChainOpener opener = new ChainOpener(new ClusterDecoders());
    return opener.chain(() -> opener.follow(image, format, new Gate(policy, opener.system)));
  }

  /** Opens an internal snapshot of an image, and the backing files like {@link #open}. */
  static Chain openSnapshot(Path image, OpenPolicy policy, SnapshotChoice snapshot) {
    ChainOpener opener = new ChainOpener(new ClusterDecoders());
    opener.snapshot = snapshot;
    return opener.chain(
        () -> opener.follow(image, ImageFormat.QCOW2, new Gate(policy, opener.system)));
  }

  private Chain chain(Runnable opening) {
    try {
      opening.run();
      return new Chain(ImmutableList.copyOf(layers), files.build(), decoders);
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
  }

  private void closeAll(RuntimeException cause) {
    for (DiskLayer layer : layers) {
      try {
        layer.close();
      } catch (RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void add(DiskLayer layer, Path path) {
    layers.add(layer);
    files.add(new LayerFile(path, layer instanceof RawLayer ? ImageFormat.RAW : ImageFormat.QCOW2));
  }

  // Files named by the caller.

  private void openNamed(List<LayerFile> named) {
    Gate gate = new Gate(OpenPolicy.nothing(), system);
    openNamed(named, layer -> gate.pinNamed(named.get(layer).path()));
  }

  private PinnedFile pinRecorded(ChainFile file) {
    try {
      PinnedFile pinned = system.pin(file.path());
      // A device is no file of a home. A record can't have its identity, unless the record is
      // wrong.
      if (pinned.status().isRegularFile() && pinned.status().identity().equals(file.identity())) {
        return pinned;
      }
      pinned.close();
    } catch (IOException e) {
      throw ImageFailure.of(file.path(), e);
    }
    throw new RefusedException(
        file.path() + ": was changed: it is another file than when its chain was read");
  }

  private void openNamed(List<LayerFile> named, IntFunction<PinnedFile> pinning) {
    if (named.isEmpty()) {
      throw new IllegalArgumentException("a chain has at least one layer");
    }
    for (int i = 0; i < named.size(); i++) {
      if (i == layers.size()) {
        LayerFile file = named.get(i);
        try (Pin pin = new Pin(pinning.apply(i))) {
          add(layer(pin.file, file.path(), file.format()), file.path());
        }
      }
      requireEnd(layers.get(i), i == named.size() - 1);
    }
  }

  /**
   * Checks the number of layers: with one too few or too many, the disk would have wrong content.
   */
  private static void requireEnd(DiskLayer layer, boolean last) {
    boolean end = layer.backing().isEmpty();
    if (end && !last) {
      throw new InvalidArgumentException(
          layer.file().path() + ": has no backing file, but more layers were named");
    }
    if (last && !end) {
      throw new InvalidArgumentException(
          layer.file().path() + ": has a backing file, but no more layers were named");
    }
  }

  // Files named by the images.

  private void follow(Path image, ImageFormat format, Gate gate) {
    Set<FileIdentity> visited = new HashSet<>();
    Optional<BackingFile> backing;
    try (Pin pin = new Pin(gate.pinNamed(image))) {
      visited.add(pin.file.status().identity());
      backing = open(pin, image, format);
    }
    Path above = image;
    while (backing.isPresent()) {
      Path named = BackingNames.resolve(above, backing.get().name());
      try (Pin pin = new Pin(gate.pinBacking(above, named))) {
        if (!visited.add(pin.file.status().identity())) {
          throw new BrokenChainException(
              Break.CYCLE, above + ": its backing chain is a cycle through " + named);
        }
        backing = openBacking(pin, above, named, backing.get().format());
      }
      above = named;
    }
  }

  private Optional<BackingFile> openBacking(
      Pin pin, Path above, Path named, @Nullable String format) {
    if (format != null) {
      return open(pin, named, formatOf(above, format));
    }
    // QEMU probes the content, which a guest may have written. Here, the file is qcow2 or refused.
    try {
      return open(pin, named, ImageFormat.QCOW2);
    } catch (InvalidImageException e) {
      throw new InvalidImageException(
          above
              + ": does not say which format its backing file has, and as qcow2 it is not valid: "
              + e.getMessage(),
          e);
    }
  }

  private static ImageFormat formatOf(Path image, String label) {
    for (ImageFormat format : ImageFormat.values()) {
      if (format.label().equals(label)) {
        return format;
      }
    }
    throw new InvalidImageException(
        image + ": the format \"" + label + "\" of its backing file is not supported");
  }

  private Optional<BackingFile> open(Pin pin, Path name, ImageFormat format) {
    DiskLayer layer = layer(pin.file, name, format);
    add(layer, pin.file.realPath());
    return layer.backing();
  }

  // One layer.

  private DiskLayer layer(PinnedFile pinned, Path name, ImageFormat format) {
    ImageFile file = ImageFile.openPinned(pinned, name);
    Holes holes = new Holes(pinned.realPath(), pinned.status(), system);
    if (format == ImageFormat.RAW) {
      return new RawLayer(file, holes);
    }
    try {
      Header header = ImageMetadata.readHeader(file);
      if (snapshot != null && layers.isEmpty()) {
        header = SnapshotHeader.of(file, header, snapshot);
      }
      CachedTables tables = new CachedTables(cache, layers.size(), file, header);
      return new Qcow2Layer(
          file, header, tables, decoders, new PreallocatedHoles(file, header, holes));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** A pinned file, unpinned on close. */
  private record Pin(PinnedFile file) implements AutoCloseable {
    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw ImageFailure.of(file.realPath(), e);
      }
    }
  }
}
