package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.model.ForeignHome.ForeignBase;
import io.basedisk.domain.model.ForeignHome.ForeignBox;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.FakeForeignHomes;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A home of BoxLite in the memory of a fleet. */
final class BoxLiteTree {

  static final Path ROOT = Path.of("/u/boxlite");
  static final long CREATED = 1_600_000_000;

  private static final long SIZE = 1 << 20;

  final Fleet fleet;
  final InMemoryDisks disks;
  private final List<ForeignBox> boxes = new ArrayList<>();
  private final List<ForeignBase> bases = new ArrayList<>();

  BoxLiteTree() {
    this(new Fleet());
  }

  BoxLiteTree(Fleet fleet) {
    this.fleet = fleet;
    this.disks = fleet.disks;
    disks.withDirectory(ROOT.resolve("db"));
    save();
  }

  /**
   * Makes a home with a raw bottom, a rootfs entry on it, a snapshot, a clone base below two boxes,
   * and a box of its own.
   */
  static BoxLiteTree ofAll() {
    return new BoxLiteTree()
        .raw("images/disk-images/sha256-1.ext4")
        .overlay("bases/rootfs01.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("__global__", "debian-1234", BaseDiskKind.ROOTFS, "bases/rootfs01.qcow2")
        .overlay("bases/snap0001.qcow2", "bases/rootfs01.qcow2", "qcow2")
        .base("box1", "clean", BaseDiskKind.SNAPSHOT, "bases/snap0001.qcow2")
        .overlay("bases/clone001.qcow2", "bases/snap0001.qcow2", "qcow2")
        .base("box1", null, BaseDiskKind.CLONE_BASE, "bases/clone001.qcow2")
        .overlay(disk("box1"), "bases/clone001.qcow2", "qcow2")
        .box("box1", "web")
        .overlay(disk("box2"), "bases/clone001.qcow2", "qcow2")
        .box("box2", "copy")
        .image(disk("box3"))
        .box("box3", null);
  }

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  static String disk(String box) {
    return "boxes/" + box + "/disks/disk.qcow2";
  }

  // Files.

  BoxLiteTree image(String name) {
    disks.makeDisk(file(name), SIZE);
    disks.guestWrites(file(name), 1, name);
    return this;
  }

  BoxLiteTree raw(String name) {
    disks.withDirectory(file(name).getParent());
    disks.writeBytes(file(name), ("raw " + name).getBytes(StandardCharsets.UTF_8));
    disks.sync(file(name));
    disks.sync(file(name).getParent());
    return this;
  }

  BoxLiteTree overlay(String name, String backing, @Nullable String format) {
    disks.makeDisk(file(name), SIZE);
    disks.alterHeader(
        file(name),
        header -> withBacking(header, new BackingFile(ROOT.resolve(backing).toString(), format)));
    disks.guestWrites(file(name), 2 + Math.floorMod(name.hashCode(), 5), name);
    return this;
  }

  static ImageHeader withBacking(ImageHeader header, BackingFile backing) {
    return new ImageHeader(
        header.version(),
        header.virtualSize(),
        backing,
        header.dirty(),
        header.corrupt(),
        header.internalSnapshots(),
        header.persistentBitmaps());
  }

  // Records.

  BoxLiteTree box(String id, @Nullable String name) {
    return box(id, name, null, "stopped");
  }

  BoxLiteTree box(
      String id, @Nullable String name, @Nullable String directory, @Nullable String status) {
    boxes.add(new ForeignBox(id, name, directory, status, CREATED));
    return save();
  }

  BoxLiteTree base(String box, @Nullable String name, BaseDiskKind kind, String path) {
    bases.add(new ForeignBase(box, name, kind, ROOT.resolve(path).toString(), CREATED));
    return save();
  }

  private BoxLiteTree save() {
    Path database = FakeForeignHomes.database(ROOT);
    disks.writeBytes(
        database,
        FakeForeignHomes.text(
            new ForeignHome(ImmutableList.copyOf(boxes), ImmutableList.copyOf(bases))));
    disks.sync(database);
    disks.sync(database.getParent());
    return this;
  }

  // Use.

  HomeAdoptionPlan plan() {
    return fleet.useCases.homeAdoption().plan(ROOT);
  }

  HomeAdoptionPlan adopt() {
    return fleet.useCases.homeAdoption().adopt(plan());
  }

  /** Returns why each file is left out, by its path in the home. */
  Map<String, String> leftOut() {
    Map<String, String> leftOut = new TreeMap<>();
    plan().leftOut().forEach(file -> leftOut.put(nameOf(file.file()), file.why()));
    return leftOut;
  }

  private static String nameOf(Path file) {
    return file.startsWith(ROOT) ? ROOT.relativize(file).toString() : file.toString();
  }

  /** Returns what each file that a plan copies reads, by its path in this home or that one. */
  static Map<String, Map<Long, String>> reads(
      InMemoryDisks disks, HomeAdoptionPlan plan, boolean now) {
    Map<String, Map<Long, String>> reads = new TreeMap<>();
    for (HomeAdoptionPlan.Entry entry : plan.files()) {
      Path source = entry.file().source();
      if (!source.toString().endsWith(".ext4")) {
        Path read = now ? entry.file().made().path() : source;
        reads.put(nameOf(source), ImmutableMap.copyOf(disks.guestReads(read)));
      }
    }
    return reads;
  }

  /** Returns the content and the time of each file in the home. */
  static Map<Path, String> state(InMemoryDisks disks) {
    Map<Path, String> state = new TreeMap<>();
    for (Path path : disks.list()) {
      if (path.startsWith(ROOT) && disks.getStatus(path).isRegularFile()) {
        state.put(
            path,
            disks.getStatus(path).modifiedAt()
                + " "
                + new String(disks.readBytes(path), StandardCharsets.UTF_8));
      }
    }
    return state;
  }
}
