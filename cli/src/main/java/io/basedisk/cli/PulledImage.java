package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.scratch.ScratchDirectory;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.image.ImageForm;
import io.basedisk.oci.image.ReceivedImage;
import io.basedisk.oci.place.ArtifactPlaces;
import io.basedisk.oci.place.ArtifactReference;
import io.basedisk.oci.place.Platforms;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

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
            "Refuse a REF with more bytes, uncompressed. Default: what an artifact of 'push'"
                + " declares; for other images, 64 GiB.");
  }

  /** Checks that no option is given, for a command line without a reference. */
  void requireUnused() {
    if (registry.isGiven() || maxBytes.isGiven()) {
      throw new InvalidArgumentException(
          "--ca-file, --plain-http and --max-bytes are for a REF, not for an image file");
    }
  }

  /**
   * Pulls an image to a temporary directory, which is removed when the taker has returned.
   *
   * @param format format of an image of another program; null for what it says itself
   */
  <T> T take(
      RootCommand root,
      BaseDisks disks,
      ArtifactReference reference,
      @Nullable ImageFormat format,
      BiFunction<ImageSource, Progress, T> taker) {
    ArtifactPlaces places = TransferPlaces.of(root).withRegistries(registry.optionsFor(reference));
    try (TidyStop stop = new TidyStop();
        ProgressLine line = root.progress("pull")) {
      ImageForm form = places.images().formOf(reference);
      return form == ImageForm.BASEDISK
          ? takeLayers(root, disks, places, reference, taker, line)
          : takeReceived(places, form, reference, format, maxBytes.orNull(), taker, line);
    }
  }

  private <T> T takeLayers(
      RootCommand root,
      BaseDisks disks,
      ArtifactPlaces places,
      ArtifactReference reference,
      BiFunction<ImageSource, Progress, T> taker,
      Progress progress) {
    try (ScratchDirectory scratch = ScratchDirectory.in(TransferPlaces.temporaries(root));
        LayerStore place = places.forPull(reference)) {
      return taker.apply(
          disks.transfers().unpack(place, scratch.path(), maxBytes.orNull(), progress.pass(0, 2)),
          progress.pass(1, 2));
    }
  }

  /**
   * Receives an image in the form of another program, and removes it when the taker has returned.
   */
  static <T> T takeReceived(
      ArtifactPlaces places,
      ImageForm form,
      ArtifactReference reference,
      @Nullable ImageFormat format,
      @Nullable ByteSize maxBytes,
      BiFunction<ImageSource, Progress, T> taker,
      Progress progress) {
    try (ReceivedImage image =
        places
            .images()
            .receive(
                reference, form, Platforms.ofMachine(), format, maxBytes, progress.pass(0, 2))) {
      return taker.apply(ImageSource.alone(image.file(), image.format()), progress.pass(1, 2));
    }
  }
}
