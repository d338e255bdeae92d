package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.port.Unguarded;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;

/**
 * Compares a store with all files of its home: whether every base and box is recorded, and whether
 * each header agrees with its record. Reads every header once.
 */
final class StoreAgreement {

  /** The directory that some file systems have in their root. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;

  @Inject
  StoreAgreement(
      HomeLayout home, @Unguarded BaseDiskStore store, DiskFiles files, BackingChains chains) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
  }

  /** {@return whether the home has a file or directory that may be a base or a box} */
  boolean hasFiles() {
    return hasEntries(home.bases()) || hasEntries(home.boxes());
  }

  private boolean hasEntries(Path directory) {
    return files.status(directory).isPresent()
        && files.list(directory).stream().anyMatch(file -> !file.endsWith(LOST_AND_FOUND));
  }

  /** All records, in one state of the store. */
  private record Records(
      ImmutableList<BaseDisk> bases,
      ImmutableList<Box> boxes,
      ImmutableList<Reference> references,
      ImmutableList<Intent> intents,
      ImmutableList<DeletingBase> deleting) {

    static Records in(StoreView view) {
      return new Records(
          view.bases().list(BaseFilter.ALL),
          view.boxes().list(),
          view.references().list(),
          view.intents().list(),
          view.pendingDeletes().list());
    }

    Optional<BaseDiskId> baseOf(Box box, DiskSlot slot) {
      return references.stream()
          .filter(reference -> reference.box().equals(box.id()) && reference.slot() == slot)
          .map(Reference::base)
          .findFirst();
    }
  }

  /** {@return the first difference, as a clause for people; empty if there is none} */
  Optional<String> firstDifference() {
    Records records = store.read(Records::in);
    Set<Path> known = new HashSet<>();
    for (BaseDisk base : records.bases()) {
      known.add(base.diskInfo().basePath());
      Optional<String> difference =
          base.diskInfo().isForeign()
              ? Optional.empty()
              : headerDifference(base.diskInfo().basePath(), Optional.ofNullable(base.parentId()));
      if (difference.isPresent()) {
        return difference;
      }
    }
    for (Box box : records.boxes()) {
      home.boxDirectoryOf(box.disksDir()).ifPresent(known::add);
      Optional<String> difference = boxDifference(records, box);
      if (difference.isPresent()) {
        return difference;
      }
    }
    records.deleting().forEach(base -> known.add(base.path()));
    records.intents().forEach(intent -> known.addAll(intent.createdFiles()));
    return unrecorded(known);
  }

  private Optional<String> boxDifference(Records records, Box box) {
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      if (slot == DiskSlot.CONTAINER || files.status(disk).isPresent()) {
        Optional<String> difference = headerDifference(disk, records.baseOf(box, slot));
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> headerDifference(Path image, Optional<BaseDiskId> recorded) {
    try {
      Optional<BaseDiskId> named = namedBase(image);
      return named.equals(recorded)
          ? Optional.empty()
          : Optional.of(
              image
                  + " backs onto "
                  + named.map(BaseDiskId::value).orElse("no base")
                  + ", but its record says "
                  + recorded.map(BaseDiskId::value).orElse("none"));
    } catch (BaseDiskException unreadable) {
      return Optional.of(String.valueOf(unreadable.getMessage()));
    }
  }

  private Optional<BaseDiskId> namedBase(Path image) {
    Optional<Path> below = chains.directBacking(image);
    return below
        .flatMap(file -> store.read(view -> view.bases().findByPath(file)))
        .map(BaseDisk::id)
        .or(() -> chains.nearestBase(image));
  }

  private Optional<String> unrecorded(Set<Path> known) {
    ImmutableSet.Builder<Path> found = ImmutableSet.builder();
    files.list(home.bases()).stream()
        .filter(file -> home.baseIdOf(file).isPresent())
        .forEach(found::add);
    files.list(home.boxes()).stream()
        .filter(file -> !file.endsWith(LOST_AND_FOUND))
        .filter(file -> files.status(file).filter(s -> s.type() == FileType.DIRECTORY).isPresent())
        .forEach(found::add);
    return found.build().stream()
        .filter(file -> !known.contains(file))
        .map(file -> file + " is not recorded")
        .findFirst();
  }
}
