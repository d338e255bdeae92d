package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.StoreView;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What needs which base, by the store as it is at one moment: says beforehand what will be
 * collected, in the plainest way there is. It is changed by what it is asked.
 */
final class Needs {

  private final Map<BaseDiskId, BaseDisk> bases = new LinkedHashMap<>();
  private final Set<Reference> references;

  private Needs(StoreView view) {
    view.bases().list(BaseFilter.ALL).forEach(base -> bases.put(base.id(), base));
    references = new HashSet<>(view.references().list());
  }

  static Needs of(World world) {
    return world.store().read(Needs::new);
  }

  /** Returns whether a disk of a box or another base depends on it. */
  boolean isNeeded(BaseDiskId id) {
    return references.stream().anyMatch(reference -> reference.base().equals(id))
        || bases.values().stream().anyMatch(base -> id.equals(base.parentId()));
  }

  boolean isThere(BaseDiskId id) {
    return bases.containsKey(id);
  }

  /**
   * Lets a base go, of whatever kind, unless it is needed.
   *
   * @return the bases that go: that one, and those below it that are there for it alone
   */
  ImmutableList<BaseDiskId> release(BaseDiskId id) {
    ImmutableList.Builder<BaseDiskId> going = ImmutableList.builder();
    BaseDisk next = bases.get(id);
    while (next != null && !isNeeded(next.id())) {
      bases.remove(next.id());
      going.add(next.id());
      next = unlessKept(next.parentId());
    }
    return going.build();
  }

  /** Returns the bases that go with a box, whose snapshots stay. */
  ImmutableList<BaseDiskId> releaseBox(BoxId box) {
    ImmutableList<Reference> disks =
        references.stream()
            .filter(reference -> reference.box().equals(box))
            .collect(ImmutableList.toImmutableList());
    disks.forEach(references::remove);
    ImmutableList.Builder<BaseDiskId> going = ImmutableList.builder();
    for (Reference disk : disks) {
      BaseDisk base = unlessKept(disk.base());
      if (base != null) {
        going.addAll(release(base.id()));
      }
    }
    return going.build();
  }

  private @Nullable BaseDisk unlessKept(@Nullable BaseDiskId id) {
    BaseDisk base = bases.get(id);
    return base == null || isKept(base) ? null : base;
  }

  /** Users keep snapshots, and each rootfs that has its key. */
  static boolean isKept(BaseDisk base) {
    return switch (base.kind()) {
      case SNAPSHOT -> true;
      case ROOTFS -> base.name() != null;
      case CLONE_BASE -> false;
    };
  }

  /** Returns every rootfs, the superseded ones too. */
  ImmutableList<BaseDiskId> rootfs() {
    return bases.values().stream()
        .filter(base -> base.kind() == BaseDiskKind.ROOTFS)
        .map(BaseDisk::id)
        .collect(ImmutableList.toImmutableList());
  }
}
