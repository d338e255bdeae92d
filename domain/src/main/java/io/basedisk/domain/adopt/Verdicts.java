package io.basedisk.domain.adopt;

import io.basedisk.domain.adopt.ImageNode.Below;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides which images can be adopted. An image can be if it and every file below it can be. Chains
 * may have any length, and cycles are found. Not thread-safe.
 */
final class Verdicts {

  private final HomeLayout home;
  private final DiskFiles files;
  private final ImageLocks imageLocks;
  private final RecordedFiles recorded;
  private final Function<ImageNode, Optional<Fault>> furtherCheck;
  private final Map<ImageNode, Optional<Fault>> bases = new HashMap<>();
  private final Map<Path, Boolean> homes = new HashMap<>();

  /**
   * @param furtherCheck finds one more fault of an image that has no other
   */
  Verdicts(
      HomeLayout home,
      DiskFiles files,
      ImageLocks imageLocks,
      RecordedFiles recorded,
      Function<ImageNode, Optional<Fault>> furtherCheck) {
    this.home = home;
    this.furtherCheck = furtherCheck;
    this.files = files;
    this.imageLocks = imageLocks;
    this.recorded = recorded;
  }

  /** {@return why an image that no other image names can't become a box; empty if it can} */
  Optional<Fault> ofDisk(ImageNode node) {
    Optional<Fault> own =
        faultOf(node).or(() -> faultOfDisk(node)).or(() -> furtherCheck.apply(node));
    return own.isPresent() ? own : belowOf(node).or(() -> faultBelow(node));
  }

  /** {@return why a file that images back onto can't become a base; empty if it can} */
  Optional<Fault> ofBase(ImageNode node) {
    Set<ImageNode> path = new LinkedHashSet<>();
    ImageNode current = node;
    while (!bases.containsKey(current)) {
      if (!path.add(current)) {
        bases.put(
            current,
            Optional.of(
                Fault.of(
                    "its backing chain is a cycle", new Remedy.ChangeBacking(current.path()))));
        break;
      }
      if (current.below() instanceof Below.Node below) {
        current = below.node();
      } else {
        break;
      }
    }
    List<ImageNode> upwards = new ArrayList<>(path);
    for (int i = upwards.size() - 1; i >= 0; i--) {
      ImageNode each = upwards.get(i);
      if (!bases.containsKey(each)) {
        bases.put(each, verdictOfBase(each));
      }
    }
    return bases.getOrDefault(node, Optional.empty());
  }

  private Optional<Fault> verdictOfBase(ImageNode node) {
    Optional<Fault> own =
        faultOf(node).or(() -> faultOfBase(node)).or(() -> furtherCheck.apply(node));
    if (own.isPresent()) {
      return own;
    }
    if (node.below() instanceof Below.Node below) {
      return bases
          .getOrDefault(below.node(), Optional.empty())
          .map(fault -> isLeftOut(below.node()));
    }
    return belowOf(node);
  }

  /** {@return the fault of an image whose backing file can be no base} */
  private Optional<Fault> faultBelow(ImageNode node) {
    return node.below() instanceof Below.Node below
        ? ofBase(below.node()).map(fault -> isLeftOut(below.node()))
        : Optional.empty();
  }

  private static Fault isLeftOut(ImageNode below) {
    return Fault.of("backs onto " + below.path() + ", which is left out");
  }

  private static Optional<Fault> belowOf(ImageNode node) {
    return node.below() instanceof Below.Unusable unusable
        ? Optional.of(unusable.fault())
        : Optional.empty();
  }

  // One file.

  private Optional<Fault> faultOf(ImageNode node) {
    Path file = node.path();
    Optional<BoxId> box = recorded.boxWithDisk(file);
    if (box.isPresent()) {
      return Optional.of(Fault.recorded("is the disk of box " + box.get() + " already"));
    }
    Optional<BaseDisk> base = recorded.baseAt(file);
    if (base.isPresent()) {
      return Optional.of(Fault.recorded("is base " + base.get().id() + " already"));
    }
    if (file.startsWith(home.home())) {
      return Optional.of(Fault.of("is in the home"));
    }
    if (isInHome(node.file().directory())) {
      return Optional.of(Fault.of("is in another home of basedisk"));
    }
    if (node.hasTwoFormats()) {
      return Optional.of(Fault.of("one image names it as qcow2, and another names it as raw"));
    }
    Fault unreadable = node.file().fault();
    if (node.format() == ImageFormat.QCOW2 && unreadable != null) {
      return Optional.of(unreadable);
    }
    return RegisteredDisks.oddityOf(node.file().status())
        .map(oddity -> Fault.of(oddity, new Remedy.RemoveOtherNames(file)))
        .or(() -> corruption(node));
  }

  private static Optional<Fault> corruption(ImageNode node) {
    return node.format() == ImageFormat.QCOW2
            && node.file().header() != null
            && node.file().header().corrupt()
        ? Optional.of(Fault.of("is marked as corrupt", new Remedy.RepairImage(node.path())))
        : Optional.empty();
  }

  private Optional<Fault> faultOfDisk(ImageNode node) {
    Path rootfs = AdoptedFile.guestRootfsOf(node.path());
    if (files.status(rootfs).isPresent() || recorded.boxWithDisk(rootfs).isPresent()) {
      return Optional.of(
          Fault.of("a guest-rootfs disk of its box would be " + rootfs + ", which exists"));
    }
    return Optional.empty();
  }

  private Optional<Fault> faultOfBase(ImageNode node) {
    return imageLocks
        .writtenBy(node.path())
        .map(who -> Fault.of("is " + who + ", and a base must not change"));
  }

  /** {@return whether a directory is in a home} Each directory is looked at once. */
  private boolean isInHome(Path directory) {
    List<Path> unknown = new ArrayList<>();
    Path current = directory;
    boolean isIn = false;
    while (current != null) {
      Boolean known = homes.get(current);
      if (known != null) {
        isIn = known;
        break;
      }
      unknown.add(current);
      if (TreeScan.isHome(current, files)) {
        isIn = true;
        break;
      }
      current = current.getParent();
    }
    for (Path each : unknown) {
      homes.put(each, isIn);
    }
    return isIn;
  }
}
