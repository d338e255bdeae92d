package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks that the base recorded for an image is the file that its header names. */
final class ChainExamination {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final ForeignFiles foreignFiles;
  private final RecordedLineage lineage;
  private final Findings findings;

  ChainExamination(
      HomeLayout home,
      BaseDiskStore store,
      ForeignFiles foreignFiles,
      RecordedLineage lineage,
      Findings findings) {
    this.home = home;
    this.store = store;
    this.foreignFiles = foreignFiles;
    this.lineage = lineage;
    this.findings = findings;
  }

  /** An image and its recorded base: a disk of a box, or a base and its parent. */
  private record Subject(
      Kind kind, Path image, FileStatus status, BoxId box, @Nullable BaseDiskId recorded) {}

  /**
   * Compares the recorded base of a disk with its chain.
   *
   * @param layers the chain, the disk first
   */
  void compareReference(
      Box box,
      DiskSlot slot,
      FileStatus status,
      ImmutableList<Layer> layers,
      @Nullable BaseDiskId recorded) {
    compare(
        new Subject(Kind.REFERENCE_DIFFERS, box.disk(slot), status, box.id(), recorded),
        layers,
        base -> new Repair.SetReference(box.id(), slot, base));
  }

  /**
   * Compares the recorded parent of a base with its chain.
   *
   * @param layers the chain, the base first
   */
  void compareParent(BaseDisk base, FileStatus status, ImmutableList<Layer> layers) {
    compare(
        new Subject(
            Kind.PARENT_DIFFERS,
            base.diskInfo().basePath(),
            status,
            base.sourceBoxId(),
            base.parentId()),
        layers,
        parent -> new Repair.SetParent(base.id(), parent));
  }

  /**
   * Reports an image that is backed by a file that is not a base.
   *
   * @return whether it is
   */
  boolean standsOnNoBase(Path image, FileStatus status, ImmutableList<Layer> layers) {
    if (layers.size() < 2) {
      return false;
    }
    Path below = layers.get(1).realPath();
    if (baseOf(below).isPresent()) {
      return false;
    }
    if (home.isInBases(below)) {
      findings.add(
          Kind.IMAGE_INVALID,
          image,
          "it backs onto " + below + ", which is not a base's file",
          new Remedy.PutBackFromBackup(image));
      return true;
    }
    Optional<String> refusal = foreignFiles.refusal(image, status, layers);
    String detail = "its header names " + below + ", which has no record";
    findings.add(
        refusal.isEmpty()
            ? new Finding(
                Kind.BACKS_ONTO_UNRECORDED, image, detail, new Repair.RecordForeign(image))
            : new Finding(
                Kind.BACKS_ONTO_UNRECORDED,
                image,
                detail + ": " + refusal.get(),
                new Remedy.QuestionHeader(image)));
    return true;
  }

  /** {@return the base whose file is at a real path, recorded or not} */
  private Optional<BaseDiskId> baseOf(Path file) {
    return home.baseIdOf(file)
        .or(() -> store.read(view -> view.bases().findByPath(file)).map(BaseDisk::id));
  }

  private void compare(
      Subject subject, ImmutableList<Layer> layers, Function<@Nullable BaseDiskId, Repair> repair) {
    if (standsOnNoBase(subject.image(), subject.status(), layers)) {
      return;
    }
    BaseDiskId named = layers.size() < 2 ? null : baseOf(layers.get(1).realPath()).orElse(null);
    if (!Objects.equals(named, subject.recorded())) {
      findings.add(difference(subject, named, repair));
    }
  }

  private Finding difference(
      Subject subject, @Nullable BaseDiskId named, Function<@Nullable BaseDiskId, Repair> repair) {
    String detail =
        "the recorded base is "
            + nameOf(subject.recorded())
            + ", the nearest base in its chain "
            + nameOf(named);
    if (named != null && store.read(view -> view.bases().find(named)).isEmpty()) {
      // A repair records that base; the next examination then finds this difference.
      return new Finding(
          subject.kind(),
          subject.image(),
          detail + ", which is not recorded",
          new Remedy.RepairWithDoctor());
    }
    boolean isPermitted =
        store.<Boolean>read(
            view ->
                lineage.permits(view, subject.status(), subject.box(), subject.recorded(), named));
    return isPermitted
        ? new Finding(subject.kind(), subject.image(), detail, repair.apply(named))
        : new Finding(
            subject.kind(),
            subject.image(),
            detail
                + ", which was not made of its box, and user "
                + subject.status().owner()
                + ", who owns the image, can't read it",
            new Remedy.QuestionHeader(subject.image()));
  }

  private static String nameOf(@Nullable BaseDiskId base) {
    return base == null ? "none" : base.value();
  }
}
