package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.scratch.ScratchDirectory;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.place.ArtifactReference;
import java.util.function.BiFunction;

/** An image that a command pulls to use its content, and the options that say how. */
final class PulledImage {

  private final RegistryAccess registry;
  private final Argument<ByteSize> maxBytes;

  PulledImage(Arguments takes) {
    this.registry = new RegistryAccess(takes);
    this.maxBytes =
        takes.option(
            "--max-bytes",
            "SIZE",
            ByteSize::parse,
            "Refuse an artifact whose layers have together more bytes, uncompressed. Default: no"
                + " limit but that no layer gets more bytes than the artifact declares.");
  }

  /** Checks that no option is given, for a command line without a reference. */
  void requireUnused() {
    if (registry.isGiven() || maxBytes.isGiven()) {
      throw new InvalidArgumentException(
          "--ca-file, --plain-http and --max-bytes are for a REF, not for an image file");
    }
  }

  /** Pulls an image to a temporary directory, which is removed when the taker has returned. */
  <T> T take(
      RootCommand root,
      BaseDisks disks,
      ArtifactReference reference,
      BiFunction<ImageSource, Progress, T> taker) {
    try (TidyStop stop = new TidyStop();
        ScratchDirectory scratch = ScratchDirectory.in(TransferPlaces.temporaries(root));
        LayerStore place =
            TransferPlaces.of(root)
                .withRegistries(registry.optionsFor(reference))
                .forPull(reference);
        ProgressLine line = root.progress("pull")) {
      ImageSource image =
          disks.transfers().unpack(place, scratch.path(), maxBytes.orNull(), line.pass(0, 2));
      return taker.apply(image, line.pass(1, 2));
    }
  }
}
