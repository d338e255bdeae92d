package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Lists the files of a home that may be images, recorded or not, at their present paths. */
final class ImagesOfHome {

  /** What is known about a file. */
  enum Need {
    /** A recorded base or disk of the home: must exist. */
    RECORDED,
    /** A recorded foreign base: must exist, and is never changed. */
    FOREIGN,
    /** A recorded raw base: must exist, and has no header. */
    RAW,
    /** An orphan, or a file of an operation: may be missing, and may be no image. */
    POSSIBLE
  }

  private final HomeLayout home;
  private final DiskFiles files;
  private final Map<Path, Need> found = new LinkedHashMap<>();

  private ImagesOfHome(HomeLayout home, DiskFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * {@return the files: the bases first, then the disks}
   *
   * @param copy whether files outside the home belong to the original home
   */
  static ImmutableMap<Path, Need> list(
      HomeLayout home, DiskFiles files, RecordedHome recorded, HomeMove move, boolean copy) {
    ImagesOfHome images = new ImagesOfHome(home, files);
    recorded.bases().forEach(base -> images.addBase(base, move));
    Set<Path> referenced = disksWithReference(recorded);
    for (Box box : recorded.boxes()) {
      if (!copy || move.concerns(box.disksDir())) {
        images.addDisks(box, referenced, move);
      }
    }
    for (Intent intent : recorded.intents()) {
      if (!copy || !RecordedHome.reachesOutside(intent, move.from())) {
        images.addFilesOf(intent, move);
      }
    }
    images.addUnrecorded();
    return ImmutableMap.copyOf(images.found);
  }

  private static Set<Path> disksWithReference(RecordedHome recorded) {
    Map<Object, Box> boxes = new LinkedHashMap<>();
    recorded.boxes().forEach(box -> boxes.put(box.id(), box));
    Set<Path> disks = new HashSet<>();
    recorded
        .references()
        .forEach(
            reference -> {
              Box box = boxes.get(reference.box());
              if (box != null) {
                disks.add(box.disk(reference.slot()));
              }
            });
    return disks;
  }

  private void addBase(BaseDisk base, HomeMove move) {
    Path file = move.of(base.diskInfo().basePath());
    boolean isOutside = base.diskInfo().isForeign() && !file.startsWith(home.home());
    boolean isRaw = base.diskInfo().format() == ImageFormat.RAW;
    found.put(file, isRaw ? Need.RAW : isOutside ? Need.FOREIGN : Need.RECORDED);
  }

  private void addDisks(Box box, Set<Path> referenced, HomeMove move) {
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      boolean isRecorded = slot == DiskSlot.CONTAINER || referenced.contains(disk);
      found.put(move.of(disk), isRecorded ? Need.RECORDED : Need.POSSIBLE);
    }
  }

  private void addFilesOf(Intent intent, HomeMove move) {
    intent.disks().forEach(disk -> found.putIfAbsent(move.of(disk.path()), Need.POSSIBLE));
    intent.createdFiles().forEach(file -> found.putIfAbsent(move.of(file), Need.POSSIBLE));
  }

  private void addUnrecorded() {
    addAllIn(home.bases());
    for (Path box : list(home.boxes())) {
      addAllIn(box.resolve("disks"));
    }
  }

  private void addAllIn(Path directory) {
    list(directory).forEach(file -> found.putIfAbsent(file, Need.POSSIBLE));
  }

  /**
   * {@return an empty list if the directory can't be listed: its recorded files are then reported
   * as missing}
   */
  private ImmutableList<Path> list(Path directory) {
    try {
      return files.status(directory).filter(s -> s.type() == FileType.DIRECTORY).isPresent()
          ? files.list(directory)
          : ImmutableList.of();
    } catch (StorageException unreadable) {
      return ImmutableList.of();
    }
  }
}
