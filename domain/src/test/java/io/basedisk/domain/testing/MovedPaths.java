package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.model.intent.RestoreIntent;
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
        box.hasForeignDisks(),
        box.createdAt());
  }

  private Intent moved(Intent intent) {
    if (intent instanceof ForkIntent fork) {
      return moved(fork);
    } else if (intent instanceof CopyIntent copy) {
      return moved(copy);
    } else if (intent instanceof CreateBoxesIntent creation) {
      return new CreateBoxesIntent(
          creation.id(),
          creation.newBoxes().stream().map(this::moved).collect(toImmutableList()),
          creation.base(),
          creation.startedAt());
    } else if (intent instanceof ImportBoxIntent importing) {
      return new ImportBoxIntent(
          importing.id(),
          moved(importing.newBox()),
          moved(importing.temporary()),
          importing.startedAt());
    } else if (intent instanceof AttachRootfsIntent attachment) {
      return moved(attachment);
    } else if (intent instanceof AddRootfsIntent addition) {
      return moved(addition);
    } else if (intent instanceof RestoreIntent restore) {
      return moved(restore);
    } else if (intent instanceof CompactIntent compaction) {
      return moved(compaction);
    } else if (intent instanceof ResizeIntent resize) {
      return new ResizeIntent(
          resize.id(),
          moved(resize.box()),
          moved(resize.disk()),
          resize.virtualSize(),
          resize.startedAt());
    } else if (intent instanceof RemoveBoxIntent removal) {
      return new RemoveBoxIntent(
          removal.id(),
          moved(removal.box()),
          moved(removal.disks()),
          removal.bases(),
          removal.startedAt());
    }
    if (intent instanceof ExportIntent) {
      return intent;
    }
    if (intent instanceof ImportArtifactIntent importing) {
      return new ImportArtifactIntent(
          importing.id(),
          moved(importing.newBox()),
          importing.newBases().stream()
              .map(base -> new NewBaseFile(base.id(), moved(base.file()), moved(base.temporary())))
              .collect(toImmutableList()),
          importing.bases(),
          importing.startedAt());
    }
    if (intent instanceof AdoptIntent adoption) {
      return new AdoptIntent(
          adoption.id(),
          adoption.files().stream().map(this::moved).collect(toImmutableList()),
          adoption.startedAt());
    }
    if (intent instanceof AdoptHomeIntent adoption) {
      return new AdoptHomeIntent(
          adoption.id(),
          adoption.newDisks().stream()
              .map(disk -> new AdoptHomeIntent.NewDisk(moved(disk.box()), moved(disk.temporary())))
              .collect(toImmutableList()),
          adoption.newBases().stream()
              .map(file -> new AdoptHomeIntent.NewFile(moved(file.path()), moved(file.temporary())))
              .collect(toImmutableList()),
          adoption.startedAt());
    }
    throw new AssertionError(intent);
  }

  private AdoptedFile moved(AdoptedFile file) {
    AdoptedFile.Move move = file.move();
    return new AdoptedFile(
        moved(file.path()),
        file.identity(),
        file.version(),
        file.format(),
        file.virtualSize(),
        file.role(),
        file.parent(),
        move == null
            ? null
            : new AdoptedFile.Move(
                moved(move.target()),
                moved(move.temporary()),
                moved(move.aside()),
                move.mode(),
                move.patch()));
  }

  private Intent moved(ForkIntent fork) {
    return new ForkIntent(
        fork.id(),
        moved(fork.box()),
        moved(fork.disk()),
        moved(fork.base()),
        moved(fork.copy()),
        moved(fork.overlay()),
        moved(fork.rollbackLink()),
        fork.startedAt());
  }

  private Intent moved(CopyIntent copy) {
    return new CopyIntent(
        copy.id(),
        moved(copy.box()),
        moved(copy.disk()),
        moved(copy.base()),
        moved(copy.copy()),
        copy.startedAt());
  }

  private Intent moved(AttachRootfsIntent attachment) {
    return new AttachRootfsIntent(
        attachment.id(),
        moved(attachment.box()),
        attachment.base(),
        moved(attachment.temporary()),
        moved(attachment.disk()),
        attachment.startedAt());
  }

  private Intent moved(AddRootfsIntent addition) {
    return new AddRootfsIntent(
        addition.id(),
        addition.baseId(),
        moved(addition.file()),
        addition.key(),
        moved(addition.temporary()),
        addition.startedAt());
  }

  private Intent moved(RestoreIntent restore) {
    return new RestoreIntent(
        restore.id(),
        moved(restore.box()),
        moved(restore.disk()),
        moved(restore.dropped()),
        restore.base(),
        moved(restore.image()),
        moved(restore.rollbackLink()),
        restore.startedAt());
  }

  private Intent moved(CompactIntent compaction) {
    return new CompactIntent(
        compaction.id(),
        moved(compaction.box()),
        moved(compaction.disk()),
        compaction.version(),
        compaction.base(),
        moved(compaction.image()),
        moved(compaction.rollbackLink()),
        compaction.startedAt());
  }

  private BoxClaim moved(BoxClaim claim) {
    return new BoxClaim(claim.box(), moved(claim.disksDir()));
  }

  private NewBox moved(NewBox box) {
    return new NewBox(box.box(), moved(box.directory()), moved(box.disksDir()), moved(box.disk()));
  }

  private ImmutableList<DiskClaim> moved(ImmutableList<DiskClaim> disks) {
    return disks.stream().map(this::moved).collect(toImmutableList());
  }

  private DiskClaim moved(DiskClaim disk) {
    return new DiskClaim(disk.slot(), moved(disk.path()), disk.identity());
  }

  private PlannedBase moved(PlannedBase base) {
    return new PlannedBase(
        base.id(),
        moved(base.path()),
        base.sourceBoxId(),
        base.name(),
        base.kind(),
        base.parentId());
  }
}
