package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
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
  CREATE_BOX_THAT_IS_TOO_LARGE(InvalidArgumentException.class, Scene::hasFreeBox) {
    @Override
    void make(Scene scene) {
      scene.world().boxes().create(scene.freeBox(), new ByteSize(1L << 60));
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
      scene.world().snapshots().create(snapshot.source(), snapshot.name());
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
      scene.world().snapshots().restore(snapshot.source(), snapshot.name(), other.name());
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
              snapshot.name(),
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
}
