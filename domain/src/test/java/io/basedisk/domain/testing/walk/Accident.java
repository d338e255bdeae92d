package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import io.basedisk.domain.testing.walk.WalkedHome.KeptDisk;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiPredicate;

/** What happens to a home without a command of ours. */
enum Accident {
  MOVE(3, (home, scene) -> true) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      Path from = home.world.home().home();
      home.world.move();
      home.model.relocate(from, home.world.home().home());
      scene.isAbout(home.world.home().home());
      return () -> {};
    }
  },
  LOSE_STORE(3, (home, scene) -> true) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      home.world.loseStore();
      return () -> {};
    }
  },
  /** Without a stamp, nothing tells that a store is older. */
  AGE_STORE(6, (home, scene) -> !home.stores.isEmpty() && home.world.hasStamp()) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      int which = scene.upTo(home.stores.size()) - 1;
      scene.isAbout(which);
      home.stores.get(which).run();
      return () -> {};
    }
  },
  LOSE_STAMP(1, (home, scene) -> true) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      home.world.loseStamp();
      return () -> {};
    }
  },
  LOSE_IDENTITY(1, (home, scene) -> true) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      home.world.loseIdentity();
      return () -> {};
    }
  },
  UNMOUNT_BOXES(3, (home, scene) -> hasBoxInHome(home)) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      home.world.unmount(home.world.home().boxes());
      return () -> home.world.mount(home.world.home().boxes());
    }
  },
  UNMOUNT_BASES(4, (home, scene) -> scene.hasBase()) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      home.world.unmount(home.world.home().bases());
      return () -> home.world.mount(home.world.home().bases());
    }
  },
  /** Its owner, or an operator, puts a link to another box's disk, or to a base, in its place. */
  LINK_DISK(4, (home, scene) -> home.model.boxes().size() > 1) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      ModelBox box = scene.anyBox();
      DiskSlot slot = scene.any(box.disks().keySet());
      ModelBox victim =
          scene.any(
              home.model.boxes().stream().filter(other -> !other.id().equals(box.id())).toList());
      Path target =
          scene.hasBase() && scene.oneIn(3)
              ? home.world.home().baseFile(scene.any(scene.bases()).id())
              : victim.disk(DiskSlot.CONTAINER);
      scene.isAbout(box.disk(slot), target);
      Path disk = box.disk(slot);
      Path aside = home.world.freePath();
      home.world.files().rename(disk, aside);
      home.world.link(disk, target);
      home.isDamaged(disk);
      return () -> {
        boolean isStillThere = home.model.boxes().contains(box) && box.disks().containsKey(slot);
        if (isStillThere) {
          home.world.files().remove(disk);
          home.world.files().rename(aside, disk);
        }
      };
    }
  },
  PUT_DISK_BACK(6, (home, scene) -> !usable(home).isEmpty()) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      KeptDisk kept = scene.any(usable(home));
      ModelBox box = home.model.box(kept.box());
      Path disk = box.disk(kept.slot());
      scene.isAbout(disk, kept.base());
      Path copy = home.world.freePath();
      home.world.files().copy(kept.copy(), copy);
      home.world.files().copyAttributes(disk, copy);
      home.world.files().rename(copy, disk);
      home.world.files().sync(ImmutableList.of(disk, disk.getParent()));
      box.disks().put(kept.slot(), kept.content());
      return () -> {};
    }
  },
  SPOIL_BASE(4, (home, scene) -> scene.hasBase()) {
    @Override
    Runnable strike(WalkedHome home, Scene scene) {
      Path base = home.world.home().baseFile(scene.any(scene.bases()).id());
      scene.isAbout(base);
      Runnable putBack = home.world.spoil(base);
      return () -> {
        if (home.world.files().status(base).isPresent()) {
          putBack.run();
        }
      };
    }
  };

  private final int weight;

  @SuppressWarnings("ImmutableEnumChecker") // A question that has no state.
  private final BiPredicate<WalkedHome, Scene> possible;

  Accident(int weight, BiPredicate<WalkedHome, Scene> possible) {
    this.weight = weight;
    this.possible = possible;
  }

  int weight() {
    return weight;
  }

  boolean isPossible(WalkedHome home, Scene scene) {
    return possible.test(home, scene);
  }

  /**
   * Lets it happen.
   *
   * @return what an operator does first to put it right, if it can be undone
   */
  abstract Runnable strike(WalkedHome home, Scene scene);

  /**
   * Returns whether a careful operator tries that before the accident is remedied. Of a disk that
   * was put back only doctor and gc know what it depends on: a command on other boxes does not read
   * its header. And when no box is recorded any more, nothing tells that boxes are away.
   */
  boolean allows(Attempt attempt) {
    return switch (this) {
      case PUT_DISK_BACK -> !attempt.frees();
      case UNMOUNT_BOXES -> attempt != Attempt.REMOVE_BOX;
      default -> true;
    };
  }

  /** Returns whether this is about the home as a whole, so that it can happen beside another. */
  boolean isOfHome() {
    return switch (this) {
      case MOVE, LOSE_STORE, AGE_STORE, LOSE_IDENTITY -> true;
      default -> false;
    };
  }

  /** Keeps a copy of a disk. */
  static void keepDisk(WalkedHome home, Scene scene) {
    ModelBox box = scene.anyBox();
    DiskSlot slot = scene.any(box.disks().keySet());
    scene.isAbout(box.id(), slot);
    Path copy = home.world.freePath();
    home.world.files().copy(box.disk(slot), copy);
    Optional<BaseDiskId> base =
        new BackingChains(home.world.home(), home.world.files(), home.world.images())
            .nearestBase(box.disk(slot));
    home.disks.add(
        new KeptDisk(home.world.home().home(), box.id(), slot, copy, box.disks().get(slot), base));
  }

  private static boolean hasBoxInHome(WalkedHome home) {
    return home.model.boxes().stream()
        .anyMatch(box -> box.disksDir().startsWith(home.world.home().boxes()));
  }

  /** The copies of disks that still are there, whose bases are too. */
  private static ImmutableList<KeptDisk> usable(WalkedHome home) {
    ImmutableSet<BoxId> boxes =
        home.model.boxes().stream().map(ModelBox::id).collect(ImmutableSet.toImmutableSet());
    return home.disks.stream()
        .filter(kept -> kept.home().equals(home.world.home().home()))
        .filter(kept -> boxes.contains(kept.box()))
        .filter(kept -> home.model.box(kept.box()).disks().containsKey(kept.slot()))
        .filter(
            kept ->
                kept.base().isEmpty()
                    || home.world
                        .store()
                        .read(view -> view.bases().find(kept.base().get()))
                        .isPresent())
        .collect(ImmutableList.toImmutableList());
  }
}
