package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.KeptBase;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One home of an accident walk: what it must contain, and what an operator keeps of it elsewhere.
 */
final class WalkedHome {

  final FragileWorld world;
  final FleetModel model;
  final Walker walker;

  /** Each puts back a store that was kept. */
  final List<Runnable> stores = new ArrayList<>();

  final List<KeptDisk> disks = new ArrayList<>();

  /** What an accident itself has damaged, until it is put right. */
  private final Set<Path> damaged = new HashSet<>();

  /**
   * A copy of a disk.
   *
   * @param home the path of the home when it was made
   * @param base the base that it is based on
   */
  record KeptDisk(
      Path home, BoxId box, DiskSlot slot, Path copy, Content content, Optional<BaseDiskId> base) {}

  WalkedHome(FragileWorld world, FleetModel model, int looksCloselyEvery) {
    this.world = world;
    this.model = model;
    this.walker = new Walker(looksCloselyEvery);
  }

  /** Goes on in the home, with its store and at the path that it has now. */
  void goOn() {
    damaged.clear();
    walker.begin(world, model);
  }

  /** Notes that an accident has damaged a file, whatever is read there. */
  void isDamaged(Path file) {
    damaged.add(file);
  }

  /** Notes what can't be read after an accident and before any command. */
  void noteDamage() {
    for (ModelBox box : model.boxes()) {
      box.disks()
          .forEach(
              (slot, content) -> {
                if (!reads(box.disk(slot), content)) {
                  damaged.add(box.disk(slot));
                }
              });
    }
    for (KeptBase base : model.kept()) {
      if (!reads(fileOf(base), base.content())) {
        damaged.add(fileOf(base));
      }
    }
  }

  private boolean reads(Path image, Content content) {
    try {
      return content.equals(world.read(image));
    } catch (RuntimeException unreadable) {
      return false;
    }
  }

  boolean isDamaged(ModelBox box, DiskSlot slot) {
    return damaged.contains(box.disk(slot));
  }

  private Path fileOf(KeptBase base) {
    return world.home().baseFile(base.id());
  }

  /** Returns whether a base, or a directory of a box, is one that the model knows. */
  boolean needs(Path file) {
    return model.kept().stream().anyMatch(base -> fileOf(base).equals(file))
        || model.boxes().stream().anyMatch(box -> box.disksDir().startsWith(file));
  }

  /** Fails unless every disk and base of the model that no accident has damaged reads back. */
  void checkNothingIsLost() {
    for (ModelBox box : model.boxes()) {
      box.disks()
          .forEach(
              (slot, content) -> {
                if (!isDamaged(box, slot)) {
                  assertEquals(content, world.read(box.disk(slot)), () -> slot + " of " + box.id());
                }
              });
    }
    for (KeptBase base : model.kept()) {
      if (!damaged.contains(fileOf(base)) && !model.isRecovered(base)) {
        assertEquals(
            base.content(),
            world.read(fileOf(base)),
            () -> base.kind() + " " + base.name() + " of " + base.source());
      }
    }
  }
}
