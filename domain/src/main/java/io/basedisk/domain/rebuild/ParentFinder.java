package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.rebuild.BackingTarget.Broken;
import io.basedisk.domain.rebuild.BackingTarget.OnBase;
import io.basedisk.domain.rebuild.BackingTarget.OnFile;
import io.basedisk.domain.rebuild.BackingTarget.OnOtherHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the parents of bases and the bases of disks, by headers alone. */
final class ParentFinder {

  private final Path writtenFor;
  private final ImmutableSet<BaseDiskId> recorded;
  private final ForeignBases foreign;
  private final Omissions omissions;

  /**
   * Creates the finder.
   *
   * @param writtenFor the home's path when the headers were written
   * @param recorded the bases in the bases directory that the store records
   * @param foreign records foreign bases
   * @param omissions gets what is left out
   */
  ParentFinder(
      Path writtenFor,
      ImmutableSet<BaseDiskId> recorded,
      ForeignBases foreign,
      Omissions omissions) {
    this.writtenFor = writtenFor;
    this.recorded = recorded;
    this.foreign = foreign;
    this.omissions = omissions;
  }

  /** {@return the parent of a base, null for none, and records the foreign bases between them} */
  @Nullable BaseDiskId parentOf(FoundBase base) {
    ChainToBases below = base.below();
    @Nullable BaseDiskId nearest = nearestIn(base.file(), below);
    if (base.id().equals(nearest)) {
      omissions.leaveOut(base.file(), "its backing chain is a cycle");
      omissions.needsAny();
      nearest = null;
    }
    for (OnFile file : Lists.reverse(below.files())) {
      Optional<BaseDiskId> id =
          foreign.record(
              file,
              nearest,
              base.description() != null,
              why -> {
                omissions.leaveOut(
                    file.realPath(), "base " + base.id() + " backs onto it, but " + why);
                omissions.needs(below);
              });
      nearest = id.orElse(nearest);
    }
    return nearest;
  }

  /**
   * {@return the nearest base of a disk; null for none} Never records a foreign base, because the
   * disk's owner could name any file in its header: the doctor's repair decides that.
   */
  @Nullable BaseDiskId baseOf(Path disk, ChainToBases below) {
    if (!below.files().isEmpty()) {
      omissions.leaveOut(
          below.files().get(0).realPath(),
          "the disk " + disk + " backs onto it, but it is not recorded",
          new Remedy.RepairWithDoctor());
      omissions.needs(below);
    }
    return nearestIn(disk, below);
  }

  private @Nullable BaseDiskId nearestIn(Path image, ChainToBases below) {
    if (below.end() instanceof Broken fault) {
      omissions.leaveOut(image, "what it backs onto is not recorded: " + fault.why());
      omissions.needsAny();
    } else if (below.end() instanceof OnBase base) {
      return recordedOrLeftOut(image, base.id());
    } else if (below.end() instanceof OnOtherHome base) {
      if (base.home().equals(writtenFor)) {
        return recordedOrLeftOut(image, base.id());
      }
      omissions.leaveOut(image, "it backs onto a base of the home at " + base.home());
      omissions.needs(base.id());
    }
    return null;
  }

  private @Nullable BaseDiskId recordedOrLeftOut(Path image, BaseDiskId base) {
    if (recorded.contains(base)) {
      return base;
    }
    omissions.leaveOut(image, "what it backs onto is not recorded: base " + base + " is left out");
    return null;
  }

  /**
   * {@return the bases, each after its parent, otherwise the oldest first} In a cycle, one base
   * loses its parent.
   */
  ImmutableList<BaseDisk> parentsFirst(List<BaseDisk> bases) {
    List<BaseDisk> oldestFirst = new ArrayList<>(bases);
    oldestFirst.sort(Comparator.comparing(BaseDisk::createdAt).thenComparing(BaseDisk::id));
    Map<BaseDiskId, BaseDisk> byId = new LinkedHashMap<>();
    oldestFirst.forEach(base -> byId.put(base.id(), base));
    Map<BaseDiskId, BaseDisk> ordered = new LinkedHashMap<>();
    for (BaseDisk base : oldestFirst) {
      Set<BaseDisk> line = new LinkedHashSet<>();
      @Nullable BaseDisk next = base;
      while (next != null && !ordered.containsKey(next.id()) && line.add(next)) {
        next = next.parentId() == null ? null : byId.get(next.parentId());
      }
      boolean isCycle = next != null && !ordered.containsKey(next.id());
      for (BaseDisk member : Lists.reverse(ImmutableList.copyOf(line))) {
        BaseDisk kept = isCycle ? withoutParent(member) : member;
        isCycle = false;
        ordered.put(kept.id(), kept);
      }
    }
    return ImmutableList.copyOf(ordered.values());
  }

  private BaseDisk withoutParent(BaseDisk base) {
    omissions.leaveOut(base.diskInfo().basePath(), "its backing chain is a cycle");
    omissions.needsAny();
    return new BaseDisk(
        base.id(),
        base.sourceBoxId(),
        base.name(),
        base.kind(),
        base.diskInfo(),
        null,
        base.createdAt());
  }
}
