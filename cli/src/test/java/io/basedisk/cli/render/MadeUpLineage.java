package io.basedisk.cli.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.space.SpaceAccounts;
import io.basedisk.domain.space.SpaceReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A lineage in memory, made up base by base, oldest first. */
final class MadeUpLineage {

  static final long GIB = 1L << 30;
  static final long MIB = 1L << 20;

  private static final Instant START = Instant.parse("2026-03-02T08:12:00Z");
  private static final Path HOME = Path.of("/srv/basedisk");
  private static final String ID_CHARACTERS =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  /** The time from one base to the next. */
  private final Duration apart;

  private final Random random = new Random(7);
  private final List<BaseDisk> bases = new ArrayList<>();
  private final Map<BaseDiskId, Long> allocated = new HashMap<>();
  private final Map<BoxId, Long> boxes = new LinkedHashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private final List<Hold> holds = new ArrayList<>();

  MadeUpLineage(Duration apart) {
    this.apart = apart;
  }

  /** Adds a base; {@code parent} and {@code name} may be null. */
  BaseDiskId base(BaseDiskKind kind, String of, String name, BaseDiskId parent, long bytes) {
    BaseDiskId id = newId();
    return add(kind, of, name, parent, bytes, new DiskInfo(baseFile(id), 20 * GIB, bytes), id);
  }

  /** Adds a base that was there before. */
  BaseDiskId foreign(String file, long bytes) {
    DiskInfo disk = new DiskInfo(Path.of(file), ImageFormat.RAW, true, bytes, bytes);
    return add(BaseDiskKind.CLONE_BASE, "__global__", null, null, bytes, disk, newId());
  }

  private BaseDiskId add(
      BaseDiskKind kind,
      String of,
      String name,
      BaseDiskId parent,
      long bytes,
      DiskInfo disk,
      BaseDiskId id) {
    bases.add(
        new BaseDisk(
            id,
            kind == BaseDiskKind.ROOTFS ? BoxId.GLOBAL : new BoxId(of),
            name == null ? null : BaseName.of(kind, name),
            kind,
            disk,
            parent,
            START.plus(apart.multipliedBy(bases.size()))));
    allocated.put(id, bytes);
    return id;
  }

  private static Path baseFile(BaseDiskId id) {
    return HOME.resolve("bases").resolve(id.fileName());
  }

  private BaseDiskId newId() {
    StringBuilder id = new StringBuilder();
    while (id.length() < 8) {
      id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
    }
    return new BaseDiskId(id.toString());
  }

  /** Adds a box on a base; {@code base} may be null. */
  void box(String name, BaseDiskId base, long bytes) {
    BoxId box = BoxId.of(name);
    boxes.put(box, bytes);
    if (base != null) {
      references.add(new Reference(base, box, DiskSlot.CONTAINER));
    }
  }

  void hold(BaseDiskId base) {
    holds.add(new Hold(base, Hold.Reason.FORGOTTEN_BOX, Path.of("/vm/old web/disk.qcow2")));
  }

  BaseDiskId last() {
    return bases.get(bases.size() - 1).id();
  }

  int size() {
    return bases.size();
  }

  TreeDocument tree() {
    ImmutableList<BaseDisk> newestFirst = ImmutableList.copyOf(Lists.reverse(bases));
    Map<BaseDiskId, Node> nodes = new HashMap<>();
    List<Node> roots = new ArrayList<>();
    for (BaseDetails details : BaseDetails.ofAll(newestFirst, references)) {
      // The children are newer, so that their nodes are there.
      Node node =
          new Node(
              details,
              details.children().stream().map(nodes::get).collect(ImmutableList.toImmutableList()));
      nodes.put(details.base().id(), node);
      if (details.base().parentId() == null) {
        roots.add(node);
      }
    }
    Set<BoxId> onBases = references.stream().map(Reference::box).collect(Collectors.toSet());
    return new TreeDocument(
        ImmutableList.copyOf(roots),
        boxes.keySet().stream()
            .filter(box -> !onBases.contains(box))
            .collect(ImmutableList.toImmutableList()),
        ImmutableList.copyOf(holds),
        TreeFigures.of(space(newestFirst)));
  }

