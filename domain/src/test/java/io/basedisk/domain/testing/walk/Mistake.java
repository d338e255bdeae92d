package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A request that must be refused. */
enum Mistake {
  CREATE_BOX_THAT_EXISTS(AlreadyExistsException.class) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().create(scene.anyBox().id(), scene.size());
    }
  },
  /** Too large for a disk: its directories are made by then. */
  CREATE_BOX_THAT_IS_TOO_LARGE(InvalidArgumentException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().create(scene.unknownBox(), new ByteSize(1L << 60));
    }
  },
  FORK_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().bases().create(scene.unknownBox(), BaseDiskKind.CLONE_BASE, null);
    }
  },
  FORK_WITH_DIRECTORY_OF_ANOTHER(AlreadyExistsException.class) {
    @Override
    void make(Scene scene) {
      ModelBox owner = scene.anyBox();
      scene
          .world()
          .bases()
          .create(scene.unknownBox(), owner.disksDir(), BaseDiskKind.CLONE_BASE, null);
    }
  },
  FORK_WITH_ANOTHER_DIRECTORY(RefusedException.class, scene -> scene.model().boxes().size() > 1) {
    @Override
    void make(Scene scene) {
      ModelBox box = scene.anyBox();
      ModelBox other =
          scene.any(scene.model().boxes().stream().filter(b -> !b.equals(box)).toList());
      scene.world().bases().create(box.id(), other.disksDir(), BaseDiskKind.CLONE_BASE, null);
    }
  },
  FORK_IN_BASES(RefusedException.class) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .bases()
          .create(scene.unknownBox(), scene.world().home().bases(), BaseDiskKind.CLONE_BASE, null);
    }
  },
  FORK_TO_ROOTFS_THAT_EXISTS(
      AlreadyExistsException.class, scene -> scene.hasBox() && scene.hasRootfs()) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .bases()
          .create(scene.anyBox().id(), BaseDiskKind.ROOTFS, anyRootfs(scene).key());
    }
  },
  SNAPSHOT_OF_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().snapshots().create(scene.unknownBox(), scene.uniqueName());
    }
  },
  SNAPSHOT_THAT_EXISTS(AlreadyExistsException.class, Scene::hasNamedSnapshot) {
    @Override
    void make(Scene scene) {
      KeptBase snapshot = anySnapshot(scene);
      scene.world().snapshots().create(snapshot.source(), snapshot.snapshotName());
    }
  },
  RESTORE_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().snapshots().restore(scene.unknownBox(), scene.uniqueName(), null);
    }
  },
  RESTORE_UNKNOWN_SNAPSHOT(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      SnapshotName saveAs = scene.oneIn(2) ? scene.uniqueName() : null;
      scene.world().snapshots().restore(scene.anyBox().id(), scene.uniqueName(), saveAs);
    }
  },
  RESTORE_AND_SAVE_AS_ONE_THAT_EXISTS(AlreadyExistsException.class, Scene::hasNamedSnapshot) {
    @Override
    void make(Scene scene) {
      KeptBase snapshot = anySnapshot(scene);
      KeptBase other =
          scene.any(
              scene.model().namedSnapshots().stream()
                  .filter(s -> s.source().equals(snapshot.source()))
                  .toList());
      scene
          .world()
          .snapshots()
          .restore(snapshot.source(), snapshot.snapshotName(), other.snapshotName());
    }
  },
  REMOVE_UNKNOWN_SNAPSHOT(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().snapshots().remove(scene.anyBox().id(), scene.uniqueName());
    }
  },
  LIST_SNAPSHOTS_OF_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().snapshots().list(scene.unknownBox());
    }
  },
  CLONE_UNKNOWN_BOX(NotFoundException.class, Scene::hasFreeBox) {
    @Override
    void make(Scene scene) {
      scene.world().clones().cloneBox(scene.unknownBox(), scene.freeBoxes());
    }
  },
  CLONE_UNKNOWN_SNAPSHOT(NotFoundException.class, scene -> scene.hasBox() && scene.hasFreeBox()) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .clones()
          .cloneSnapshot(scene.anyBox().id(), scene.uniqueName(), scene.freeBoxes());
    }
  },
  /** The whole batch is refused. */
  CLONE_TO_ONE_THAT_EXISTS(AlreadyExistsException.class) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .clones()
          .cloneBox(scene.anyBox().id(), ImmutableList.of(scene.unknownBox(), scene.anyBox().id()));
    }
  },
  CLONE_SNAPSHOT_TO_ONE_THAT_EXISTS(AlreadyExistsException.class, Scene::hasNamedSnapshot) {
    @Override
    void make(Scene scene) {
      KeptBase snapshot = anySnapshot(scene);
      scene
          .world()
          .clones()
          .cloneSnapshot(
              snapshot.source(),
              snapshot.snapshotName(),
              ImmutableList.of(scene.unknownBox(), scene.anyBox().id()));
    }
  },
  CLONE_TO_NONE(InvalidArgumentException.class) {
    @Override
    void make(Scene scene) {
      scene.world().clones().cloneBox(scene.anyBox().id(), ImmutableList.of());
    }
  },
  CLONE_TO_ONE_TWICE(InvalidArgumentException.class) {
    @Override
    void make(Scene scene) {
      BoxId name = scene.unknownBox();
      scene.world().clones().cloneBox(scene.anyBox().id(), ImmutableList.of(name, name));
    }
  },
  SHOW_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().get(scene.unknownBox());
    }
  },
  REMOVE_UNKNOWN_BOX(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().remove(scene.unknownBox(), SnapshotsOnRemoval.REMOVE);
    }
  },
  REMOVE_BOX_WITH_SNAPSHOTS(RefusedException.class, Scene::hasNamedSnapshot) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().remove(anySnapshot(scene).source(), SnapshotsOnRemoval.REFUSE);
    }
  },
  REMOVE_UNKNOWN_BASE(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().bases().remove(unknownBase());
    }
  },
  COLLECT_UNKNOWN_BASE(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().bases().tryCollect(unknownBase());
    }
  },
  REMOVE_NEEDED_BASE(RefusedException.class, scene -> !neededBases(scene).isEmpty()) {
    @Override
    void make(Scene scene) {
      scene.world().bases().remove(scene.any(neededBases(scene)));
    }
  },
  CREATE_ON_UNKNOWN_BASE(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().createOnBase(scene.unknownBox(), unknownBase(), null);
    }
  },
  CREATE_ON_BASE_BOX_THAT_EXISTS(
      AlreadyExistsException.class, scene -> scene.hasBox() && scene.hasBase()) {
    @Override
    void make(Scene scene) {
      BaseDiskId base = scene.any(scene.bases()).id();
      scene.world().boxes().createOnBase(scene.anyBox().id(), base, null);
    }
  },
  CREATE_SMALLER_THAN_BASE(InvalidArgumentException.class, Scene::hasBase) {
    @Override
    void make(Scene scene) {
      BaseDisk base = scene.any(scene.bases());
      ByteSize size = lessThan(new ByteSize(base.diskInfo().containerDiskBytes()));
      scene.world().boxes().createOnBase(scene.unknownBox(), base.id(), size);
    }
  },
  IMPORT_TO_BOX_THAT_EXISTS(AlreadyExistsException.class) {
    @Override
    void make(Scene scene) {
      ModelBox box = scene.anyBox();
      ImageSource source = ImageSource.qcow2(box.disk(DiskSlot.CONTAINER));
      scene.world().boxes().createFromImage(box.id(), source, null, Progress.NONE);
    }
  },
  IMPORT_MISSING_IMAGE(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .boxes()
          .createFromImage(scene.unknownBox(), missingImage(scene), null, Progress.NONE);
    }
  },
  IMPORT_TO_LESS_THAN_THE_IMAGE(InvalidArgumentException.class) {
    @Override
    void make(Scene scene) {
      ModelBox box = scene.anyBox();
      ImageSource source = ImageSource.qcow2(box.disk(DiskSlot.CONTAINER));
      ByteSize size = lessThan(box.container().virtualSize());
      scene.world().boxes().createFromImage(scene.unknownBox(), source, size, Progress.NONE);
    }
  },
  IMPORT_WHAT_NAMES_A_FILE_THAT_IS_NOT_ALLOWED(UnallowedFileException.class, Scene::hasBase) {
    @Override
    void make(Scene scene) {
      BoxId box = scene.unknownBox();
      withUnallowedImage(
          scene, image -> scene.world().boxes().createFromImage(box, image, null, Progress.NONE));
    }
  },
  ADD_ROOTFS_OF_MISSING_IMAGE(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().add(scene.anyKey(), missingImage(scene), Progress.NONE);
    }
  },
  ADD_ROOTFS_OF_WHAT_NAMES_A_FILE_THAT_IS_NOT_ALLOWED(
      UnallowedFileException.class, Scene::hasBase) {
    @Override
    void make(Scene scene) {
      RootfsKey key = scene.anyKey();
      withUnallowedImage(scene, image -> scene.world().rootfs().add(key, image, Progress.NONE));
    }
  },
  BUILD_AND_FAIL(StorageException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene
          .world()
          .rootfs()
          .getOrCreate(
              scene.uniqueKey(),
              image -> {
                scene.world().images().createEmpty(image, scene.size());
                throw new StorageException("the builder has failed");
              });
    }
  },
  BUILD_NOTHING(InvalidImageException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().getOrCreate(scene.uniqueKey(), image -> {});
    }
  },
  /** Its guest may write to it: it is no base. */
  BUILD_ON_DISK(InvalidImageException.class) {
    @Override
    void make(Scene scene) {
      ModelBox box = scene.anyBox();
      scene
          .world()
          .rootfs()
          .getOrCreate(
              scene.uniqueKey(),
              image ->
                  scene
                      .world()
                      .images()
                      .createOverlay(
                          image,
                          box.disk(DiskSlot.CONTAINER),
                          ImageFormat.QCOW2,
                          box.container().virtualSize()));
    }
  },
  CREATE_ON_UNKNOWN_ROOTFS(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().createBox(scene.unknownBox(), scene.uniqueKey(), null);
    }
  },
  CREATE_ON_ROOTFS_BOX_THAT_EXISTS(
      AlreadyExistsException.class, scene -> scene.hasBox() && scene.hasRootfs()) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().createBox(scene.anyBox().id(), anyRootfs(scene).key(), null);
    }
  },
  CREATE_SMALLER_THAN_ROOTFS(InvalidArgumentException.class, Scene::hasRootfs) {
    @Override
    void make(Scene scene) {
      KeptBase rootfs = anyRootfs(scene);
      ByteSize size = lessThan(rootfs.content().virtualSize());
      scene.world().rootfs().createBox(scene.unknownBox(), rootfs.key(), size);
    }
  },
  ATTACH_UNKNOWN_ROOTFS(NotFoundException.class) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().attach(scene.anyBox().id(), scene.uniqueKey());
    }
  },
  ATTACH_TO_UNKNOWN_BOX(NotFoundException.class, Scene::hasRootfs) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().attach(scene.unknownBox(), anyRootfs(scene).key());
    }
  },
  ATTACH_TWICE(
      AlreadyExistsException.class,
      scene -> scene.hasRootfs() && !withGuestRootfs(scene).isEmpty()) {
    @Override
    void make(Scene scene) {
      ModelBox box = scene.any(withGuestRootfs(scene));
      scene.world().rootfs().attach(box.id(), anyRootfs(scene).key());
    }
  },
  REMOVE_UNKNOWN_ROOTFS(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().remove(scene.uniqueKey());
    }
  },
  REMOVE_NEEDED_ROOTFS(RefusedException.class, scene -> !neededRootfs(scene).isEmpty()) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().remove(scene.any(neededRootfs(scene)).key());
    }
  },
  PRUNE_TO_LESS_THAN_NOTHING(InvalidArgumentException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().rootfs().prune(-1);
    }
  },
  COMPACT_UNKNOWN_BOX(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      MaxDepth limit = new MaxDepth(1);
      scene.world().compactions().compact(scene.unknownBox(), limit, Progress.NONE);
    }
  },
  PLAN_TO_COMPACT_UNKNOWN_BOX(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().compactions().plan(scene.unknownBox(), new MaxDepth(1));
    }
  },
  COMPACT_TO_NO_DEPTH(InvalidArgumentException.class) {
    @Override
    void make(Scene scene) {
      scene.world().compactions().compact(scene.anyBox().id(), new MaxDepth(0), Progress.NONE);
    }
  },
  SPACE_OF_UNKNOWN_BOX(NotFoundException.class, scene -> true) {
    @Override
    void make(Scene scene) {
      scene.world().space().of(scene.unknownBox());
    }
  };

  private final Class<? extends BaseDiskException> error;

  @SuppressWarnings("ImmutableEnumChecker") // A question that has no state.
  private final Predicate<Scene> possible;

  /** One that can be made if there is any box. */
  Mistake(Class<? extends BaseDiskException> error) {
    this(error, Scene::hasBox);
  }

  Mistake(Class<? extends BaseDiskException> error, Predicate<Scene> possible) {
    this.error = error;
    this.possible = possible;
  }

  /** Returns whether this mistake can be made. */
  boolean isPossible(Scene scene) {
    return possible.test(scene);
  }

  abstract void make(Scene scene);

  /** Makes it, and fails unless it is refused as it must be and nothing has changed. */
  void check(Scene scene) {
    HomeState before = HomeState.of(scene.world());
    Throwable thrown = assertThrows(Throwable.class, () -> make(scene));
    if (thrown.getClass() != error) {
      throw new AssertionError(this + " is refused by another error", thrown);
    }
    assertEquals(before, HomeState.of(scene.world()), () -> "after " + thrown);
  }

  // What several need.

  private static KeptBase anySnapshot(Scene scene) {
    return scene.any(scene.model().namedSnapshots());
  }

  private static BaseDiskId unknownBase() {
    return new BaseDiskId("00000000");
  }

  private static ImmutableList<BaseDiskId> neededBases(Scene scene) {
    return scene.bases().stream()
        .map(BaseDisk::id)
        .filter(base -> Act.isNeeded(scene, base))
        .collect(ImmutableList.toImmutableList());
  }

  private static KeptBase anyRootfs(Scene scene) {
    return scene.any(scene.model().rootfs());
  }

  private static ImmutableList<KeptBase> neededRootfs(Scene scene) {
    return scene.model().rootfs().stream()
        .filter(base -> Act.isNeeded(scene, base.id()))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<ModelBox> withGuestRootfs(Scene scene) {
    return scene.model().boxes().stream()
        .filter(box -> box.disks().containsKey(DiskSlot.GUEST_ROOTFS))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImageSource missingImage(Scene scene) {
    return ImageSource.qcow2(Source.freePath(scene));
  }

  /** Does something with an image that depends on a base and does not say so. */
  private static void withUnallowedImage(Scene scene, Consumer<ImageSource> action) {
    Source overlay = Source.overlayOf(scene, scene.any(scene.bases()));
    try {
      action.accept(ImageSource.qcow2(overlay.image().file()));
    } finally {
      overlay.discard(scene);
    }
  }

  private static ByteSize lessThan(ByteSize size) {
    return new ByteSize(size.bytes() / 2);
  }
}
