package io.basedisk.domain.base;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.disk.ForeignImage;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.error.UnknownFormatException;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Records images that existed before basedisk, and that a disk backs onto, as foreign bases. Their
 * files are read and never changed. Thread-safe.
 */
final class ForeignRecords {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final KnownBases known;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  ForeignRecords(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.known = KnownBases.of(home, store);
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Starts the recording of one operation.
   *
   * @param allowed the files that may become foreign bases; they may be links
   * @throws NotFoundException if one of them is missing
   */
  Recording allowing(ImmutableSet<Path> allowed) {
    return new Recording(
        allowed.stream().map(files::realPath).collect(ImmutableSet.toImmutableSet()));
  }

  /**
   * The foreign bases that one operation records; undone if the operation fails. Not thread-safe.
   */
  final class Recording {

    private final ImmutableSet<Path> allowed;
    private final List<BaseDiskId> recorded = new ArrayList<>();

    private Recording(ImmutableSet<Path> allowed) {
      this.allowed = allowed;
    }

    /** {@return whether the caller has allowed a file to become a foreign base} */
    boolean allows(Path file) {
      return allowed.contains(file);
    }

    /**
     * Records every file below a disk that is not a base yet.
     *
     * @param header the disk's header
     * @throws UnallowedFileException if one of the files is not allowed; nothing is recorded then
     * @throws UnknownFormatException if a header does not tell the format of its backing file
     * @throws InvalidImageException if the chain can't be read
     * @throws RefusedException if one of the files is in this home, is a box's disk, or is open for
     *     writing in a process
     */
    void record(Path disk, ImageHeader header) {
      List<ForeignImage> found = new ArrayList<>();
      Optional<BaseDiskId> below = follow(disk, header, found);
      if (!found.isEmpty()) {
        recorded.addAll(store.<List<BaseDiskId>>write(tx -> insert(tx, found, below.orElse(null))));
      }
    }

    /** Drops the new records that are unneeded. Their files stay. */
    void undo(Throwable failure) {
      if (recorded.isEmpty()) {
        return;
      }
      try {
        store.change(
            tx -> recorded.stream().filter(id -> isUnused(tx, id)).forEach(id -> drop(tx, id)));
      } catch (BaseDiskException undoing) {
        failure.addSuppressed(undoing);
      }
    }

    private Optional<BaseDiskId> follow(Path disk, ImageHeader header, List<ForeignImage> found) {
      Set<FileIdentity> visited = new HashSet<>();
      Path image = disk;
      @Nullable BackingFile backing = header.backing();
      while (backing != null) {
        Path file = realPath(image, BackingNames.resolve(image, backing.name()));
        Optional<BaseDiskId> base = known.find(file);
        if (base.isPresent()) {
          return base;
        }
        if (!allowed.contains(file)) {
          throw new UnallowedFileException(image, file);
        }
        FileStatus status = inspect(image, file);
        if (!visited.add(status.identity())) {
          throw new BrokenChainException(
              Break.CYCLE, image + ": its backing chain is a cycle through " + file);
        }
        ImageFormat format = formatOf(image, file, backing);
        if (format == ImageFormat.RAW) {
          found.add(ForeignImage.of(file, format, status, images));
          return Optional.empty();
        }
        ImageHeader below = images.readHeader(file);
        found.add(new ForeignImage(file, format, below.virtualSize(), status));
        image = file;
        backing = below.backing();
      }
      return Optional.empty();
    }
  }

  private Path realPath(Path image, Path named) {
    try {
      return files.realPath(named);
    } catch (NotFoundException e) {
      throw missing(image, named);
    }
  }

  private static NotFoundException missing(Path image, Path file) {
    return new NotFoundException(
        image + ": its backing file " + file + " is missing", new Remedy.BringFileBack(file));
  }

  private FileStatus inspect(Path image, Path file) {
    FileStatus status = files.status(file).orElseThrow(() -> missing(image, file));
    if (!status.isRegularFile()) {
      throw new InvalidImageException(file + ": is " + status.type().describe());
    }
    if (file.startsWith(home.home())) {
      throw new RefusedException(
          file + ": is in the home but is not a base; it can't be a foreign base");
    }
    imageLocks
        .writtenBy(file)
        .ifPresent(
            who -> {
              throw new RefusedException(file + " is " + who, new Remedy.EndUse(file));
            });
    return status;
  }

  private static ImageFormat formatOf(Path image, Path file, BackingFile backing) {
    String format = backing.format();
    if (format == null) {
      throw new UnknownFormatException(image, file);
    }
    for (ImageFormat known : ImageFormat.values()) {
      if (known.label().equals(format)) {
        return known;
      }
    }
    throw new InvalidImageException(
        image + ": the format \"" + format + "\" of its backing file is not supported");
  }

  /**
   * Inserts the new records, each before its parent.
   *
   * @return their ids in that order
   */
  private List<BaseDiskId> insert(
      StoreTransaction tx, List<ForeignImage> found, @Nullable BaseDiskId lowest) {
    List<BaseDiskId> ids = new ArrayList<>();
    @Nullable BaseDiskId parent = lowest;
    for (ForeignImage each : Lists.reverse(found)) {
      tx.boxes()
          .findByDisk(each.file())
          .ifPresent(
              box -> {
                throw new RefusedException(
                    each.file() + ": is the disk of box " + box.id() + ", which changes it");
              });
      Optional<BaseDisk> there = tx.bases().findByPath(each.file());
      if (there.isPresent()) {
        // Another operation has recorded it since.
        parent = there.get().id();
      } else {
        BaseDisk base = each.toBase(unusedId(tx), parent, RecordTimes.now(clock));
        tx.bases().insert(base);
        log.append(
            tx, LoggedChange.of(LogEvent.BASE_RECORDED, base).detailed(each.file().toString()));
        tx.bases().putFingerprint(base.id(), each.fingerprint());
        ids.add(0, base.id());
        parent = base.id();
      }
    }
    return ids;
  }

  private BaseDiskId unusedId(StoreTransaction tx) {
    return BaseDiskId.mintUnused(
        random,
        id -> tx.bases().find(id).isPresent() || files.status(home.baseFile(id)).isPresent());
  }

  private void drop(StoreTransaction tx, BaseDiskId id) {
    tx.bases().delete(id);
    log.append(tx, LoggedChange.of(LogEvent.GIVEN_BACK).onBase(id));
  }

  private static boolean isUnused(StoreTransaction tx, BaseDiskId id) {
    return tx.bases().find(id).isPresent()
        && tx.bases().listChildIds(id, 1).isEmpty()
        && tx.pendingDeletes().listChildren(id).isEmpty()
        && tx.intents().listNaming(id).isEmpty()
        && !tx.references().hasDependents(id);
  }
}