  private SpaceReport space(ImmutableList<BaseDisk> newestFirst) {
    SpaceAccounts accounts =
        new SpaceAccounts(
            newestFirst, ImmutableList.copyOf(references), base -> allocated.get(base.id()));
    ImmutableList<BaseSpace> ofBases =
        newestFirst.stream().map(accounts::of).collect(ImmutableList.toImmutableList());
    ImmutableList<BoxSpace> ofBoxes =
        boxes.entrySet().stream()
            .map(box -> accounts.of(box.getKey(), box.getValue()))
            .collect(ImmutableList.toImmutableList());
    return new SpaceReport(
        ofBases,
        ofBoxes,
        ofBases.stream().mapToLong(BaseSpace::allocatedBytes).sum()
            + ofBoxes.stream().mapToLong(BoxSpace::allocatedBytes).sum(),
        accounts.unheld().stream().mapToLong(base -> allocated.get(base.id())).sum());
  }

  HtmlDocument page() {
    return new HtmlDocument(tree(), HOME.toString(), "basedisk", START.plus(Duration.ofDays(260)));
  }

  /**
   * Ten bases: a rootfs, a golden image with a fleet, a build box with snapshots, and leftovers.
   */
  static MadeUpLineage ofTen() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(31));
    BaseDiskId debian = home.base(BaseDiskKind.ROOTFS, "", "debian-12", null, 1_420 * MIB);
    BaseDiskId installed =
        home.base(BaseDiskKind.SNAPSHOT, "golden", "installed", debian, 2_310 * MIB);
    BaseDiskId patched =
        home.base(BaseDiskKind.SNAPSHOT, "golden", "patched", installed, 640 * MIB);
    BaseDiskId fleet = home.base(BaseDiskKind.CLONE_BASE, "golden", null, patched, 96 * MIB);
    BaseDiskId toolchain =
        home.base(BaseDiskKind.SNAPSHOT, "build", "toolchain", debian, 3_120 * MIB);
    BaseDiskId nightly = home.base(BaseDiskKind.SNAPSHOT, "build", "nightly", toolchain, 880 * MIB);
    BaseDiskId web2 = home.base(BaseDiskKind.CLONE_BASE, "web-2", null, fleet, 410 * MIB);
    BaseDiskId raw = home.foreign("/srv/images/legacy db.raw", 4 * GIB);
    BaseDiskId old = home.base(BaseDiskKind.CLONE_BASE, "db", null, raw, 1_200 * MIB);
    home.base(BaseDiskKind.ROOTFS, "", "alpine-3.22", null, 310 * MIB);
    home.box("golden", fleet, 12 * MIB);
    for (int i = 1; i <= 12; i++) {
      home.box("web-" + i, i == 2 || i == 9 ? web2 : fleet, (40 + 37L * i % 300) * MIB);
    }
    home.box("build", nightly, 1_870 * MIB);
    home.box("build-try", toolchain, 240 * MIB);
    home.box("db", raw, 900 * MIB);
    home.box("scratch", null, 3 * MIB);
    home.hold(old);
    return home;
  }

  /** A fleet of any size: rootfs entries, golden images, chains of nightly snapshots, clones. */
  static MadeUpLineage fleet(int bases) {
    MadeUpLineage home = new MadeUpLineage(Duration.ofDays(259).dividedBy(bases));
    Random random = new Random(42);
    List<BaseDiskId> roots = new ArrayList<>();
    for (String key : List.of("debian-12", "ubuntu-24.04", "fedora-42", "alpine-3.22")) {
      roots.add(home.base(BaseDiskKind.ROOTFS, "", key, null, (400 + random.nextInt(1200)) * MIB));
    }
    int box = 0;
    int product = 0;
    while (home.size() < bases) {
      product++;
      BaseDiskId root = roots.get(random.nextInt(roots.size()));
      String golden = "golden-" + product;
      BaseDiskId base =
          home.base(
              BaseDiskKind.SNAPSHOT, golden, "installed", root, (300 + random.nextInt(3000)) * MIB);
      home.box(golden, base, random.nextInt(50) * MIB);
      int chain = Math.min(bases - home.size(), 1 + random.nextInt(60));
      for (int night = 1; night <= chain; night++) {
        boolean named = random.nextInt(3) > 0;
        BaseDiskId next =
            home.base(
                named ? BaseDiskKind.SNAPSHOT : BaseDiskKind.CLONE_BASE,
                golden,
                named ? "nightly-" + night : null,
                random.nextInt(5) == 0 ? base : home.last(),
                (1 + random.nextInt(400)) * MIB);
        int clones = random.nextInt(4) == 0 ? random.nextInt(30) : random.nextInt(3);
        for (int i = 0; i < clones; i++) {
          home.box("c" + ++box, next, (1 + random.nextInt(200)) * MIB);
        }
      }
    }
    return home;
  }
}
