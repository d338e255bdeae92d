package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.ImportBoxProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.source.SourceImages;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Creates a box with the content of an image. Thread-safe. */
final class ImportBox {

  private final DiskImages images;
  private final Operations operations;
  private final ImportBoxProtocol importing;
  private final SourceImages sources;
  private final NewBoxNames names;

  @Inject
  ImportBox(
      DiskImages images,
      Operations operations,
      ImportBoxProtocol importing,
      SourceImages sources,
      NewBoxNames names) {
    this.images = images;
    this.operations = operations;
    this.importing = importing;
    this.sources = sources;
    this.names = names;
  }

  /** Creates a box as {@link Boxes#createFromImage} does. */
  void run(BoxId box, ImageSource source, @Nullable ByteSize virtualSize, Progress progress) {
    ImmutableList<BoxId> boxes = ImmutableList.of(box);
    names.requireFree(boxes);
    try (SourceImages.Guarded image = sources.open(source)) {
      ByteSize size =
          NewBoxes.sizeOf("image " + source.file(), image.image().virtualSize(), virtualSize);
      ImportBoxIntent intent = importing.plan(box);
      operations.perform(
          intent,
          tx -> names.requireFree(tx, ImmutableList.of(intent.newBox())),
          () ->
              importing.run(
                  intent, disk -> images.importImage(disk, image.image(), size, progress)));
    }
  }
}
