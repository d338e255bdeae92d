package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.BoxClaim;
import io.basedisk.domain.model.Intent.DiskClaim;
import io.basedisk.domain.model.Intent.PlannedBase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Replaces one path by another at the beginning of all paths of an {@link InMemoryState}. */
final class MovedPaths {

  private final Path from;
  private final Path to;

  MovedPaths(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  void applyTo(InMemoryState state) {
    state.bases.replaceAll((id, base) -> moved(base));
    state.deleting.replaceAll(
        (id, base) -> new DeletingBase(id, moved(base.path()), base.parentId()));
    state.boxes.replaceAll((id, box) -> moved(box));
    state.intents.replaceAll((id, intent) -> moved(intent));
    Set<Hold> holds = new LinkedHashSet<>(state.holds);
    state.holds.clear();
    holds.forEach(
        hold ->
            state.holds.add(
                hold.path() == null
                    ? hold
                    : new Hold(hold.base(), hold.reason(), moved(hold.path()))));
    checkNothingTwice(state);
  }

  private void checkNothingTwice(InMemoryState state) {
    Stream<Path> bases =
        Stream.concat(
            state.bases.values().stream().map(base -> base.diskInfo().basePath()),
            state.deleting.values().stream().map(DeletingBase::path));
    Stream<Path> disks =
        state.boxes.values().stream().flatMap(box -> box.disks().values().stream());
    if (hasDuplicates(bases) || hasDuplicates(disks)) {
      throw new AlreadyExistsException(from + ": what is below can't move to " + to);
    }
  }

  private static boolean hasDuplicates(Stream<Path> paths) {
    Set<Path> seen = new HashSet<>();
    return !paths.allMatch(seen::add);
  }

  private Path moved(Path path) {
    return path.startsWith(from) ? to.resolve(from.relativize(path)) : path;
  }

  private BaseDisk moved(BaseDisk base) {
    DiskInfo info = base.diskInfo();
    return new BaseDisk(
        base.id(),
        base.sourceBoxId(),
        base.name(),
        base.kind(),
        new DiskInfo(
            moved(info.basePath()),
            info.format(),
            info.isForeign(),
            info.containerDiskBytes(),
            info.sizeBytes()),
        base.parentId(),
        base.createdAt());
  }

  private Box moved(Box box) {
    return new Box(
        box.id(),
        moved(box.disksDir()),
        box.disks().entrySet().stream()
            .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, e -> moved(e.getValue()))),
        box.createdAt());
  }

  private Intent moved(Intent intent) {
    PlannedBase base = intent.plannedBase();
    return new Intent(
        intent.id(),
        intent.operation(),
        intent.boxes().stream()
            .map(claim -> new BoxClaim(claim.box(), moved(claim.disksDir())))
            .collect(toImmutableList()),
        intent.disks().stream()
            .map(
                disk ->
                    new DiskClaim(disk.slot(), moved(disk.path()), disk.identity(), disk.version()))
            .collect(toImmutableList()),
        intent.bases(),
        base == null
            ? null
            : new PlannedBase(
                base.id(),
                moved(base.path()),
                base.sourceBoxId(),
                base.name(),
                base.kind(),
                base.parentId()),
        intent.files().stream().map(this::moved).collect(toImmutableList()),
        intent.startedAt());
  }
}
