package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.testing.HomeInvariants;
import io.basedisk.domain.testing.walk.FleetModel.CacheEntry;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** Walks through one home, and looks around after each step. */
final class Walker {

  private final int looksCloselyEvery;
  private final Map<Act, Integer> acts = new EnumMap<>(Act.class);
  private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
  private World world;
  private FleetModel model;
  private HomeInvariants invariants;

  /** The bases as they were listed last. */
  private List<BaseDiskId> listed = ImmutableList.of();

  private int deepestChain;
  private int mostBases;

  Walker(int looksCloselyEvery) {
    this.looksCloselyEvery = looksCloselyEvery;
  }

  /** Returns how often each was done of those that were done at all. */
  Map<Act, Integer> acts() {
    return acts;
  }

  Set<Mistake> mistakes() {
    return mistakes;
  }

  int deepestChain() {
    return deepestChain;
  }

  int mostBases() {
    return mostBases;
  }

  void begin(World empty) {
    begin(empty, new FleetModel());
  }

  /** Goes on in a home that is there already. */
  void begin(World known, FleetModel contents) {
    world = known;
    model = contents;
    invariants = new HomeInvariants(known.home(), known.store(), known.files(), known.images());
    listed = ImmutableList.of();
  }

  /**
   * Takes one step, and checks everything after it.
   *
   * @param log gets a line that says what was done, also if it fails
   */
  void step(Random random, List<String> log) {
    Act act = choose(random);
    Scene scene = new Scene(world, model, random, act.name());
    take(scene, log, () -> act.perform(scene));
    acts.merge(act, 1, Integer::sum);
    mistakes.addAll(scene.mistakes());
    check(log.size() % looksCloselyEvery == 0, random);
  }

  private Act choose(Random random) {
    Scene scene = new Scene(world, model, random, "");
    List<Act> possible =
        Arrays.stream(Act.values()).filter(candidate -> candidate.isPossible(scene)).toList();
    int dice = random.nextInt(possible.stream().mapToInt(Act::weight).sum());
    int i = 0;
    while (dice >= possible.get(i).weight()) {
      dice -= possible.get(i).weight();
      i++;
    }
    return possible.get(i);
  }

  private static void take(Scene scene, List<String> log, Runnable step) {
    try {
      step.run();
    } finally {
      log.add(scene.description());
    }
    scene.checkReport();
  }

  /** Removes every box and everything that users keep; then the home must be as it began. */
  void removeEverything(List<String> log) {
    Random random = new Random(log.size());
    check(true, random);
    for (ModelBox box : model.boxes()) {
      Scene scene = new Scene(world, model, random, "FINALLY_REMOVE_BOX");
      scene.isAbout(box.id());
      take(
          scene,
          log,
          () -> {
            scene.collected(
                world.boxes().remove(box.id(), SnapshotsOnRemoval.REMOVE, ForeignDisks.DELETE));
            model.removeBox(box.id());
          });
      check(false, random);
    }
    for (KeptBase base : Lists.reverse(model.kept())) {
      Scene scene = new Scene(world, model, random, "FINALLY_REMOVE_BASE");
      scene.isAbout(base.id());
      take(
          scene,
          log,
          () -> {
            scene.collected(world.bases().remove(base.id()));
            model.forget(base.id());
          });
      check(false, random);
    }
    assertEquals(
        ImmutableList.of(), world.store().read(v -> v.bases().list(BaseFilter.ALL)), "bases");
    assertEquals(ImmutableList.of(), world.store().read(view -> view.boxes().list()), "boxes");
    assertEquals(
        ImmutableList.of(), world.store().read(view -> view.references().list()), "references");
    assertEquals(ImmutableSet.of(), invariants.filesInHome(), "files in the home");
  }

  // What must be true after each step.

  /**
   * @param closely whether to read every byte of every base, to ask the doctor, and to account for
   *     the space
   * @param random chooses a base whose bytes are read in another way
   */
  void check(boolean closely, Random random) {
    if (closely) {
      invariants.checkWithContent();
      assertEquals(
          ImmutableList.of(),
          world.doctor().examine(Doctor.Depth.CONTENT).findings(),
          "findings of the doctor");
      new SpaceCheck(world).check(invariants.filesInHome());
    } else {
      invariants.check(
          listed.isEmpty()
              ? ImmutableSet.of()
              : ImmutableSet.of(listed.get(random.nextInt(listed.size()))));
    }
    // No process has a disk open here, and there is no other reason to wait.
    assertEquals(
        ImmutableList.of(),
        world.store().read(view -> view.pendingDeletes().listCollectPending()),
        "bases that wait");
    checkContent();
    checkKept();
    checkRootfs();
    checkBoxes();
    checkDepths();
    checkListOfBases();
    checkTrees();
  }

