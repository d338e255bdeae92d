package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.Clones;
import io.basedisk.domain.GarbageCollection;
import io.basedisk.domain.Internals;
import io.basedisk.domain.Snapshots;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What can be done to a home. Each chooses what it is about, says so, does it, and tells the model
 * what has to be true now; what must be true after anything is checked by the walk.
 */
enum Act {
  CREATE_BOX(6, Scene::hasFreeBox) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.freeBox();
      ByteSize size = scene.size();
      scene.isAbout(box, size);
      scene.world().boxes().create(box, size);
      scene.model().addBox(box, scene.world().home().disksDirectory(box), Content.empty(size));
    }
  },

  WRITE(24) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      DiskSlot slot = scene.any(box.disks().keySet());
      scene.isAbout(box.id(), slot);
      scene.write(box, slot);
    }
  },

  GROW(4) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      ByteSize size = scene.largerThan(box.container().virtualSize());
      scene.isAbout(box.id(), size);
      scene.world().grow(box.disk(DiskSlot.CONTAINER), size);
      box.disks().put(DiskSlot.CONTAINER, box.container().grownTo(size));
    }
  },

  FORK(6) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotName name = scene.oneIn(3) ? scene.uniqueName() : null;
      scene.isAbout(box.id(), String.valueOf(name));
      scene.world().bases().create(box.id(), BaseDiskKind.CLONE_BASE, name);
    }
  },

  /** Of a box that is registered with its directory already. */
  FORK_BY_DIRECTORY(2) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      scene.isAbout(box.id(), box.disksDir());
      scene.world().bases().create(box.id(), box.disksDir(), BaseDiskKind.CLONE_BASE, null);
    }
  },

  /** Of a box that is not registered yet. */
  REGISTER(3, Scene::hasFreeBox) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.freeBox();
      World world = scene.world();
      Path directory = world.elsewhere().resolve(box.value());
      BaseDiskKind kind = scene.oneIn(2) ? BaseDiskKind.CLONE_BASE : BaseDiskKind.SNAPSHOT;
      scene.isAbout(box, kind);
      if (world.files().status(directory).isEmpty()) {
        world.files().createDirectory(directory, HomeLayout.PASS_THROUGH_MODE);
      }
      Map<DiskSlot, Content> disks = makeDisks(scene, directory);
      BaseDisk base = world.bases().create(box, directory, kind, null);
      scene.model().addBox(box, directory, disks.get(DiskSlot.CONTAINER));
      scene.model().box(box).disks().putAll(disks);
      if (kind == BaseDiskKind.SNAPSHOT) {
        keep(scene, base, disks.get(DiskSlot.CONTAINER));
      }
    }

    /** New disks, or some of a box that was of this home once: overlays of its bases. */
    private static Map<DiskSlot, Content> makeDisks(Scene scene, Path directory) {
      Map<DiskSlot, Content> disks = new EnumMap<>(DiskSlot.class);
      boolean isNew = scene.bases().isEmpty() || scene.oneIn(2);
      if (isNew) {
        ByteSize size = scene.size();
        scene.world().images().createEmpty(directory.resolve(DiskSlot.CONTAINER.fileName()), size);
        disks.put(DiskSlot.CONTAINER, Content.empty(size));
      } else {
        for (DiskSlot slot : DiskSlot.values()) {
          BaseDisk base = scene.any(scene.bases());
          disks.put(slot, overlay(scene, directory.resolve(slot.fileName()), base));
        }
      }
      return disks;
    }
  },

  /** One fork on another: chains are to be long as well. */
  DIG(2) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      int forks = scene.upTo(12);
      scene.isAbout(box.id(), forks);
      for (int i = 0; i < forks; i++) {
        scene.world().bases().create(box.id(), BaseDiskKind.CLONE_BASE, null);
        if (scene.oneIn(3)) {
          scene.write(box, DiskSlot.CONTAINER);
        }
      }
    }
  },

  SNAPSHOT(10) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotName name = scene.freeName(box.id());
      Snapshots.Mode mode = scene.oneIn(3) ? Snapshots.Mode.COPY : Snapshots.Mode.FORK;
      scene.isAbout(box.id(), String.valueOf(name), mode);
      BaseDisk base =
          name == null
              ? scene.world().bases().create(box.id(), BaseDiskKind.SNAPSHOT, null)
              : scene.world().snapshots().create(box.id(), name, mode, Internals.REFUSE);
      keep(scene, base, box.container());
    }
  },

  ROOTFS(3, scene -> scene.hasBox() && !scene.freeNames(BoxId.GLOBAL).isEmpty()) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotName key = scene.freeName(BoxId.GLOBAL);
      scene.isAbout(box.id(), key);
      keep(
          scene, scene.world().bases().create(box.id(), BaseDiskKind.ROOTFS, key), box.container());
    }
  },

  RESTORE(8, Scene::hasNamedSnapshot) {
    @Override
    void perform(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      ModelBox box = scene.model().box(snapshot.source());
      SnapshotName saveAs = scene.oneIn(2) ? null : scene.freeName(box.id());
      scene.isAbout(box.id(), snapshot.name(), String.valueOf(saveAs));
      Snapshots.Restored restored =
          scene.world().snapshots().restore(box.id(), snapshot.name(), saveAs);
      scene.collected(restored.report());
      if (saveAs != null) {
        BaseDisk saved =
            scene
                .world()
                .store()
                .read(view -> view.findBaseByName(box.id(), saveAs))
                .orElseThrow(() -> new AssertionError("nothing was saved"));
        keep(scene, saved, box.container());
      }
      box.disks().clear();
      box.disks().put(DiskSlot.CONTAINER, snapshot.content());
    }
  },

  REMOVE_SNAPSHOT(8, Scene::hasNamedSnapshot) {
    @Override
    void perform(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      scene.isAbout(snapshot.source(), snapshot.name());
      boolean isNeeded = isNeeded(scene, snapshot.id());
      Snapshots.Removed removed =
          scene.world().snapshots().remove(snapshot.source(), snapshot.name());
      scene.collected(removed.report());
      scene.model().forget(snapshot.id());
      assertEquals(snapshot.id(), removed.id());
      assertEquals(isNeeded, removed.fate() instanceof Snapshots.Fate.Demoted, "demoted");
    }
  },

  CLONE(8, scene -> scene.hasBox() && scene.hasFreeBox()) {
    @Override
    void perform(Scene scene) {
      ModelBox source = scene.anyBox();
      ImmutableList<BoxId> names = scene.freeBoxes();
      scene.isAbout(source.id(), names);
      Clones.Cloned cloned = scene.world().clones().cloneBox(source.id(), names);
      addClones(scene, names, source.container(), cloned);
    }
  },

  CLONE_SNAPSHOT(5, scene -> scene.hasNamedSnapshot() && scene.hasFreeBox()) {
    @Override
    void perform(Scene scene) {
      KeptBase snapshot = scene.any(scene.model().namedSnapshots());
      ImmutableList<BoxId> names = scene.freeBoxes();
      scene.isAbout(snapshot.source(), snapshot.name(), names);
      Clones.Cloned cloned =
          scene.world().clones().cloneSnapshot(snapshot.source(), snapshot.name(), names);
      assertEquals(snapshot.id(), cloned.base().id());
      addClones(scene, names, snapshot.content(), cloned);
    }
  },

  /** As an embedder does that knows both. */
  ATTACH_GUEST_ROOTFS(
      4, scene -> !scene.bases().isEmpty() && !withoutGuestRootfs(scene).isEmpty()) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.any(withoutGuestRootfs(scene));
      BaseDisk base = scene.any(scene.bases());
      scene.isAbout(box.id(), base.id());
      Content content = overlay(scene, box.disk(DiskSlot.GUEST_ROOTFS), base);
      scene
          .world()
          .store()
          .<Boolean>write(
              tx -> {
                tx.putReference(new Reference(base.id(), box.id(), DiskSlot.GUEST_ROOTFS));
                return true;
              });
      box.disks().put(DiskSlot.GUEST_ROOTFS, content);
    }
  },

  REMOVE_BOX(9) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotsOnRemoval snapshots =
          scene.model().snapshotsOf(box.id()).isEmpty() && scene.oneIn(2)
              ? SnapshotsOnRemoval.REFUSE
              : SnapshotsOnRemoval.REMOVE;
      scene.isAbout(box.id(), snapshots);
      scene.collected(scene.world().boxes().remove(box.id(), snapshots));
      scene.model().removeBox(box.id());
    }
  },

  /** Of a kind that only a user removes. */
  REMOVE_BASE(3, scene -> !removable(scene).isEmpty()) {
    @Override
    void perform(Scene scene) {
      KeptBase base = scene.any(removable(scene));
      scene.isAbout(base.id());
      CollectionReport report = scene.world().bases().remove(base.id());
      scene.collected(report);
      scene.model().forget(base.id());
      assertEquals(base.id(), report.collected().get(0));
    }
  },

  /** What nothing needs is gone, so that it finds a reason to keep the base. */
  TRY_COLLECT(2, scene -> !scene.bases().isEmpty()) {
    @Override
    void perform(Scene scene) {
      BaseDiskId base = scene.any(scene.bases()).id();
      scene.isAbout(base);
      CollectionReport report = scene.world().bases().tryCollect(base);
      assertEquals(ImmutableSet.of(base), report.kept().keySet(), "kept");
    }
  },

  /** What nothing needs is gone, and every file is somebody's: it finds nothing to do. */
  COLLECT(3, scene -> true) {
    @Override
    void perform(Scene scene) {
      GarbageCollection collection = scene.world().garbageCollection();
      boolean isPlanOnly = scene.oneIn(2);
      scene.isAbout(isPlanOnly ? "plan" : "all");
      GarbageCollection.Report report =
          isPlanOnly ? collection.plan(Duration.ZERO) : collection.collect(Duration.ZERO);
      assertEquals(ImmutableList.of(), report.swept(), "swept");
      assertEquals(ImmutableList.of(), report.bases().collected(), "collected");
      assertEquals(
          scene.bases().stream().map(BaseDisk::id).collect(ImmutableSet.toImmutableSet()),
          report.bases().kept().keySet(),
          "kept");
    }
  },

  REOPEN(2, scene -> true) {
    @Override
    void perform(Scene scene) {
      scene.world().reopen();
    }
  },

  SLEEP(3, scene -> true) {
    @Override
    void perform(Scene scene) {
      scene.world().sleep(Duration.ofSeconds(scene.upTo(100)));
    }
  },

  /** A wrong request is refused by its own error, and changes nothing. */
  MISTAKE(14, scene -> true) {
    @Override
    void perform(Scene scene) {
      Mistake mistake =
          scene.any(Arrays.stream(Mistake.values()).filter(m -> m.isPossible(scene)).toList());
      scene.isAbout(mistake);
      mistake.check(scene);
    }
  };

  private final int weight;

  @SuppressWarnings("ImmutableEnumChecker") // A question that has no state.
  private final Predicate<Scene> possible;

  /** One that is possible if there is any box. */
  Act(int weight) {
    this(weight, Scene::hasBox);
  }

  Act(int weight, Predicate<Scene> possible) {
    this.weight = weight;
    this.possible = possible;
  }

  /** Returns how often this is done, in proportion to all that is possible. */
  int weight() {
    return weight;
  }

  /** Returns whether there is something to do it to. */
  boolean isPossible(Scene scene) {
    return possible.test(scene);
  }

  abstract void perform(Scene scene);

  // What several need.

  /** Makes an empty overlay, as another program does, and returns what it contains. */
  private static Content overlay(Scene scene, Path disk, BaseDisk base) {
    World world = scene.world();
    Path file = base.diskInfo().basePath();
    world
        .images()
        .createOverlay(
            disk, file, ImageFormat.QCOW2, new ByteSize(base.diskInfo().containerDiskBytes()));
    world.files().sync(ImmutableList.of(disk, disk.getParent()));
    return world.read(file);
  }

  /** The store agrees with the headers: that is checked after each step. */
  static boolean isNeeded(Scene scene, BaseDiskId base) {
    return scene
        .world()
        .store()
        .read(view -> view.hasDependents(base) || !view.children(base).isEmpty());
  }

  private static void keep(Scene scene, BaseDisk base, Content content) {
    scene
        .model()
        .keep(new KeptBase(base.id(), base.kind(), base.sourceBoxId(), base.name(), content));
  }

  private static void addClones(
      Scene scene, ImmutableList<BoxId> names, Content content, Clones.Cloned cloned) {
    HomeLayout home = scene.world().home();
    names.forEach(name -> scene.model().addBox(name, home.disksDirectory(name), content));
    assertEquals(
        names.stream()
            .collect(
                ImmutableMap.toImmutableMap(name -> name, name -> Optional.of(cloned.base().id()))),
        cloned.boxes().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    box -> box.box().id(), box -> Optional.ofNullable(box.baseId()))),
        "clones, and what they stand on");
  }

  private static ImmutableList<ModelBox> withoutGuestRootfs(Scene scene) {
    return scene.model().boxes().stream()
        .filter(box -> !box.disks().containsKey(DiskSlot.GUEST_ROOTFS))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<KeptBase> removable(Scene scene) {
    return scene.model().kept().stream()
        .filter(base -> !isNeeded(scene, base.id()))
        .collect(ImmutableList.toImmutableList());
  }
}
