package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Content;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a home must contain, as plainly as it can be said: boxes with the content of their disks,
 * and the bases that users keep. It knows of no chain.
 */
final class FleetModel {

  /** Boxes, in the order in which they were made. */
  private final Map<BoxId, ModelBox> boxes = new LinkedHashMap<>();

  /** The bases that no collection may take, in the order in which they were made. */
  private final Map<BaseDiskId, KeptBase> kept = new LinkedHashMap<>();

  /** What the cache knows of each rootfs. */
  private final Map<BaseDiskId, CacheEntry> cache = new HashMap<>();

  /** Bases that a user had removed, and that are kept again since the store was made anew. */
  private final Set<BaseDiskId> recovered = new HashSet<>();

  /** A box, and what its guest reads from each of its disks. */
  record ModelBox(BoxId id, Path disksDir, Map<DiskSlot, Content> disks) {

    Path disk(DiskSlot slot) {
      return disksDir.resolve(slot.fileName());
    }

    Content container() {
      return disks.get(DiskSlot.CONTAINER);
    }
  }

  /**
   * A snapshot or a rootfs.
   *
   * @param name null for none
   */
  record KeptBase(BaseDiskId id, BaseDiskKind kind, BoxId source, BaseName name, Content content) {

    /** Returns the name of a snapshot. */
    SnapshotName snapshotName() {
      return (SnapshotName) name;
    }

    /** Returns the key of a rootfs. */
    RootfsKey key() {
      return (RootfsKey) name;
    }
  }

  /**
   * What the cache knows of a rootfs.
   *
   * @param hasDigest whether the same content is recognized when it is added again
   */
  record CacheEntry(boolean hasDigest, Instant lastUsedAt) {

    CacheEntry usedAt(Instant time) {
      return new CacheEntry(hasDigest, time);
    }
  }

  // Boxes.

  void addBox(BoxId box, Path disksDir, Content container) {
    Map<DiskSlot, Content> disks = new EnumMap<>(DiskSlot.class);
    disks.put(DiskSlot.CONTAINER, container);
    boxes.put(box, new ModelBox(box, disksDir, disks));
  }

  /** Removes a box, and its snapshots. */
  void removeBox(BoxId box) {
    boxes.remove(box);
    kept.values()
        .removeIf(base -> base.kind() == BaseDiskKind.SNAPSHOT && base.source().equals(box));
  }

  ImmutableList<ModelBox> boxes() {
    return ImmutableList.copyOf(boxes.values());
  }

  /** Returns a box that there is. */
  ModelBox box(BoxId box) {
    return boxes.get(box);
  }

  boolean hasBox(BoxId box) {
    return boxes.containsKey(box);
  }

  // Bases.

  void keep(KeptBase base) {
    kept.put(base.id(), base);
  }

  void forget(BaseDiskId base) {
    kept.remove(base);
    cache.remove(base);
  }

  ImmutableList<KeptBase> kept() {
    return ImmutableList.copyOf(kept.values());
  }

  ImmutableList<KeptBase> rootfs() {
    return kept.values().stream()
        .filter(base -> base.kind() == BaseDiskKind.ROOTFS)
        .collect(ImmutableList.toImmutableList());
  }

  Optional<KeptBase> rootfs(RootfsKey key) {
    return rootfs().stream().filter(base -> key.equals(base.name())).findFirst();
  }

  /** Keeps a rootfs, in place of any other with its key: that one is kept no longer. */
  void keepRootfs(KeptBase rootfs, CacheEntry entry) {
    rootfs(rootfs.key()).ifPresent(old -> forget(old.id()));
    keep(rootfs);
    cache.put(rootfs.id(), entry);
  }

  void noteUse(BaseDiskId rootfs, Instant time) {
    cache.computeIfPresent(rootfs, (id, entry) -> entry.usedAt(time));
  }

  CacheEntry cacheEntry(BaseDiskId rootfs) {
    return cache.get(rootfs);
  }

