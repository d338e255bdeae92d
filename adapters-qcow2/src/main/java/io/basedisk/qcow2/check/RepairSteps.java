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
 * The steps of a repair, each durable before the next begins. After a power cut at any of them the
 * image is no worse than before: no refcount is lower than the references that were found, and no
 * flag that was missing is set for what is shared. To repair it again does the rest.
 *
 * <ol>
 *   <li>Zero clusters lose a preallocated host cluster that can't be one.
 *   <li>What is counted too low is raised; or, where refcounts can't be kept, all of them are
 *       written anew behind the end of the file, and the header is switched to them.
 *   <li>Flags are cleared that let a writer change in place what is shared.
 *   <li>What is counted too high is lowered.
 *   <li>Flags are set that are missing.
 *   <li>The image is marked as clean and not corrupt, if nothing is left to be found.
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
      mendErrors();
    }
    mendLeaks();
    markSound();
  }

  private void mendErrors() {
    if (survey.mayLackReferences()) {
      forEachStretch((counts, tableUse) -> new UnalignedZeros(image, tableUse).mend());
      survey = Survey.of(image);
    }
    if (!survey.needsNewRefcounts()) {
      change(RefcountChange.RAISE);
    } else if (!survey.mayLackReferences() && survey.isHeaderWritable()) {
      new NewRefcounts(image).replaceOld();
      image = read(file);
      survey = Survey.of(image);
    } else {
      return; // What refers to somewhere else might come to refer to the new refcounts.
    }
    change(CopiedFlags.Change.CLEAR);
  }

  private void mendLeaks() {
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
    forEachStretch((counts, tableUse) -> new CopiedFlags(image, counts, tableUse, change).mend());
  }

  /** Makes a change to tables, durably, with what is known of each stretch of the file. */
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
    new ReferenceWalk(image, counts, tableUse, new Findings(), new Findings()).walk();
  }

  // The header.

  /** Who changes an image has to do so first. Specification: "Header", bytes 88 to 95. */
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
