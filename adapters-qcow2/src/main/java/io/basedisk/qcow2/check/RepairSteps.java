package io.basedisk.qcow2.check;

import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FeatureBits;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a repair, each durable before the next begins. After a power cut at any step the
 * image is no worse than before: no refcount drops below the references found, and no copied flag
 * is newly set on a shared cluster. A second repair completes the work.
 *
 * <ol>
 *   <li>Zero clusters lose a preallocated host cluster at an invalid offset.
 *   <li>Refcounts that are too low are raised. If refcount blocks are damaged, all refcounts are
 *       instead rewritten beyond the end of the file, and the header is switched to them.
 *   <li>Copied flags of shared clusters are cleared.
 *   <li>Refcounts that are too high are lowered.
 *   <li>Missing copied flags are set.
 *   <li>If a check finds no errors any more, the dirty and corrupt bits are cleared.
 * </ol>
 */
final class RepairSteps {

  private final ImageFile file;
  private final RepairScope scope;
  private CheckedImage image;
  private Survey survey;

  RepairSteps(ImageFile file, RepairScope scope) {
    this.file = file;
    this.scope = scope;
    this.image = read(file);
    this.survey = Survey.of(image);
  }

  private static CheckedImage read(ImageFile file) {
    try {
      return CheckedImage.read(file, RefcountCheck.readHeader(file));
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  void run() {
    dropUnknownAutoclear();
    if (scope == RepairScope.ALL) {
      repairErrors();
    }
    repairLeaks();
    markSound();
  }

  private void repairErrors() {
    if (survey.mayLackReferences()) {
      forEachStretch((counts, tableUse) -> new UnalignedZeros(image, tableUse).repair());
      survey = Survey.of(image);
    }
    if (!survey.needsNewRefcounts()) {
      change(RefcountChange.RAISE);
    } else if (!survey.mayLackReferences() && survey.isHeaderWritable()) {
      new NewRefcounts(image).replaceOld();
      image = read(file);
      survey = Survey.of(image);
    } else {
      return; // A reference beyond the end of the file could lead into the new refcounts.
    }
    change(CopiedFlags.Change.CLEAR);
  }

  private void repairLeaks() {
    if (survey.mayLackReferences() || survey.needsNewRefcounts()) {
      return;
    }
    boolean flagsToo = scope == RepairScope.ALL || survey.isSoundButForLeaks();
    flagsToo &= !survey.hasUncountable();
    if (flagsToo) {
      change(CopiedFlags.Change.CLEAR);
    }
    change(RefcountChange.LOWER);
    if (flagsToo) {
      change(CopiedFlags.Change.SET);
    }
  }

  private void change(RefcountChange change) {
    ReferenceCounts.forEachStretch(
        image,
        counts -> {
          walk(counts, null);
          change.make(image, counts);
        });
    file.force();
  }

  private void change(CopiedFlags.Change change) {
    forEachStretch((counts, tableUse) -> new CopiedFlags(image, counts, tableUse, change).repair());
  }

  /** Applies a change to the tables of each stretch of the file, durably. */
  private void forEachStretch(BiConsumer<ReferenceCounts, TableUse> change) {
    ReferenceCounts.forEachStretch(
        image,
        counts -> {
          TableUse tableUse = new TableUse(counts);
          walk(counts, tableUse);
          change.accept(counts, tableUse);
        });
    file.force();
  }

  private void walk(ReferenceCounts counts, @Nullable TableUse tableUse) {
    new ReferenceWalk(image, counts, tableUse, new CheckFindings(), new CheckFindings()).walk();
  }

  // The header.

  /**
   * A writer has to clear unknown bits before its first change. Specification: "Header", {@code
   * autoclear_features}.
   */
  private void dropUnknownAutoclear() {
    FeatureBits features = image.header().features();
    long unknown = features.unknown(Feature.Kind.AUTOCLEAR);
    if (unknown != 0 && survey.isHeaderWritable()) {
      writeDurably(Header.AUTOCLEAR_FEATURES_FIELD, features.autoclear() & ~unknown);
    }
  }

  private void markSound() {
    FeatureBits features = image.header().features();
    boolean marked = features.has(Feature.DIRTY) || features.has(Feature.CORRUPT);
    if (marked
        && survey.isHeaderWritable()
        && RefcountCheck.check(file, Progress.NONE).errors() == 0) {
      writeDurably(Header.INCOMPATIBLE_FEATURES_FIELD, features.incompatibleOfSoundImage());
    }
  }

  private void writeDurably(HostOffset at, long bits) {
    file.write(at, ByteBuffer.allocate(Long.BYTES).putLong(bits).flip());
    file.force();
  }
}
