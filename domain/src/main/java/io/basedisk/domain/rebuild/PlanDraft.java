package io.basedisk.domain.rebuild;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes records of the bases and boxes found. Used for one plan. */
final class PlanDraft {

  private final BaseNames.Settled names;
  private final ParentFinder parents;
  private final ForeignBases foreign;
  private final Omissions omissions;

  PlanDraft(
      BaseNames.Settled names, ParentFinder parents, ForeignBases foreign, Omissions omissions) {
    this.names = names;
    this.parents = parents;
    this.foreign = foreign;
    this.omissions = omissions;
  }

  RebuildPlan complete(
      HomeIdentity identity, ImmutableList<FoundBase> found, ImmutableList<FoundBox> foundBoxes) {
    List<BaseDisk> records = new ArrayList<>();
    ImmutableMap.Builder<BaseDiskId, BaseFingerprint> fingerprints = ImmutableMap.builder();
    for (FoundBase base : found) {
      records.add(record(base));
      fingerprints.put(base.id(), fingerprint(base.status().modifiedAt()));
    }
    for (ForeignBases.Foreign base : foreign.list()) {
      records.add(base.base());
      fingerprints.put(base.base().id(), fingerprint(base.modifiedAt()));
    }
    ImmutableList<BaseDisk> bases = parents.parentsFirst(records);
    ImmutableList<Box> boxes =
        foundBoxes.stream().map(FoundBox::box).collect(ImmutableList.toImmutableList());
    ImmutableList<Reference> references = references(foundBoxes);
    holdBasesOfUnknownBoxes(found, boxes);
    return new RebuildPlan(
        identity,
        bases,
        fingerprints.buildOrThrow(),
        boxes,
        references,
        holds(bases, references),
        names.unknown(),
        omissions.leftOut());
  }

  private static BaseFingerprint fingerprint(Instant modifiedAt) {
    return new BaseFingerprint(modifiedAt, null);
  }

  private BaseDisk record(FoundBase base) {
    BaseNames.Origin origin = checkNotNull(names.origins().get(base.id()));
    return new BaseDisk(
        base.id(),
        origin.sourceBox(),
        origin.name(),
        origin.kind(),
        new DiskInfo(base.file(), base.format(), false, base.virtualSize(), base.status().length()),
        parents.parentOf(base),
        origin.createdAt());
  }

  private ImmutableList<Reference> references(ImmutableList<FoundBox> boxes) {
    ImmutableList.Builder<Reference> references = ImmutableList.builder();
    for (FoundBox box : boxes) {
      for (Map.Entry<DiskSlot, ChainToBases> disk : box.below().entrySet()) {
        @Nullable BaseDiskId base = parents.baseOf(box.box().disk(disk.getKey()), disk.getValue());
        if (base != null) {
          references.add(new Reference(base, box.box().id(), disk.getKey()));
        }
      }
    }
    return references.build();
  }

  /**
   * Holds each base whose source box was not found: the box may be elsewhere, with a disk that
   * backs onto the base. Also holds each snapshot that names no box.
   */
  private void holdBasesOfUnknownBoxes(ImmutableList<FoundBase> bases, ImmutableList<Box> boxes) {
    Set<BoxId> known = boxes.stream().map(Box::id).collect(Collectors.toSet());
    for (FoundBase base : bases) {
      BaseDescription said = base.description();
      if (said == null) {
        continue;
      }
      BaseNames.Origin origin = checkNotNull(names.origins().get(base.id()));
      boolean isOfUnknownBox =
          !origin.sourceBox().equals(BoxId.GLOBAL) && !known.contains(origin.sourceBox());
      if (isOfUnknownBox || said.kind() != origin.kind()) {
        omissions.needs(base.id());
      }
    }
  }

  private ImmutableList<Hold> holds(
      ImmutableList<BaseDisk> bases, ImmutableList<Reference> references) {
    Set<BaseDiskId> needed = new HashSet<>();
    references.forEach(reference -> needed.add(reference.base()));
    for (BaseDisk base : bases) {
      if (base.parentId() != null) {
        needed.add(base.parentId());
      }
    }
    return bases.stream()
        .map(BaseDisk::id)
        .filter(id -> !needed.contains(id) || omissions.mayNeed(id))
        .sorted(Comparator.naturalOrder())
        .map(id -> new Hold(id, Hold.Reason.REBUILT, null))
        .collect(ImmutableList.toImmutableList());
  }
}