  private void checkContent() {
    for (ModelBox box : model.boxes()) {
      box.disks()
          .forEach(
              (slot, content) ->
                  assertEquals(
                      content, world.read(box.disk(slot)), () -> slot + " of " + box.id()));
    }
    for (KeptBase base : model.kept()) {
      assertEquals(
          base.content(),
          world.read(world.home().baseFile(base.id())),
          () -> base.kind() + " " + base.name() + " of " + base.source());
    }
  }

  /** The bases that users keep are those of the model. */
  private void checkKept() {
    ImmutableSet<String> recorded =
        world.store().read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .filter(Needs::isKept)
            .map(base -> describe(base.id(), base.kind(), base.sourceBoxId() + "/" + base.name()))
            .collect(ImmutableSet.toImmutableSet());
    ImmutableSet<String> expected =
        model.kept().stream()
            .map(base -> describe(base.id(), base.kind(), base.source() + "/" + base.name()))
            .collect(ImmutableSet.toImmutableSet());
    assertEquals(expected, recorded, "snapshots and rootfs");
  }

  private static String describe(BaseDiskId id, BaseDiskKind kind, String name) {
    return kind + " " + id + " " + name;
  }

  /** Each rootfs is listed newest first, and when it was used last is known. */
  private void checkRootfs() {
    assertEquals(
        Lists.reverse(model.rootfs()).stream()
            .map(base -> describe(base.id(), base.name(), model.cacheEntry(base.id())))
            .toList(),
        world.rootfs().list().stream()
            .map(
                entry ->
                    describe(
                        entry.details().base().id(),
                        entry.details().base().name(),
                        new CacheEntry(entry.digest() != null, entry.lastUsedAt())))
            .toList(),
        "list of rootfs");
  }

  private static String describe(BaseDiskId id, BaseName key, CacheEntry entry) {
    return id + " " + key + " " + entry;
  }

  /** Boxes, and the snapshots of each, are listed newest first. */
  private void checkBoxes() {
    assertEquals(
        Lists.reverse(model.boxes()).stream().map(ModelBox::id).toList(),
        world.boxes().list().stream().map(box -> box.box().id()).toList(),
        "list of boxes");
    for (ModelBox box : model.boxes()) {
      assertEquals(
          Lists.reverse(model.snapshotsOf(box.id())).stream().map(KeptBase::id).toList(),
          world.snapshots().list(box.id()).stream().map(base -> base.base().id()).toList(),
          () -> "list of the snapshots of " + box.id());
    }
  }

  /** Each chain is followed to its end, however long. */
  private void checkDepths() {
    Map<BaseDiskId, BaseDisk> bases =
        world.store().read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .collect(ImmutableMap.toImmutableMap(BaseDisk::id, base -> base));
    for (BoxDetails box : world.boxes().list()) {
      int depth = 0;
      for (BaseDiskId base = box.baseId(); base != null; base = bases.get(base).parentId()) {
        depth++;
      }
      assertEquals(
          new DiskState.Known(model.box(box.box().id()).container().virtualSize().bytes(), depth),
          box.disk(),
          () -> "size of " + box.box().id() + ", and the number of files below it");
      deepestChain = Math.max(deepestChain, depth);
    }
  }

  /** What was listed stays in its order, and what is new comes before it. */
  private void checkListOfBases() {
    List<BaseDiskId> now =
        world.bases().list(BaseFilter.ALL).stream()
            .map(BaseDetails::base)
            .map(BaseDisk::id)
            .toList();
    ImmutableSet<BaseDiskId> before = ImmutableSet.copyOf(listed);
    List<BaseDiskId> old = now.stream().dropWhile(Predicate.not(before::contains)).toList();
    assertEquals(listed.stream().filter(now::contains).toList(), old, "list of bases");
    listed = now;
    mostBases = Math.max(mostBases, now.size());
  }

  private void checkTrees() {
    Deque<Lineage.Node> toVisit = new ArrayDeque<>(world.lineage().trees());
    ImmutableList.Builder<BaseDiskId> found = ImmutableList.builder();
    while (!toVisit.isEmpty()) {
      Lineage.Node node = toVisit.remove();
      found.add(node.base().base().id());
      toVisit.addAll(node.children());
    }
    assertEquals(
        listed.stream().sorted().toList(),
        found.build().stream().sorted().toList(),
        "bases in trees");
  }
}
