package io.basedisk.crash;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.MemoryLayerStore;

/** All operations, on a box {@code <box>} with a snapshot {@code first} and a base. */
enum Operation {
  FORK {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.bases().create(BoxId.of(box), BaseDiskKind.CLONE_BASE, null);
    }
  },
  SNAPSHOT {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.snapshots().create(BoxId.of(box), new SnapshotName("second"));
    }
  },
  COPY {
    @Override
    void perform(BaseDisks disks, String box) {
      disks
          .snapshots()
          .create(
              BoxId.of(box),
              new SnapshotName("second"),
              Snapshots.Mode.COPY,
              InternalSnapshots.REFUSE);
    }
  },
  RESTORE {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.snapshots().restore(BoxId.of(box), new SnapshotName("first"), null);
    }
  },
  REMOVE_SNAPSHOT {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.snapshots().remove(BoxId.of(box), new SnapshotName("first"));
    }
  },
  CLONE {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.clones().cloneBox(BoxId.of(box), newBoxes(box));
    }
  },
  CLONE_SNAPSHOT {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.clones().cloneSnapshot(BoxId.of(box), new SnapshotName("first"), newBoxes(box));
    }
  },
  CREATE {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.boxes().create(newBoxes(box).get(0), Content.VIRTUAL_SIZE);
    }
  },
  IMPORT {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.boxes().createFromImage(newBoxes(box).get(0), diskOf(disks, box), null, Progress.NONE);
    }
  },
  ADD_ROOTFS {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.rootfs().add(new RootfsKey(box), diskOf(disks, box), Progress.NONE);
    }
  },
  EXPORT {
    @Override
    void perform(BaseDisks disks, String box) {
      Travelling.export(disks, box, new MemoryLayerStore.Place());
    }
  },
  EXPORT_IMAGE {
    @Override
    void perform(BaseDisks disks, String box) {
      Travelling.exportImage(disks, box);
    }
  },
  IMPORT_LAYERS {
    @Override
    void prepare(OpenHome home, String box) {
      Travelling.prepare();
    }

    @Override
    void perform(BaseDisks disks, String box) {
      Travelling.importSample(disks, newBoxes(box).get(0));
    }
  },
  REMOVE {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.boxes().remove(BoxId.of(box), SnapshotsOnRemoval.REMOVE);
    }
  },
  COMPACT {
    @Override
    void perform(BaseDisks disks, String box) {
      disks.compactions().compact(BoxId.of(box), new MaxDepth(1), Progress.NONE);
    }
  },
  COLLECT {
    /** Leaves an unused base without a pending delete. */
    @Override
    void prepare(OpenHome home, String box) {
      RootfsKey key = new RootfsKey(box);
      BaseDiskId unneeded =
          home.disks
              .rootfs()
              .add(key, diskOf(home.disks, box), Progress.NONE)
              .details()
              .base()
              .id();
      home.store.change(tx -> tx.rootfs().supersede(unneeded));
    }

    @Override
    void perform(BaseDisks disks, String box) {
      disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    }
  };

  abstract void perform(BaseDisks disks, String box);

  /** Prepares what this operation needs besides the sample. */
  void prepare(OpenHome home, String box) {}

  private static ImageSource diskOf(BaseDisks disks, String box) {
    return ImageSource.qcow2(disks.boxes().get(BoxId.of(box)).box().disk(DiskSlot.CONTAINER));
  }

  /** Returns the new boxes of the operations that create boxes. */
  static ImmutableList<BoxId> newBoxes(String box) {
    return ImmutableList.of(BoxId.of(box + "-new-1"), BoxId.of(box + "-new-2"));
  }
}
