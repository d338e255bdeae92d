package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.adopt.ImageNode.Below;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which adopted files move into the home, and how their headers change. A file stays if an
 * image that stays or is left out names it: that image would lose its backing file. A raw file
 * stays too, because only a conversion could make it a base of the home. Not thread-safe.
 */
final class HomePlacement {

  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final Function<ImageNode, Path> targetOf;
  private final Map<ImageNode, Optional<String>> reasons = new HashMap<>();

  /**
   * @param targetOf returns the path of an adopted file in the home
   */
  HomePlacement(DiskImages images, ImageLocks imageLocks, Function<ImageNode, Path> targetOf) {
    this.images = images;
    this.imageLocks = imageLocks;
    this.targetOf = targetOf;
  }

  /**
   * Decides for all files.
   *
   * @param adopted the adopted files, each before the files that back onto it
   */
  void decide(ImmutableList<ImageNode> adopted) {
    for (ImageNode node : adopted.reverse()) {
      reasons.put(node, reasonToStay(node));
    }
  }

  /** {@return why a file stays where it is, as a clause for people; empty if it moves} */
  Optional<String> whyStays(ImageNode node) {
    return reasons.getOrDefault(node, Optional.of("is left out"));
  }

  private Optional<String> reasonToStay(ImageNode node) {
    if (node.format() == ImageFormat.RAW) {
      return Optional.of("is raw, and bases in the home are qcow2");
    }
    if (!node.isInTree()) {
      return Optional.of("is outside the directory");
    }
    for (ImageNode above : node.namedBy()) {
      if (whyStays(above).isPresent()) {
        return Optional.of(above.path() + " backs onto it, and is not moved");
      }
    }
    return imageLocks.openedBy(node.path()).map(who -> "is " + who).or(() -> obstacle(node));
  }

  /** {@return why the header of a file can't get its new backing name, whichever that will be} */
  private Optional<String> obstacle(ImageNode node) {
    try {
      if (node.below() instanceof Below.Node below) {
        if (below.node().format() == ImageFormat.QCOW2) {
          images.planBackingName(node.path(), targetOf.apply(below.node()));
        }
        images.planBackingName(node.path(), below.node().path());
      } else if (node.below() instanceof Below.Recorded recorded) {
        images.planBackingName(node.path(), recorded.base().diskInfo().basePath());
      }
      return Optional.empty();
    } catch (BaseDiskException noRoom) {
      return Optional.of(Fault.of(node.path(), noRoom).why());
    }
  }

  /**
   * {@return the change of a moved file's header; null if its backing name stays}
   *
   * @param node a file that moves
   */
  @Nullable HeaderPatch patchOf(ImageNode node) {
    Path backing = finalBackingOf(node);
    if (backing == null || isNamed(node, backing)) {
      return null;
    }
    HeaderPatch patch = images.planBackingName(node.path(), backing);
    return patch.isEmpty() ? null : patch;
  }

  private @Nullable Path finalBackingOf(ImageNode node) {
    if (node.below() instanceof Below.Recorded recorded) {
      return recorded.base().diskInfo().basePath();
    }
    if (node.below() instanceof Below.Node below) {
      return whyStays(below.node()).isPresent()
          ? below.node().path()
          : targetOf.apply(below.node());
    }
    return null;
  }

  /** {@return whether a header names exactly that path already} */
  private static boolean isNamed(ImageNode node, Path backing) {
    BackingFile named = node.file().header() == null ? null : node.file().header().backing();
    if (named == null || !named.name().startsWith("/")) {
      return false;
    }
    try {
      return BackingNames.resolve(node.path(), named.name()).toString().equals(backing.toString());
    } catch (InvalidImageException notAPath) {
      return false;
    }
  }
}
