package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.CacheEntry;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  WRITE(28) {
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
  FORK_BY_DIRECTORY(3) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      scene.isAbout(box.id(), box.disksDir());
      scene.world().bases().create(box.id(), box.disksDir(), BaseDiskKind.CLONE_BASE, null);
    }
  },

  /** Of a box that is not registered yet. */
  REGISTER(6, Scene::hasFreeBox) {
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
          disks.put(slot, scene.overlay(directory.resolve(slot.fileName()), base));
        }
      }
      return disks;
    }
  },

  /** One fork on another: chains are to be long as well. */
  DIG(3) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      int forks = 3 + scene.upTo(12);
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
              : scene.world().snapshots().create(box.id(), name, mode, InternalSnapshots.REFUSE);
      keep(scene, base, box.container());
    }
  },

  ROOTFS(4, scene -> scene.hasBox() && !scene.freeKeys().isEmpty()) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      RootfsKey key = scene.any(scene.freeKeys());
      scene.isAbout(box.id(), key);
      BaseDisk base = scene.world().bases().create(box.id(), BaseDiskKind.ROOTFS, key);
      keepRootfs(scene, base, box.container(), false);
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
          scene.world().snapshots().restore(box.id(), snapshot.snapshotName(), saveAs);
      scene.collected(restored.report());
      if (saveAs != null) {
        BaseDisk saved =
            scene
                .world()
                .store()
                .read(view -> view.bases().findByName(box.id(), saveAs))
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
      scene.isAbout(snapshot.source(), snapshot.snapshotName());
      boolean isNeeded = isNeeded(scene, snapshot.id());
      long alone = exclusiveBytes(scene, snapshot.id());
      Snapshots.Removed removed =
          scene.world().snapshots().remove(snapshot.source(), snapshot.snapshotName());
      scene.collected(removed.report());
      scene.model().forget(snapshot.id());
      assertEquals(snapshot.id(), removed.id());
      assertEquals(isNeeded, removed.fate() instanceof Snapshots.Fate.Demoted, "demoted");
      assertEquals(alone, removed.report().freedBytes(), "freed bytes");
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
      scene.isAbout(snapshot.source(), snapshot.snapshotName(), names);
      Clones.Cloned cloned =
          scene.world().clones().cloneSnapshot(snapshot.source(), snapshot.snapshotName(), names);
      assertEquals(snapshot.id(), cloned.base().id());
      addClones(scene, names, snapshot.content(), cloned);
    }
  },

  CREATE_ON_BASE(4, scene -> scene.hasBase() && scene.hasFreeBox()) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.freeBox();
      BaseDiskId base = scene.any(scene.bases()).id();
      Content content = scene.world().read(scene.world().home().baseFile(base));
      ByteSize size = scene.sizeOn(content.virtualSize());
      scene.isAbout(box, base, String.valueOf(size));
      BoxDetails created = scene.world().boxes().createOnBase(box, base, size);
      assertEquals(base, created.baseId(), "what it is based on");
      addBox(scene, box, content, size);
    }
  },

  /** Flat, whatever the image depends on. */
  IMPORT(5, Scene::hasFreeBox) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.freeBox();
      Source source = Source.any(scene);
      ByteSize size = scene.sizeOn(source.content().virtualSize());
      scene.isAbout(box, source.image().file(), String.valueOf(size));
      BoxDetails created =
          scene.world().boxes().createFromImage(box, source.image(), size, Progress.NONE);
      source.discard(scene);
      addBox(scene, box, source.content(), size);
      assertEquals(
          new DiskState.Known(scene.model().box(box).container().virtualSize().bytes(), 0),
          created.disk(),
          "what was imported");
    }
  },

  ADD_ROOTFS(8, scene -> true) {
    @Override
    void perform(Scene scene) {
      RootfsKey key = scene.anyKey();
      Optional<KeptBase> old = scene.model().rootfs(key);
      Source source =
          old.isPresent() && scene.oneIn(3)
              ? Source.ofBase(scene, old.get().id())
              : Source.any(scene);
      scene.isAbout(key, source.image().file());
      Needs needs = Needs.of(scene.world());
      RootfsCache.Entry entry = scene.world().rootfs().add(key, source.image(), Progress.NONE);
      source.discard(scene);
      boolean isSame =
          old.isPresent()
              && scene.model().cacheEntry(old.get().id()).hasDigest()
              && old.get().content().equals(source.content());
      BaseDisk base = entry.details().base();
      assertEquals(isSame, old.isPresent() && old.get().id().equals(base.id()), "same entry");
      if (isSame) {
        scene.model().noteUse(base.id(), scene.world().now());
      } else {
        assertNull(base.parentId(), "flat");
        // The superseded version goes, if nothing needs it.
        old.ifPresent(superseded -> scene.collected(needs.release(superseded.id())));
        keepRootfs(scene, base, source.content(), true);
      }
    }
  },

  /** The builder is asked only if there is no such entry. */
  BUILD_ROOTFS(4, scene -> true) {
    @Override
    void perform(Scene scene) {
      RootfsKey key = scene.anyKey();
      Optional<BaseDisk> below =
          scene.hasBase() && scene.oneIn(2)
              ? Optional.of(scene.any(scene.bases()))
              : Optional.empty();
      scene.isAbout(key, below.map(BaseDisk::id));
      List<Content> built = new ArrayList<>();
      BaseDisk base =
          scene
              .world()
              .rootfs()
              .getOrCreate(key, image -> built.add(build(scene, image, below)))
              .details()
              .base();
      Optional<KeptBase> old = scene.model().rootfs(key);
      assertEquals(old.isPresent() ? 0 : 1, built.size(), "how often something was built");
      if (old.isPresent()) {
        assertEquals(old.get().id(), base.id(), "the entry that was there");
        scene.model().noteUse(base.id(), scene.world().now());
      } else {
        keepRootfs(scene, base, built.get(0), true);
      }
    }

    private static Content build(Scene scene, Path image, Optional<BaseDisk> below) {
      if (below.isPresent()) {
        return scene.write(image, scene.overlay(image, below.get()));
      }
      ByteSize size = scene.size();
      scene.world().images().createEmpty(image, size);
      return scene.write(image, Content.empty(size));
    }
  },

  CREATE_ON_ROOTFS(5, scene -> scene.hasRootfs() && scene.hasFreeBox()) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.freeBox();
      KeptBase rootfs = scene.any(scene.model().rootfs());
      ByteSize size = scene.sizeOn(rootfs.content().virtualSize());
      scene.isAbout(box, rootfs.key(), String.valueOf(size));
      BoxDetails created = scene.world().rootfs().createBox(box, rootfs.key(), size);
      assertEquals(rootfs.id(), created.baseId(), "what it is based on");
      scene.model().noteUse(rootfs.id(), scene.world().now());
      addBox(scene, box, rootfs.content(), size);
    }
  },

  ATTACH(6, scene -> scene.hasRootfs() && !withoutGuestRootfs(scene).isEmpty()) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.any(withoutGuestRootfs(scene));
      KeptBase rootfs = scene.any(scene.model().rootfs());
      scene.isAbout(box.id(), rootfs.key());
      BaseDisk attached = scene.world().rootfs().attach(box.id(), rootfs.key());
      assertEquals(rootfs.id(), attached.id(), "what it is based on");
      scene.model().noteUse(rootfs.id(), scene.world().now());
      box.disks().put(DiskSlot.GUEST_ROOTFS, rootfs.content());
    }
  },

  REMOVE_ROOTFS(4, scene -> !removableRootfs(scene).isEmpty()) {
    @Override
    void perform(Scene scene) {
      KeptBase rootfs = scene.any(removableRootfs(scene));
      scene.isAbout(rootfs.key());
      long alone = exclusiveBytes(scene, rootfs.id());
      CollectionReport report = scene.world().rootfs().remove(rootfs.key());
      scene.collected(report);
      scene.model().forget(rootfs.id());
      assertEquals(rootfs.id(), report.collected().get(0));
      assertEquals(alone, report.freedBytes(), "freed bytes");
    }
  },

  /** Those go first that were not used for the longest time, and only as many as must. */
  PRUNE(3, scene -> true) {
    @Override
    void perform(Scene scene) {
      Needs needs = Needs.of(scene.world());
      long budget = scene.oneIn(3) ? 0 : bytesOf(scene, needs.rootfs()) * scene.upTo(8) / 8;
      scene.isAbout(budget);
      List<KeptBase> going = new ArrayList<>();
      Set<BaseDiskId> collected = new LinkedHashSet<>();
      for (KeptBase rootfs : scene.model().leastRecentlyUsedFirst()) {
        if (bytesOf(scene, needs.rootfs()) > budget && !needs.isNeeded(rootfs.id())) {
          going.add(rootfs);
          collected.addAll(needs.release(rootfs.id()));
        }
      }
      long freed = bytesOf(scene, collected);
      RootfsCache.Pruned pruned = scene.world().rootfs().prune(budget);
      scene.collected(pruned.report());
      going.forEach(rootfs -> scene.model().forget(rootfs.id()));
      assertEquals(going.stream().map(KeptBase::name).toList(), pruned.keys(), "pruned");
      assertEquals(collected, ImmutableSet.copyOf(pruned.report().collected()), "collected");
      assertEquals(freed, pruned.report().freedBytes(), "freed bytes");
    }
  },

  /** What is done is what was planned, to that box alone. */
  COMPACT(6) {
    @Override
    void perform(Scene scene) {
      BoxId box = scene.oneIn(2) ? deepest(scene) : scene.anyBox().id();
      MaxDepth limit = new MaxDepth(scene.upTo(4));
      scene.isAbout(box, limit.layers());
      Compactions compactions = scene.world().compactions();
      Map<BoxId, BoxDetails> before = boxes(scene);
      Compactions.Outcome planned = compactions.plan(box, limit);
      assertEquals(before, boxes(scene), "boxes after a plan");
      Compactions.Outcome outcome = compactions.compact(box, limit, Progress.NONE);
      Map<BoxId, BoxDetails> after = boxes(scene);
      assertEquals(after.get(box), outcome.box(), "the box");
      if (outcome instanceof Compactions.Compacted compacted) {
        scene.collected(compacted.report());
        checkAsPlanned((Compactions.Compacted) planned, compacted);
        assertEquals(depth(before.get(box)), compacted.depthBefore(), "depth before");
        assertEquals(depth(after.get(box)), compacted.merge().depth(), "depth after");
        assertTrue(compacted.merge().depth() <= limit.layers(), "still too deep");
      } else {
        assertEquals(planned, outcome, "outcome");
        assertEquals(before, after, "boxes");
        assertTrue(depth(after.get(box)) <= limit.layers(), "still too deep");
      }
      before.remove(box);
      after.remove(box);
      assertEquals(before, after, "other boxes");
    }

    private static BoxId deepest(Scene scene) {
      return boxes(scene).values().stream()
          .max(Comparator.comparing(Act::depth))
          .orElseThrow()
          .box()
          .id();
    }

    private static void checkAsPlanned(
        Compactions.Compacted planned, Compactions.Compacted compacted) {
      assertEquals(planned.merge(), compacted.merge(), "merged layers");
      assertEquals(
          ImmutableSet.copyOf(planned.report().collected()),
          ImmutableSet.copyOf(compacted.report().collected()),
          "layers that go");
      assertEquals(planned.report().freedBytes(), compacted.report().freedBytes(), "freed bytes");
      assertEquals(planned.replacedBytes(), compacted.replacedBytes(), "replaced bytes");
      assertTrue(compacted.writtenBytes() <= planned.writtenBytes(), "more was written");
    }
  },

  /** Layers are small here: to copy some is always cheap. */
  COMPACT_ALL(3) {
    @Override
    void perform(Scene scene) {
      MaxDepth limit = new MaxDepth(scene.upTo(4));
      scene.isAbout(limit.layers());
      Map<BoxId, BoxDetails> before = boxes(scene);
      Compactions.FleetOutcome outcome =
          scene.world().compactions().compactAll(limit, Progress.NONE);
      scene.collected(
          outcome.compacted().stream()
              .flatMap(compacted -> compacted.report().collected().stream())
              .toList());
      Map<BoxId, BoxDetails> after = boxes(scene);
      assertEquals(ImmutableMap.of(), outcome.skipped(), "skipped");
      assertEquals(
          Maps.filterValues(before, box -> depth(box) > limit.layers()).keySet(),
          outcome.compacted().stream()
              .map(compacted -> compacted.box().box().id())
              .collect(ImmutableSet.toImmutableSet()),
          "compacted");
      for (BoxDetails box : after.values()) {
        assertTrue(depth(box) <= limit.layers(), () -> box + " is too deep");
      }
    }
  },

  REMOVE_BOX(20) {
    @Override
    void perform(Scene scene) {
      ModelBox box = scene.anyBox();
      SnapshotsOnRemoval snapshots =
          scene.model().snapshotsOf(box.id()).isEmpty() && scene.oneIn(2)
              ? SnapshotsOnRemoval.REFUSE
              : SnapshotsOnRemoval.REMOVE;
      scene.isAbout(box.id(), snapshots);
      BoxSpace space = scene.world().space().of(box.id()).boxes().get(0);
      CollectionReport report =
          scene.world().boxes().remove(box.id(), snapshots, ForeignDisks.DELETE);
      scene.collected(report);
      if (scene.model().snapshotsOf(box.id()).isEmpty()) {
        assertEquals(
            space.exclusiveBytes(), space.allocatedBytes() + report.freedBytes(), "freed bytes");
      }
      scene.model().removeBox(box.id());
    }
  },

  /** Of a kind that only a user removes. */
  REMOVE_BASE(3, scene -> !removable(scene).isEmpty()) {
    @Override
    void perform(Scene scene) {
      KeptBase base = scene.any(removable(scene));
      scene.isAbout(base.id());
      long alone = exclusiveBytes(scene, base.id());
      CollectionReport report = scene.world().bases().remove(base.id());
      scene.collected(report);
      scene.model().forget(base.id());
      assertEquals(base.id(), report.collected().get(0));
      assertEquals(alone, report.freedBytes(), "freed bytes");
    }
  },

  /** What nothing needs is gone, so that it finds a reason to keep the base. */
  TRY_COLLECT(3, scene -> !scene.bases().isEmpty()) {
    @Override
    void perform(Scene scene) {
      BaseDiskId base = scene.any(scene.bases()).id();
      scene.isAbout(base);
      CollectionReport report = scene.world().bases().tryCollect(base);
      assertEquals(ImmutableSet.of(base), report.kept().keySet(), "kept");
    }
  },

  /** No base is unneeded and no file is an orphan, so that a collection finds nothing. */
  COLLECT(3, scene -> true) {
    @Override
    void perform(Scene scene) {
      GarbageCollection collection = scene.world().garbageCollection();
      boolean isPlanOnly = scene.oneIn(2);
      scene.isAbout(isPlanOnly ? "plan" : "all");
      GarbageCollection.Report report =
          isPlanOnly
              ? collection.plan(GarbageCollection.Scope.DEFAULT)
              : collection.collect(GarbageCollection.Scope.DEFAULT);
      assertEquals(ImmutableList.of(), report.discarded(), "swept");
      assertEquals(ImmutableList.of(), report.bases().collected(), "collected");
      assertEquals(
          scene.bases().stream().map(BaseDisk::id).collect(ImmutableSet.toImmutableSet()),
          report.bases().kept().keySet(),
          "kept");
    }
  },

  REOPEN(3, scene -> true) {
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

  /** Each wrong request is refused by its own error, and changes nothing. */
  MISTAKE(14, scene -> true) {
    @Override
    void perform(Scene scene) {
      for (int i = scene.upTo(3); i > 0; i--) {
        Mistake mistake =
            scene.any(Arrays.stream(Mistake.values()).filter(m -> m.isPossible(scene)).toList());
        scene.isAbout(mistake);
        scene.makes(mistake);
        mistake.check(scene);
      }
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

  /** The store agrees with the headers: that is checked after each step. */
  static boolean isNeeded(Scene scene, BaseDiskId base) {
    return scene
        .world()
        .store()
        .read(
            view ->
                view.references().hasDependents(base)
                    || !view.bases().listChildren(base).isEmpty());
  }

  private static void keep(Scene scene, BaseDisk base, Content content) {
    scene
        .model()
        .keep(new KeptBase(base.id(), base.kind(), base.sourceBoxId(), base.name(), content));
  }

  private static void keepRootfs(Scene scene, BaseDisk base, Content content, boolean hasDigest) {
    KeptBase kept = new KeptBase(base.id(), base.kind(), base.sourceBoxId(), base.name(), content);
    scene.model().keepRootfs(kept, new CacheEntry(hasDigest, scene.world().now()));
  }

  /**
   * @param size null for that of {@code content}
   */
  private static void addBox(Scene scene, BoxId box, Content content, ByteSize size) {
    scene
        .model()
        .addBox(
            box,
            scene.world().home().disksDirectory(box),
            size == null ? content : content.grownTo(size));
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
        "clones, and what they depend on");
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

  private static ImmutableList<KeptBase> removableRootfs(Scene scene) {
    return scene.model().rootfs().stream()
        .filter(base -> !isNeeded(scene, base.id()))
        .collect(ImmutableList.toImmutableList());
  }

  private static Map<BoxId, BoxDetails> boxes(Scene scene) {
    Map<BoxId, BoxDetails> boxes = new LinkedHashMap<>();
    scene.world().boxes().list().forEach(box -> boxes.put(box.box().id(), box));
    return boxes;
  }

  private static int depth(BoxDetails box) {
    return ((DiskState.Known) box.disk()).depth();
  }

  /** Returns what is told that goes with a base. */
  private static long exclusiveBytes(Scene scene, BaseDiskId base) {
    return scene.world().space().ofHome().bases().stream()
        .filter(space -> space.base().id().equals(base))
        .mapToLong(BaseSpace::exclusiveBytes)
        .sum();
  }

  private static long bytesOf(Scene scene, Collection<BaseDiskId> bases) {
    return SpaceCheck.bytesOf(
        scene.world(), bases.stream().map(scene.world().home()::baseFile).toList());
  }
}
