package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.protocol.CopiedFile;
import io.basedisk.domain.protocol.CopiedFile.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an adoption of another program's home does: one entry for each file that is copied.
 *
 * @param foreignHome real path of the other home
 * @param operation id of the operation, which the temporary names have
 * @param files the copied files, each base before the files that back onto it
 * @param leftOut disks and bases that are not copied, ordered by path
 * @param at time of the plan, in whole seconds
 */
public record HomeAdoptionPlan(
    Path foreignHome,
    OperationId operation,
    ImmutableList<Entry> files,
    ImmutableList<UnadoptedFile> leftOut,
    Instant at) {

  /**
   * A copied file.
   *
   * @param file the file and its copy
   * @param depth number of backing files below it
   * @param length length in bytes: of the source in a plan, of the copy when it is complete
   * @param formerName the name in the other home; null if the name stays, or if there is none
   * @param note what the user should know about it, as a clause for people; null for nothing
   */
  public record Entry(
      CopiedFile file, int depth, long length, @Nullable String formerName, @Nullable String note) {

    /** {@return the new box; empty for a base} */
    public Optional<Box> box() {
      return file.target() instanceof Target.Disk disk
          ? Optional.of(new Box(disk.box().box(), disk.box().disksDir(), file.createdAt()))
          : Optional.empty();
    }

    /** {@return the new base; empty for a box} */
    public Optional<BaseDisk> base() {
      return file.target() instanceof Target.Base base
          ? Optional.of(recordOf(base.base()))
          : Optional.empty();
    }

    private BaseDisk recordOf(PlannedBase base) {
      return new BaseDisk(
          base.id(),
          base.sourceBoxId(),
          base.name(),
          base.kind(),
          new DiskInfo(base.path(), file.virtualSize(), length),
          base.parentId(),
          file.createdAt());
    }
  }

  /** {@return the new bases, each before the bases that back onto it} */
  public ImmutableList<BaseDisk> bases() {
    return files.stream().flatMap(entry -> entry.base().stream()).collect(toImmutableList());
  }

  /** {@return the new boxes, in the order in which they were made} */
  public ImmutableList<Entry> boxes() {
    return files.stream().filter(entry -> entry.box().isPresent()).collect(toImmutableList());
  }

  /** {@return the references of the new boxes to the new bases} */
  public ImmutableList<Reference> references() {
    return files.stream().flatMap(entry -> referenceOf(entry).stream()).collect(toImmutableList());
  }

  private static Optional<Reference> referenceOf(Entry entry) {
    return entry.file().target() instanceof Target.Disk disk && disk.parent() != null
        ? Optional.of(new Reference(disk.parent(), disk.box().box(), DiskSlot.CONTAINER))
        : Optional.empty();
  }

  /** {@return the files and their copies} */
  ImmutableList<CopiedFile> copies() {
    return files.stream().map(Entry::file).collect(toImmutableList());
  }

  /** {@return this plan with the lengths of the copies of bases} */
  HomeAdoptionPlan withLengths(ImmutableMap<BaseDiskId, Long> lengths) {
    return new HomeAdoptionPlan(
        foreignHome,
        operation,
        files.stream().map(entry -> withLength(entry, lengths)).collect(toImmutableList()),
        leftOut,
        at);
  }

  private static Entry withLength(Entry entry, ImmutableMap<BaseDiskId, Long> lengths) {
    Long length = entry.base().map(base -> lengths.get(base.id())).orElse(null);
    return length == null
        ? entry
        : new Entry(entry.file(), entry.depth(), length, entry.formerName(), entry.note());
  }
}
