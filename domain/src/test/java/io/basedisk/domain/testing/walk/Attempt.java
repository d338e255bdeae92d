package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.CacheEntry;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What is tried in a home that an accident has hit. It may be refused, and may succeed; it may not
 * lose anything.
 */
enum Attempt {
  CREATE_BOX(Scene::hasFreeBox) {
    @Override
    Deed choose(Scene scene) {
      BoxId box = scene.freeBox();
      ByteSize size = scene.size();
      scene.isAbout(box, size);
      return new Deed(
          () -> scene.world().boxes().create(box, size),
          () -> addBox(scene, box, Content.empty(size)),
          () -> isRecorded(scene, box));
    }
  },
  CREATE_ON_BASE(scene -> scene.hasNamedSnapshot() && scene.hasFreeBox()) {
    @Override
    Deed choose(Scene scene) {
      BoxId box = scene.freeBox();
      KeptBase base = scene.any(scene.model().namedSnapshots());
      scene.isAbout(box, base.id());
      return new Deed(
          () -> scene.world().boxes().createOnBase(box, base.id(), null),
          () -> addBox(scene, box, base.content()),
          () -> isRecorded(scene, box));
    }
  },
  FORK {
    @Override
    Deed choose(Scene scene) {
      BoxId box = scene.anyBox().id();
      scene.isAbout(box);
      return Deed.harmless(() -> scene.world().bases().create(box, BaseDiskKind.CLONE_BASE, null));
    }
  },
  SNAPSHOT {
    @Override
    Deed choose(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotName name = scene.uniqueName();
      scene.isAbout(box.id(), name);
      return new Deed(
          () -> scene.world().snapshots().create(box.id(), name),
          () -> keep(scene, box.id(), name, box.container()),
          () -> isRecorded(scene, box.id(), name));
    }
  },
  RESTORE(Scene::hasNamedSnapshot) {
    @Override
    Deed choose(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      BoxId box = snapshot.source();
      scene.isAbout(box, snapshot.snapshotName());
      boolean hadGuestRootfs = scene.model().box(box).disks().containsKey(DiskSlot.GUEST_ROOTFS);
      return new Deed(
          () -> scene.world().snapshots().restore(box, snapshot.snapshotName(), null),
          () -> {
            scene.model().box(box).disks().clear();
            scene.model().box(box).disks().put(DiskSlot.CONTAINER, snapshot.content());
          },
          () ->
              scene
                      .world()
                      .read(scene.model().box(box).disk(DiskSlot.CONTAINER))
                      .equals(snapshot.content())
                  && !(hadGuestRootfs && hasFile(scene, box, DiskSlot.GUEST_ROOTFS)));
    }
  },
  REMOVE_SNAPSHOT(Scene::hasNamedSnapshot) {
    @Override
    Deed choose(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      scene.isAbout(snapshot.source(), snapshot.snapshotName());
      return new Deed(
          () -> scene.world().snapshots().remove(snapshot.source(), snapshot.snapshotName()),
          () -> scene.model().forget(snapshot.id()),
          () -> !isRecorded(scene, snapshot.source(), snapshot.snapshotName()));
    }
  },
  CLONE(scene -> scene.hasBox() && scene.hasFreeBox()) {
    @Override
    Deed choose(Scene scene) {
      ModelBox source = scene.anyBox();
      BoxId name = scene.freeBox();
      scene.isAbout(source.id(), name);
      return new Deed(
          () -> scene.world().clones().cloneBox(source.id(), ImmutableList.of(name)),
          () -> addBox(scene, name, source.container()),
          () -> isRecorded(scene, name));
    }
  },
  CLONE_SNAPSHOT(scene -> scene.hasNamedSnapshot() && scene.hasFreeBox()) {
    @Override
    Deed choose(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      BoxId name = scene.freeBox();
      scene.isAbout(snapshot.source(), snapshot.snapshotName(), name);
      return new Deed(
          () ->
              scene
                  .world()
                  .clones()
                  .cloneSnapshot(
                      snapshot.source(), snapshot.snapshotName(), ImmutableList.of(name)),
          () -> addBox(scene, name, snapshot.content()),
          () -> isRecorded(scene, name));
    }
  },
  ADD_ROOTFS(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      RootfsKey key = scene.uniqueKey();
      Source source = Source.newImage(scene);
      scene.isAbout(key);
      return new Deed(
          () -> scene.world().rootfs().add(key, source.image(), Progress.NONE),
          () -> {
            BaseDisk base = find(scene, BoxId.GLOBAL, key);
            KeptBase kept =
                new KeptBase(base.id(), base.kind(), BoxId.GLOBAL, key, source.content());
            scene.model().keepRootfs(kept, new CacheEntry(true, scene.world().now()));
          },
          () -> isRecorded(scene, BoxId.GLOBAL, key));
    }
  },
  ATTACH(scene -> scene.hasRootfs() && scene.hasBox()) {
    @Override
    Deed choose(Scene scene) {
      ModelBox box = scene.anyBox();
      KeptBase rootfs = scene.any(scene.model().rootfs());
      boolean had = box.disks().containsKey(DiskSlot.GUEST_ROOTFS);
      scene.isAbout(box.id(), rootfs.key());
      return new Deed(
          () -> scene.world().rootfs().attach(box.id(), rootfs.key()),
          () -> scene.model().box(box.id()).disks().put(DiskSlot.GUEST_ROOTFS, rootfs.content()),
          () -> !had && hasFile(scene, box.id(), DiskSlot.GUEST_ROOTFS));
    }
  },
  PRUNE(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      return new Deed(
          () -> scene.world().rootfs().prune(0),
          () -> forgetRootfs(scene),
          () -> {
            forgetRootfs(scene);
            return false;
          });
    }
  },
  COMPACT {
    @Override
    Deed choose(Scene scene) {
      BoxId box = scene.anyBox().id();
      scene.isAbout(box);
      MaxDepth limit = new MaxDepth(scene.upTo(3));
      return Deed.harmless(() -> scene.world().compactions().compact(box, limit, Progress.NONE));
    }
  },
  COMPACT_ALL(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      MaxDepth limit = new MaxDepth(scene.upTo(3));
      return Deed.harmless(() -> scene.world().compactions().compactAll(limit, Progress.NONE));
    }
  },
  REMOVE_BOX {
    @Override
    Deed choose(Scene scene) {
      BoxId box = scene.anyBox().id();
      scene.isAbout(box);
      return new Deed(
          () -> scene.world().boxes().remove(box, SnapshotsOnRemoval.REMOVE, ForeignDisks.DELETE),
          () -> scene.model().removeBox(box),
          () -> !isRecorded(scene, box));
    }
  },
  REMOVE_BASE(Scene::hasNamedSnapshot) {
    @Override
    Deed choose(Scene scene) {
      BaseDiskId base = scene.any(scene.model().namedSnapshots()).id();
      scene.isAbout(base);
      return new Deed(
          () -> scene.world().bases().remove(base),
          () -> scene.model().forget(base),
          () -> !isRecorded(scene, base));
    }
  },
  COLLECT(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      GarbageCollection.Scope scope =
          new GarbageCollection.Scope(scene.oneIn(2), scene.oneIn(2) ? Duration.ZERO : null);
      scene.isAbout(scope);
      return Deed.harmless(() -> scene.world().garbageCollection().collect(scope));
    }
  },
  EXAMINE(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      return Deed.harmless(() -> scene.world().doctor().examine(Doctor.Depth.CONTENT));
    }
  },
  REPAIR(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      return Deed.harmless(() -> scene.world().doctor().repair(Doctor.Depth.METADATA));
    }
  },
  LOOK(scene -> true) {
    @Override
    Deed choose(Scene scene) {
      World world = scene.world();
      return Deed.harmless(
          () -> {
            world.boxes().list();
            world.bases().list(BaseFilter.ALL);
            world.rootfs().list();
            world.lineage().trees();
            world.space().ofHome();
            world.garbageCollection().plan(GarbageCollection.Scope.DEFAULT);
          });
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // A question that has no state.
  private final Predicate<Scene> possible;

  /** An attempt that is possible if there is any box. */
  Attempt() {
    this(Scene::hasBox);
  }

  Attempt(Predicate<Scene> possible) {
    this.possible = possible;
  }

  boolean isPossible(Scene scene) {
    return possible.test(scene);
  }

  abstract Deed choose(Scene scene);

  /** Returns whether it may free a base without a look at every header. */
  boolean frees() {
    return switch (this) {
      case RESTORE, REMOVE_SNAPSHOT, PRUNE, COMPACT, COMPACT_ALL, REMOVE_BOX, REMOVE_BASE -> true;
      default -> false;
    };
  }

  // What several need.

  private static void addBox(Scene scene, BoxId box, Content content) {
    scene.model().addBox(box, scene.world().home().disksDirectory(box), content);
  }

  private static void keep(Scene scene, BoxId box, BaseName name, Content content) {
    BaseDisk base = find(scene, box, name);
    scene.model().keep(new KeptBase(base.id(), base.kind(), box, name, content));
  }

  private static BaseDisk find(Scene scene, BoxId source, BaseName name) {
    return scene
        .world()
        .store()
        .read(view -> view.bases().findByName(source, name))
        .orElseThrow(() -> new AssertionError(name + " of " + source + " is not recorded"));
  }

  private static void forgetRootfs(Scene scene) {
    for (KeptBase rootfs : scene.model().rootfs()) {
      if (!isRecorded(scene, rootfs.id())) {
        scene.model().forget(rootfs.id());
      }
    }
  }

  private static boolean isRecorded(Scene scene, BoxId box) {
    return scene.world().store().read(view -> view.boxes().find(box)).isPresent();
  }

  private static boolean isRecorded(Scene scene, BaseDiskId base) {
    return scene.world().store().read(view -> view.bases().find(base)).isPresent();
  }

  private static boolean isRecorded(Scene scene, BoxId source, BaseName name) {
    return scene.world().store().read(view -> view.bases().findByName(source, name)).isPresent();
  }

  private static boolean hasFile(Scene scene, BoxId box, DiskSlot slot) {
    return scene.world().files().status(scene.model().box(box).disk(slot)).isPresent();
  }
}
