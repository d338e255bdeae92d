package io.basedisk.domain.rebuild;

import static io.basedisk.domain.testing.Fleet.HOME;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A home whose store tests lose, rebuild and compare. */
final class RebuiltHome {

  static final HomeId ID = Fleet.HOME_ID;
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private RebuiltHome() {}

  static StoreRebuild rebuild(InMemoryDisks disks) {
    return new StoreRebuild(HOME, disks, disks, () -> NOW, new Random(7));
  }

  static RebuildPlan plan(InMemoryDisks disks, Path... disksDirs) {
    return rebuild(disks).plan(ImmutableList.copyOf(disksDirs));
  }

  static InMemoryBaseDiskStore filled(InMemoryDisks disks, RebuildPlan plan) {
    InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();
    rebuild(disks).fill(store, plan, 1);
    return store;
  }

  /** Returns the home with a new store instead of its own. */
  static Fleet rebuilt(Fleet fleet, Path... disksDirs) {
    return new Fleet(fleet.disks, filled(fleet.disks, plan(fleet.disks, disksDirs)));
  }

  /** Writes each base's record into its file, as its description. */
  static void describeAll(Fleet fleet) {
    HomeId home = new IdentityFile(HOME, fleet.disks).read().orElse(ID);
    for (BaseDisk base : bases(fleet).values()) {
      fleet.disks.describe(base.diskInfo().basePath(), description(home, base));
    }
  }

  static BaseDescription description(HomeId home, BaseDisk base) {
    return new BaseDescription(
        home,
        base.id(),
        base.kind(),
        base.name(),
        base.sourceBoxId(),
        base.parentId(),
        base.createdAt(),
        base.diskInfo().format());
  }

  static Map<String, BaseDisk> bases(Fleet fleet) {
    return fleet.store.read(view -> view.bases().list(BaseFilter.ALL)).stream()
        .collect(
            Collectors.toMap(base -> base.id().value(), base -> base, (a, b) -> a, TreeMap::new));
  }

  static Map<String, Path> boxes(Fleet fleet) {
    return fleet.store.read(view -> view.boxes().list()).stream()
        .collect(
            Collectors.toMap(box -> box.id().value(), Box::disksDir, (a, b) -> a, TreeMap::new));
  }

  static ImmutableList<Reference> references(Fleet fleet) {
    return fleet.store.read(
        view ->
            view.boxes().list().stream()
                .map(Box::id)
                .sorted()
                .flatMap(box -> view.references().listOf(box).stream())
                .collect(ImmutableList.toImmutableList()));
  }

  /** Returns what a guest reads from every recorded disk. */
  static Map<Path, ImmutableSortedMap<Long, String>> contents(Fleet fleet) {
    Map<Path, ImmutableSortedMap<Long, String>> contents = new TreeMap<>();
    for (Box box : fleet.store.read(view -> view.boxes().list())) {
      for (DiskSlot slot : DiskSlot.values()) {
        if (fleet.disks.status(box.disk(slot)).isPresent()) {
          contents.put(box.disk(slot), fleet.disks.guestReads(box.disk(slot)));
        }
      }
    }
    return contents;
  }
}
