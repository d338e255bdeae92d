package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.space.SpaceReport;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Holds what is told of space against the files, and against what would go with whom. */
final class SpaceCheck {

  private final World world;
  private final SpaceReport report;
  private final ImmutableMap<BaseDiskId, BaseDisk> bases;

  SpaceCheck(World world) {
    this.world = world;
    this.report = world.space().ofHome();
    this.bases =
        report.bases().stream()
            .map(BaseSpace::base)
            .collect(ImmutableMap.toImmutableMap(BaseDisk::id, base -> base));
  }

  /**
   * @param filesInHome all that is in the home but its own directories
   */
  void check(ImmutableSet<Path> filesInHome) {
    ImmutableList<Box> boxes = world.store().read(view -> view.boxes().list());
    Stream<Path> disks = boxes.stream().flatMap(box -> world.files().list(box.disksDir()).stream());
    ImmutableSet<Path> files =
        Stream.concat(filesInHome.stream(), disks).collect(ImmutableSet.toImmutableSet());
    assertEquals(bytesOf(files), report.allocatedBytes(), "bytes of all files");
    assertEquals(0, report.reclaimableBytes(), "bytes to reclaim");
    assertEquals(
        boxes.stream().map(Box::id).toList(),
        report.boxes().stream().map(BoxSpace::box).toList(),
        "boxes that occupy space");
    for (int i = 0; i < boxes.size(); i++) {
      checkBox(boxes.get(i), report.boxes().get(i));
    }
    report.bases().forEach(this::checkBase);
  }

  private void checkBox(Box box, BoxSpace space) {
    long disks = bytesOf(Stream.of(DiskSlot.values()).map(box::disk).toList());
    Set<BaseDiskId> needed = neededBy(box);
    Set<BaseDiskId> going = ImmutableSet.copyOf(Needs.of(world).releaseBox(box.id()));
    BoxSpace expected =
        new BoxSpace(
            box.id(),
            disks,
            disks + bytesOfBases(going),
            bytesOfBases(Sets.difference(needed, going)));
    assertEquals(expected, space, "space of a box");
    SpaceReport alone = world.space().of(box.id());
    assertEquals(List.of(expected), alone.boxes(), "space of a box that is asked of alone");
    assertEquals(
        disks + bytesOfBases(needed),
        alone.allocatedBytes(),
        () -> "bytes of all that box " + box.id() + " needs");
  }

  private void checkBase(BaseSpace space) {
    BaseDisk base = space.base();
    assertEquals(
        bytesOfBases(ImmutableSet.of(base.id())),
        space.allocatedBytes(),
        () -> "bytes of base " + base.id());
    // None waits to be collected: what users don't keep is there for something else.
    long alone = Needs.isKept(base) ? bytesOfBases(Needs.of(world).release(base.id())) : 0;
    assertEquals(alone, space.exclusiveBytes(), () -> "bytes that base " + base.id() + " holds");
  }

  private Set<BaseDiskId> neededBy(Box box) {
    Set<BaseDiskId> needed = new HashSet<>();
    for (Reference reference : world.store().read(view -> view.references().listOf(box.id()))) {
      for (BaseDiskId id = reference.base(); id != null; id = bases.get(id).parentId()) {
        needed.add(id);
      }
    }
    return needed;
  }

  private long bytesOfBases(Collection<BaseDiskId> ids) {
    return bytesOf(ids.stream().map(world.home()::baseFile).toList());
  }

  private long bytesOf(Collection<Path> files) {
    return bytesOf(world, files);
  }

  /** Returns what the regular files of these occupy. */
  static long bytesOf(World world, Collection<Path> files) {
    return files.stream()
        .flatMap(file -> world.files().status(file).stream())
        .filter(FileStatus::isRegularFile)
        .mapToLong(FileStatus::allocatedBytes)
        .sum();
  }
}
