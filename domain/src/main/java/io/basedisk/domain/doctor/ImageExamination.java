package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;

/** Examines an image file: its chain and its tables. */
final class ImageExamination {

  private final BackingChains chains;
  private final DiskImages images;
  private final Findings findings;

  ImageExamination(BackingChains chains, DiskImages images, Findings findings) {
    this.chains = chains;
    this.images = images;
    this.findings = findings;
  }

  /** {@return the layers of a chain, the image first; empty if the chain can't be read} */
  ImmutableList<Layer> layersOf(Path image) {
    try {
      return chains.read(image);
    } catch (BrokenChainException broken) {
      findings.add(
          broken.kind() == Break.CYCLE ? Kind.CYCLE : Kind.BACKING_FILE_MISSING,
          image,
          String.valueOf(broken.getMessage()),
          broken.kind() == Break.CYCLE
              ? new Remedy.ChangeBacking(image)
              : new Remedy.BringBackingFileBack(image));
    } catch (InvalidImageException | NotFoundException invalid) {
      findings.add(
          Kind.IMAGE_INVALID,
          image,
          String.valueOf(invalid.getMessage()),
          new Remedy.PutBackFromBackup(image));
    }
    return ImmutableList.of();
  }

  void check(Path image, boolean isWritable) {
    ImageCheck check;
    try {
      check = images.check(image);
    } catch (InvalidImageException | NotFoundException invalid) {
      findings.add(
          Kind.IMAGE_DAMAGED,
          image,
          String.valueOf(invalid.getMessage()),
          new Remedy.PutBackFromBackup(image));
      return;
    }
    if (check.errors() > 0) {
      findings.add(
          Kind.IMAGE_DAMAGED,
          image,
          check.errors() + " errors in its tables",
          isWritable ? new Remedy.RepairDisk(image) : new Remedy.PutBackFromBackup(image));
    } else if (check.leakedClusters() > 0 && isWritable) {
      // Leaks in a base stay: they cost space and do no harm.
      findings.add(
          Kind.IMAGE_LEAKS,
          image,
          check.leakedClusters() + " unused clusters",
          new Remedy.FreeLeaks(image));
    }
  }
}
