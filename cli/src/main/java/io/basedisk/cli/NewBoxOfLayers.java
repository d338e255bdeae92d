package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.TransferDocuments;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.transfer.Transfers;
import org.jspecify.annotations.Nullable;

/** The new box of a command that imports layers, and the limit of their bytes. */
final class NewBoxOfLayers {

  private final Argument<BoxId> box;
  private final Argument<ByteSize> maxBytes;

  /**
   * Adds the last parameter of the command, and its option.
   *
   * @param limited what else the limit is for, as a sentence; may be empty
   */
  NewBoxOfLayers(Arguments takes, String limited) {
    this.box = takes.parameter("BOX", BoxId::of, "The new box.");
    this.maxBytes =
        takes.option(
            "--max-bytes",
            "SIZE",
            ByteSize::parse,
            "Refuse the artifact if the layers to transfer have more bytes together, uncompressed."
                + " Default: no limit. In any case, no layer gets more bytes than the artifact"
                + " declares. An image of another program has a limit of 64 GiB by default."
                + limited);
  }

  @Nullable ByteSize maxBytes() {
    return maxBytes.orNull();
  }

  /** Creates the box of an image of another program. */
  TransferDocuments.Import create(BaseDisks disks, ImageSource image, Progress progress) {
    return new TransferDocuments.Import(
        new Transfers.Imported(
            disks.boxes().createFromImage(box.get(), image, null, progress), ImmutableList.of()));
  }

  /** Imports the box, and prints it with its layers. */
  int importFrom(RootCommand root, LayerStore place, String task) {
    return root.runMakingHome(
        disks -> {
          try (ProgressLine progress = root.progress(task)) {
            return new TransferDocuments.Import(
                disks.transfers().importBox(box.get(), place, maxBytes(), progress));
          }
        });
  }
}
