package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.OperationLocks;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Examines an intent: whether its process lives and, if not, why it can't be settled. */
final class IntentExamination {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final OperationLocks operationLocks;
  private final NamedBases namedBases;
  private final Findings findings;

  IntentExamination(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      OperationLocks operationLocks,
      NamedBases namedBases,
      Findings findings) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.operationLocks = operationLocks;
    this.namedBases = namedBases;
    this.findings = findings;
  }

  void examine(Intent intent) {
    Optional<OperationLocks.Held> lock = operationLocks.tryAcquire(intent.id());
    if (lock.isEmpty()) {
      return;
    }
    lock.get().close();
    if (store.read(view -> view.intents().find(intent.id())).isPresent()) {
      findings.add(
          Kind.STALE_INTENT,
          fileOf(intent),
          "operation "
              + intent.id()
              + " ("
              + intent.operation().label()
              + boxesOf(intent)
              + ") was interrupted and can't be settled: "
              + differenceOf(intent),
          new Remedy.SettleOperation(intent.id().value()));
    }
  }

  private Path fileOf(Intent intent) {
    return Stream.concat(
            intent.disks().stream().map(DiskClaim::path), intent.createdFiles().stream())
        .findFirst()
        .orElse(home.home());
  }

  private static String boxesOf(Intent intent) {
    return intent.boxes().isEmpty()
        ? ""
        : intent.boxes().stream()
            .map(claim -> claim.box().value())
            .collect(Collectors.joining(", ", " of box ", ""));
  }

  private String differenceOf(Intent intent) {
    if (intent.disks().isEmpty()) {
      return "a file that it made, "
          + Iterables.getLast(intent.createdFiles(), home.home())
          + " or in a directory above, has other content, or an image backs onto it";
    }
    return intent.disks().stream()
        .map(disk -> differenceOf(intent, disk))
        .collect(Collectors.joining("; "));
  }

  private String differenceOf(Intent intent, DiskClaim disk) {
    return "expected at "
        + disk.path()
        + " is inode "
        + disk.identity().inode()
        + expectedOverlay(intent)
        + ", found "
        + files.status(disk.path()).map(now -> describe(disk.path(), now)).orElse("nothing");
  }

  private static String expectedOverlay(Intent intent) {
    ImmutableSet<BaseDiskId> bases =
        intent.plannedBase().map(PlannedBase::id).map(ImmutableSet::of).orElseGet(intent::bases);
    return bases.isEmpty()
        ? ""
        : bases.stream()
            .map(BaseDiskId::value)
            .collect(Collectors.joining(" or ", " or an overlay of base ", ""));
  }

  private String describe(Path disk, FileStatus now) {
    return "inode " + now.identity().inode() + ", " + describeContent(disk, now);
  }

  private String describeContent(Path disk, FileStatus now) {
    if (!now.isRegularFile()) {
      return now.type().describe();
    }
    try {
      return store
          .read(view -> namedBases.of(view, disk))
          .map(base -> "an overlay of base " + base)
          .orElse("an image without a backing file");
    } catch (InvalidImageException | NotFoundException unreadable) {
      return String.valueOf(unreadable.getMessage());
    }
  }
}
