package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Content;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
  record KeptBase(
      BaseDiskId id, BaseDiskKind kind, BoxId source, SnapshotName name, Content content) {}

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

  Optional<KeptBase> rootfs(SnapshotName key) {
    return rootfs().stream().filter(base -> key.equals(base.name())).findFirst();
  }

  /** Keeps a rootfs, in place of any other with its key: that one is kept no longer. */
  void keepRootfs(KeptBase rootfs, CacheEntry entry) {
    rootfs(rootfs.name()).ifPresent(old -> forget(old.id()));
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

  /** Returns the snapshots that have a name, by which they can be restored and removed. */
  ImmutableList<KeptBase> namedSnapshots() {
    return kept.values().stream()
        .filter(base -> base.kind() == BaseDiskKind.SNAPSHOT && base.name() != null)
        .collect(ImmutableList.toImmutableList());
  }

  boolean hasName(BoxId source, SnapshotName name) {
    return kept.values().stream()
        .anyMatch(base -> base.source().equals(source) && name.equals(base.name()));
  }
}
