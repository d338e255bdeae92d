package io.basedisk.examples;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Work on image files; docs/embedding.md shows what is within the method. */
final class ImagesExample {

  private ImagesExample() {}

  static ImageInfo run(Path home) {
    try (BaseDisks disks = BaseDisks.open(home)) {
      BoxId web = BoxId.of("web-1");
      Path file = disks.boxes().create(web, ByteSize.parse("10G")).box().disk(DiskSlot.CONTAINER);
      disks.snapshots().create(web, new SnapshotName("empty")); // the disk names a base from now on
      ImageTools images = disks.images();
      ImageToOpen image =
          ImageToOpen.qcow2(file).allowing(AllowedFiles.inside(disks.home().bases()));
      Path copy = home.resolveSibling("web-1.qcow2");
      try (OpenDisk disk = images.open(image)) {
        disk.read(0, ByteBuffer.allocate(512)); // what the guest reads, through the whole chain
        images.convert(disk, copy, NewImageFormat.Qcow2.DEFAULT, Progress.NONE);
      }
      return images.info(copy);
    }
  }
}
