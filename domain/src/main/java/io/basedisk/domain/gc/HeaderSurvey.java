package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of all images in a home, and returns the backing files that the store does not
 * record. Orphans and temporary files are read too, because an orphan may be the only good copy of
 * a disk.
 *
 * <p>A base that the store records for an image needs no evidence: the reference or the child's
 * record keeps the base, and is deleted only after the image. Memory is therefore needed only for
 * disagreements and for the names in the bases directory. Records are read in pages, each in its
 * own transaction, because a transaction must not last until all files are read.
 */
public final class HeaderSurvey {

  /** How the names of disks, bases and temporaries end. */
  private static final ImmutableList<String> IMAGE_SUFFIXES =
      ImmutableList.of(".qcow2", ".tmp", ".old");

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;

  @Inject
  HeaderSurvey(HomeLayout home, BaseDiskStore store, DiskFiles files, BackingChains chains) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
  }

  /**
   * Reads all headers and returns the evidence. An interrupt has no effect: a settlement, which may
   * follow an interrupted operation, has to come to its end.
   *
   * @return the evidence
   */
  public HeaderEvidence run() {
    return run((done, total) -> {});
  }

  /**
   * Reads all headers and returns the evidence.
   *
   * @param progress receives the number of bases and boxes whose headers were read
   * @return the evidence
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt status stays
   *     set
   */
  public HeaderEvidence runInterruptibly(Progress progress) {
    return run(
        (done, total) -> {
          InterruptedOperationException.throwIfInterrupted(
              () -> home.home() + ": the reading of the headers was interrupted");
          if (total > 0) {
            // Boxes with directories elsewhere are not in the total.
            progress.at(Math.min(done, total), total);
          }
        });
  }

  /** Reads all headers, and calls {@code between} before each batch and at the end. */
  private HeaderEvidence run(Progress between) {
    HeaderEvidence evidence = HeaderEvidence.none();
    // List the files before the records: a base recorded later has no file in this list.
    ImmutableList<Path> bases =
        files.list(home.bases()).stream()
            .filter(file -> home.baseIdOf(file).isPresent() || isImageByName(file))
            .collect(ImmutableList.toImmutableList());
    ImmutableList<Path> boxDirectories = files.list(home.boxes());
    long total = (long) bases.size() + boxDirectories.size();
    long done = 0;
    for (List<Path> part : Lists.partition(bases, BaseDiskStore.BATCH)) {
      between.at(done, total);
      compare(store.read(view -> recordedParents(view, part)), evidence);
      done += part.size();
    }
    ImmutableList<Box> boxes = boxesAfter(null);
    while (!boxes.isEmpty()) {
      between.at(done, total);
      ImmutableList<Box> part = boxes;
      compare(store.read(view -> recordedBases(view, part)), evidence);
      done += part.size();
      boxes = boxesAfter(boxes.get(boxes.size() - 1).id());
    }
    for (List<Path> part : Lists.partition(boxDirectories, BaseDiskStore.BATCH)) {
      between.at(done, total);
      unrecorded(part).forEach(image -> compare(image, null, evidence));
    }
    between.at(total, total);
    return evidence;
  }

  private static boolean isImageByName(Path file) {
    String name = String.valueOf(file.getFileName());
    return IMAGE_SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /** {@return the images in the boxes' directories that are not disks of registered boxes} */
  private ImmutableList<Path> unrecorded(List<Path> boxDirectories) {
    ImmutableList<Path> images =
        boxDirectories.stream()
            .flatMap(box -> imagesIn(box.resolve(HomeLayout.DISKS)).stream())
            .collect(ImmutableList.toImmutableList());
    return store.read(
        view ->
            images.stream()
                .filter(image -> view.boxes().findByDisk(image).isEmpty())
                .collect(ImmutableList.toImmutableList()));
  }

  private ImmutableList<Path> imagesIn(Path directory) {
    try {
      return files.status(directory).filter(FileStatus::isDirectory).isEmpty()
          ? ImmutableList.of()
          : files.list(directory).stream()
              .filter(HeaderSurvey::isImageByName)
              .collect(ImmutableList.toImmutableList());
    } catch (StorageException goneOrOutOfReach) {
      // Its recorded bases are kept by the records.
      return ImmutableList.of();
    }
  }

  private ImmutableList<Box> boxesAfter(@Nullable BoxId last) {
    return store.read(view -> view.boxes().listAfter(last, BaseDiskStore.BATCH));
  }

  private void compare(Map<Path, @Nullable BaseDiskId> recorded, HeaderEvidence evidence) {
    recorded.forEach((image, base) -> compare(image, base, evidence));
  }

  private void compare(Path image, @Nullable BaseDiskId recorded, HeaderEvidence evidence) {
    Optional<FileStatus> status;
    try {
      // Most boxes have only one of two disks, and a status is cheaper than an exception.
      status = files.status(image);
    } catch (StorageException outOfReach) {
      evidence.notRead(image, String.valueOf(outOfReach.getMessage()));
      return;
    }
    if (status.filter(file -> !file.isRegularFile()).isPresent()) {
      evidence.notRead(image, image + ": is " + status.get().type().describe());
    } else if (status.isPresent()) {
      evidence.read(chains, image, recorded);
    }
  }

  private Map<Path, @Nullable BaseDiskId> recordedParents(StoreView view, List<Path> bases) {
    Map<Path, @Nullable BaseDiskId> parents = new LinkedHashMap<>();
    for (Path file : bases) {
      Optional<BaseDisk> base = home.baseIdOf(file).flatMap(view.bases()::find);
      // A raw base has no header.
      if (base.filter(known -> known.diskInfo().format() == ImageFormat.RAW).isEmpty()) {
        parents.put(file, base.map(BaseDisk::parentId).orElse(null));
      }
    }
    return parents;
  }

  private static Map<Path, @Nullable BaseDiskId> recordedBases(
      StoreView view, ImmutableList<Box> boxes) {
    Map<Path, @Nullable BaseDiskId> bases = new LinkedHashMap<>();
    for (Box box : boxes) {
      for (DiskSlot slot : DiskSlot.values()) {
        bases.put(box.disk(slot), null);
      }
      for (Reference reference : view.references().listOf(box.id())) {
        bases.put(box.disk(reference.slot()), reference.base());
      }
    }
    return bases;
  }
}
