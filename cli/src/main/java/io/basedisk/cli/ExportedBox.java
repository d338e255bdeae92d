package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.scratch.ScratchDirectory;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.transfer.ExportRequest;
import io.basedisk.oci.place.Platforms;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** The box or snapshot that a command exports, and the options that say how. */
final class ExportedBox {

  private final Argument<BoxAtSnapshot> box;
  private final Argument<Snapshots.Mode> mode;
  private final DropInternal internals;
  private final Argument<Platform> platform;

  /** Adds the first parameter of the command, and its options. */
  ExportedBox(Arguments takes) {
    this.box =
        takes.parameter(
            "BOX[@SNAPSHOT]",
            BoxAtSnapshot::parse,
            "The box as it is now, or one of its snapshots.");
    this.mode =
        takes.option(
            "--mode",
            "MODE",
            Snapshots.Mode::ofLabel,
            "How to take the present state of a box. 'fork' needs a stopped VM. 'copy' needs a"
                + " paused VM, and is refused if the disk changes during the copy. Default: fork.");
    this.internals = new DropInternal(takes);
    this.platform =
        takes.option(
            "--platform",
            "OS/ARCH",
            Platforms::parse,
            "What the disk runs on, for other tools, as in linux/arm64. Default: Linux on the"
                + " processor of this machine.");
  }

  /**
   * Exports to an image file in a private directory, which is removed when the taker has returned.
   */
  <T> T withImage(
      RootCommand root, BaseDisks disks, Progress progress, BiFunction<Path, Progress, T> taker) {
    try (ScratchDirectory scratch = ScratchDirectory.in(TransferPlaces.temporaries(root))) {
      Path image = scratch.path().resolve("disk.qcow2");
      disks
          .transfers()
          .exportImage(request(), image, NewImageFormat.Qcow2.DEFAULT, progress.pass(0, 2));
      return taker.apply(image, progress.pass(1, 2));
    }
  }

  /** {@return what to export} */
  ExportRequest request() {
    BoxAtSnapshot source = box.get();
    if (source.snapshot() != null && (mode.isGiven() || internals.isGiven())) {
      throw new InvalidArgumentException(
          "--mode and --drop-internal are for the present state of a box, not for a snapshot");
    }
    return new ExportRequest(
        source.box(),
        source.snapshot(),
        mode.or(Snapshots.Mode.FORK),
        internals.internals(),
        platform.isGiven() ? platform.get() : Platforms.ofMachine());
  }
}
