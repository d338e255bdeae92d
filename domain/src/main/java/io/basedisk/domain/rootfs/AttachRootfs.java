package io.basedisk.domain.rootfs;

import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.protocol.AttachRootfsProtocol;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import javax.inject.Inject;

/** Gives a box a guest-rootfs disk, an overlay of an entry. Thread-safe. */
final class AttachRootfs {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final Operations operations;
  private final AttachRootfsProtocol attaching;
  private final RegisteredDisks disks;
  private final Collector collector;
  private final BaseInspection inspection;
  private final DisksDirectories directories;
  private final RootfsEntries entries;

  @Inject
  AttachRootfs(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      Operations operations,
      AttachRootfsProtocol attaching,
      RegisteredDisks disks,
      Collector collector,
      BaseInspection inspection,
      DisksDirectories directories,
      RootfsEntries entries) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.operations = operations;
    this.attaching = attaching;
    this.disks = disks;
    this.collector = collector;
    this.inspection = inspection;
    this.directories = directories;
    this.entries = entries;
  }

  /** Attaches an entry as {@link RootfsCache#attach} does. */
  BaseDisk run(BoxId box, RootfsKey key) {
    Attached attached =
        entries.withEntry(
            key, base -> attach(store.read(view -> RegisteredBoxes.require(view, box)), base));
    collector.collectAfter(attached.operation(), HeaderEvidence::none);
    return attached.base();
  }

  /** The base of a new guest-rootfs disk, and the operation that made the disk. */
  private record Attached(BaseDisk base, Cause operation) {}

  private Attached attach(Box box, BaseDisk base) {
    Path container = box.disk(DiskSlot.CONTAINER);
    Path disk = box.disk(DiskSlot.GUEST_ROOTFS);
    disks.requireDisk(box, DiskSlot.CONTAINER);
    inspection.requireIntact(base.id());
    AttachRootfsIntent intent =
        attaching.plan(new BoxClaim(box.id(), box.disksDir()), base.id(), disk);
    operations.perform(
        intent,
        tx -> {
          RegisteredBoxes.requireUnchanged(tx, box);
          directories.pin(tx, box);
          // Checked after the claims: the files of an interrupted operation are settled by then.
          if (files.status(disk).isPresent()) {
            throw new AlreadyExistsException(disk + ": exists already");
          }
          entries.noteUse(tx, base);
        },
        () -> attaching.run(intent, image -> createOverlay(image, base, container)));
    return new Attached(base, LogWriter.causeOf(intent));
  }

  private void createOverlay(Path image, BaseDisk base, Path attributesFrom) {
    images.createOverlay(
        image,
        base.diskInfo().basePath(),
        ImageFormat.QCOW2,
        new ByteSize(base.diskInfo().containerDiskBytes()));
    files.copyAttributes(attributesFrom, image);
  }
}
