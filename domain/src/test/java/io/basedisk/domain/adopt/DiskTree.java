package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tree of disk files in the memory of a fleet, as other programs make them. */
final class DiskTree {

  static final Path ROOT = Path.of("/vms");

  private static final long SIZE = 1 << 20;

  final Fleet fleet;
  final InMemoryDisks disks;

  DiskTree() {
    this(new Fleet());
  }

  DiskTree(Fleet fleet) {
    this.fleet = fleet;
    this.disks = fleet.disks;
    disks.withDirectory(ROOT);
  }

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  /** Makes an image without a backing file that holds its name. */
  DiskTree image(String name) {
    disks.makeDisk(file(name), SIZE);
    return written(name, 1);
  }

  /** Makes a raw file. */
  DiskTree raw(String name) {
    disks.withDirectory(file(name).getParent());
    disks.writeBytes(file(name), ("raw " + name).getBytes(StandardCharsets.UTF_8));
    disks.sync(file(name));
    disks.sync(file(name).getParent());
    return this;
  }

  /** Makes an overlay of a qcow2 image, whose header names it with its absolute path. */
  DiskTree overlay(String name, String below) {
    return overlay(name, file(below).toString(), "qcow2");
  }

  /** Makes an overlay with any backing name and format. */
  DiskTree overlay(String name, String backing, @Nullable String format) {
    disks.makeDisk(file(name), SIZE);
    disks.alterHeader(file(name), header -> withBacking(header, new BackingFile(backing, format)));
    return written(name, 2);
  }

  private static ImageHeader withBacking(ImageHeader header, BackingFile backing) {
    return new ImageHeader(
        header.version(),
        header.virtualSize(),
        backing,
        header.dirty(),
        header.corrupt(),
        header.internalSnapshots(),
        header.persistentBitmaps());
  }

  private DiskTree written(String name, long cluster) {
    disks.guestWrites(file(name), cluster, name);
    return this;
  }

  AdoptionPlan plan(boolean intoHome) {
    return fleet.useCases.adoption().plan(request(intoHome));
  }

  AdoptionPlan adopt(boolean intoHome) {
    return fleet.useCases.adoption().adopt(plan(intoHome));
  }

  static AdoptionRequest request(boolean intoHome) {
    return new AdoptionRequest(ROOT, null, ImmutableSet.of(), intoHome);
  }

  static AdoptionRequest request(@Nullable ImageFormat format, Path... allowed) {
    return new AdoptionRequest(ROOT, format, ImmutableSet.copyOf(allowed), false);
  }

  /** Returns what the guests read from the disks of the boxes of a plan, by box. */
  static Map<String, Map<Long, String>> reads(InMemoryDisks disks, AdoptionPlan plan, boolean now) {
    Map<String, Map<Long, String>> reads = new TreeMap<>();
    for (AdoptionPlan.Entry box : plan.boxes()) {
      Path disk = now ? box.file().finalPath() : box.file().path();
      reads.put(
          box.box(plan.at()).orElseThrow().id().value(),
          ImmutableMap.copyOf(disks.guestReads(disk)));
    }
    return reads;
  }
}
