package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an adoption does: one entry for each file.
 *
 * @param request what was asked for
 * @param operation id of the operation, which the temporary names have
 * @param files the adopted files, each base before the files that back onto it
 * @param leftOut the other files, ordered by path
 * @param at time of the plan or, of a completed adoption, of its records, in whole seconds
 */
public record AdoptionPlan(
    AdoptionRequest request,
    OperationId operation,
    ImmutableList<Entry> files,
    ImmutableList<UnadoptedFile> leftOut,
    Instant at) {

  /**
   * An adopted file.
   *
   * @param file the file, its role and its move
   * @param depth number of backing files below it
   * @param whyStays why the file does not move into the home, as a clause for people; null if it
   *     moves, or if no file was to move
   */
  public record Entry(AdoptedFile file, int depth, @Nullable String whyStays) {

    /**
     * {@return the new box; empty for a base}
     *
     * @param at time of its record
     */
    public Optional<Box> box(Instant at) {
      return file.role() instanceof Role.BoxDisk disk
          ? Optional.of(file.toBox(disk.box(), at))
          : Optional.empty();
    }

    /**
     * {@return the new base; empty for a box}
     *
     * @param at time of its record
     */
    public Optional<BaseDisk> base(Instant at) {
      return file.role() instanceof Role.Base base
          ? Optional.of(file.toBase(base.id(), file.parent(), file.version().length(), at))
          : Optional.empty();
    }
  }

  /** {@return the new bases, each before the bases that back onto it} */
  public ImmutableList<BaseDisk> bases() {
    return files.stream().flatMap(entry -> entry.base(at).stream()).collect(toImmutableList());
  }

  /** {@return the new boxes, ordered by the paths of their disks} */
  public ImmutableList<Entry> boxes() {
    return files.stream()
        .filter(entry -> entry.file().role() instanceof Role.BoxDisk)
        .sorted((a, b) -> a.file().path().compareTo(b.file().path()))
        .collect(toImmutableList());
  }

  /** {@return whether a file was left out that the home does not have already} */
  public boolean leavesFilesOut() {
    return leftOut.stream().anyMatch(file -> !file.isRecorded());
  }

  /** {@return the adopted files} */
  ImmutableList<AdoptedFile> adopted() {
    return files.stream().map(Entry::file).collect(toImmutableList());
  }

  /** {@return this plan with the time of its records} */
  AdoptionPlan recordedAt(Instant time) {
    return new AdoptionPlan(request, operation, files, leftOut, time);
  }
}