  /** Returns each rootfs, of two that were last used at the same time the older one first. */
  ImmutableList<KeptBase> leastRecentlyUsedFirst() {
    return rootfs().stream()
        .sorted(Comparator.comparing(base -> cacheEntry(base.id()).lastUsedAt()))
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<KeptBase> snapshotsOf(BoxId box) {
    return kept.values().stream()
        .filter(base -> base.kind() == BaseDiskKind.SNAPSHOT && base.source().equals(box))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the snapshots of boxes that have a name, by which they can be restored and removed. */
  ImmutableList<KeptBase> namedSnapshots() {
    return kept.values().stream()
        .filter(base -> base.kind() == BaseDiskKind.SNAPSHOT && base.name() != null)
        .filter(base -> hasBox(base.source()))
        .collect(ImmutableList.toImmutableList());
  }

  boolean hasName(BoxId source, SnapshotName name) {
    return kept.values().stream()
        .anyMatch(base -> base.source().equals(source) && name.equals(base.name()));
  }

  void clear() {
    boxes.clear();
    kept.clear();
    cache.clear();
  }

  // After an accident.

  /** Returns a model of its own that is as this one is now. */
  FleetModel copy() {
    FleetModel copy = new FleetModel();
    boxes.values().forEach(box -> copy.put(box, box.disksDir()));
    copy.kept.putAll(kept);
    copy.cache.putAll(cache);
    copy.recovered.addAll(recovered);
    return copy;
  }

  private void put(ModelBox box, Path disksDir) {
    Map<DiskSlot, Content> disks = new EnumMap<>(DiskSlot.class);
    disks.putAll(box.disks());
    boxes.put(box.id(), new ModelBox(box.id(), disksDir, disks));
  }

  /** Notes that the home is at another path now. */
  void relocate(Path from, Path to) {
    for (ModelBox box : boxes()) {
      if (box.disksDir().startsWith(from)) {
        put(box, to.resolve(from.relativize(box.disksDir())));
      }
    }
  }

  /** Notes that a box is another home's. */
  void leaveOut(BoxId box) {
    boxes.remove(box);
  }

  /** Returns whether an older store may have it as what a user has removed. */
  boolean isRecovered(KeptBase base) {
    return recovered.contains(base.id());
  }

  /**
   * Takes the order of boxes and bases, names, and what the cache knows, from the records: a store
   * that was made anew has them from the files, which know less. Nothing may be lost.
   */
  void takeRecords(World world) {
    List<ModelBox> ordered =
        Lists.reverse(world.boxes().list()).stream()
            .map(details -> details.box().id())
            .filter(boxes::containsKey)
            .map(boxes::get)
            .toList();
    assertEquals(ImmutableSet.copyOf(boxes.values()), ImmutableSet.copyOf(ordered), "boxes");
    boxes.clear();
    ordered.forEach(box -> boxes.put(box.id(), box));
    Map<BaseDiskId, KeptBase> before = new LinkedHashMap<>(kept);
    kept.clear();
    for (BaseDetails details : Lists.reverse(world.bases().list(BaseFilter.ALL))) {
      BaseDisk base = details.base();
      if (Needs.isKept(base)) {
        KeptBase known = before.remove(base.id());
        if (known == null) {
          recovered.add(base.id());
        }
        Content content =
            known == null ? world.read(world.home().baseFile(base.id())) : known.content();
        keep(new KeptBase(base.id(), base.kind(), base.sourceBoxId(), base.name(), content));
      }
    }
    before.keySet().removeAll(recovered);
    assertEquals(ImmutableMap.of(), before, "snapshots and rootfs that are kept no longer");
    cache.clear();
    world
        .rootfs()
        .list()
        .forEach(
            entry ->
                cache.put(
                    entry.details().base().id(),
                    new CacheEntry(entry.digest() != null, entry.lastUsedAt())));
  }
}
