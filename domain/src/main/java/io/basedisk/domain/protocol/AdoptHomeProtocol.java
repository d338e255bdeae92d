package io.basedisk.domain.protocol;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.AdoptHomeIntent.NewDisk;
import io.basedisk.domain.model.intent.AdoptHomeIntent.NewFile;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.CopiedFile.Target;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;

/**
 * Copies the disks of another program's home into this one, with crash safety: all of them or none.
 * The other home is only read.
 *
 * <p>Steps:
 *
 * <ol>
 *   <li>Each file is copied under a temporary name, a raw one as qcow2. Its header gets the backing
 *       name of this home, and the copy is checked.
 *   <li>All copies are made durable, and get their names.
 *   <li>The new names are made durable. Then one transaction records everything and drops the
 *       intent.
 * </ol>
 *
 * <p>That transaction is the commit point, so an interrupted operation is rolled back. An older
 * database can bring the intent back after that. So no file is removed that something uses by then:
 * a disk that was written to, or a base that another image backs onto.
 */
public final class AdoptHomeProtocol implements Protocol<AdoptHomeIntent> {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BaseSeal seal;
  private final HeaderSurvey survey;
  private final AdoptHomeRecording recording;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  AdoptHomeProtocol(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      BaseSeal seal,
      HeaderSurvey survey,
      AdoptHomeRecording recording,
      InstantSource clock,
      LogWriter log) {
    this.log = log;
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.seal = seal;
    this.survey = survey;
    this.recording = recording;
    this.clock = clock;
  }

  @Override
  public Class<AdoptHomeIntent> intentType() {
    return AdoptHomeIntent.class;
  }

  /**
   * {@return the paths of a copy}
   *
   * @param id id of the operation
   * @param path path of the complete copy
   */
  public static NewFile fileOf(OperationId id, Path path) {
    return new NewFile(path, Temporaries.of(id, path));
  }

  /**
   * Plans the operation.
   *
   * @param id id of the operation, which the temporary names have
   * @param copies the files, at least one
   * @return the intent
   */
  public AdoptHomeIntent plan(OperationId id, ImmutableList<CopiedFile> copies) {
    ImmutableList.Builder<NewDisk> disks = ImmutableList.builder();
    ImmutableList.Builder<NewFile> bases = ImmutableList.builder();
    for (CopiedFile copy : copies) {
      if (copy.target() instanceof Target.Disk disk) {
        disks.add(new NewDisk(disk.box(), copy.made().temporary()));
      } else {
        bases.add(copy.made());
      }
    }
    return new AdoptHomeIntent(id, disks.build(), bases.build(), RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param copies as for {@link #plan}, each base before the files that back onto it
   * @param guard a guard of all sources, taken before they were examined
   * @param progress receives the bytes of the files
   * @throws InterruptedOperationException if the thread is interrupted before all files are copied
   * @throws RefusedException if a source was changed since it was planned, or has a writer
   * @throws InvalidImageException if a source is damaged
   */
  public void run(
      AdoptHomeIntent intent,
      ImmutableList<CopiedFile> copies,
      ImageLocks.Guard guard,
      Progress progress) {
    newDirectories(intent)
        .forEach(directory -> files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE));
    makeAll(intent, copies, progress);
    files.sync(intent.files().stream().map(NewFile::temporary).collect(toImmutableList()));
    guard.checkNoWriter();
    intent.files().forEach(file -> files.rename(file.temporary(), file.path()));
    files.sync(
        ImmutableList.<Path>builder()
            .addAll(newDirectories(intent).reverse())
            .add(home.bases(), home.boxes())
            .build());
    recording.record(intent, copies);
  }

  private static ImmutableList<Path> newDirectories(AdoptHomeIntent intent) {
    return intent.newDisks().stream()
        .flatMap(disk -> disk.box().directories().stream())
        .collect(toImmutableList());
  }

  private void makeAll(
      AdoptHomeIntent intent, ImmutableList<CopiedFile> copies, Progress progress) {
    long total = copies.stream().mapToLong(copy -> copy.version().length()).sum();
    long before = 0;
    for (CopiedFile copy : copies) {
      InterruptedOperationException.throwIfInterrupted(
          () -> copy.source() + ": the copy into the home was interrupted");
      long offset = before;
      make(intent, copy, (done, ofFile) -> progress.at(offset + done, total));
      before += copy.version().length();
      progress.at(before, total);
    }
  }

  private void make(AdoptHomeIntent intent, CopiedFile copy, Progress progress) {
    Path made = copy.made().temporary();
    if (copy.format() == ImageFormat.RAW) {
      convert(copy, made, progress);
    } else {
      files.copy(copy.source(), made, progress);
    }
    FileStatus source = files.getStatus(copy.source());
    if (!source.identity().equals(copy.identity()) || !source.version().equals(copy.version())) {
      throw changed(copy);
    }
    giveBacking(copy, made);
    if (images.check(made).errors() > 0) {
      throw new InvalidImageException(copy.source() + ": is damaged");
    }
    if (copy.target() instanceof Target.Base base) {
      seal.seal(base.base(), made, base.parent(), copy.createdAt());
    } else {
      // Tells later whether a VM has written to the disk.
      files.setModifiedAt(made, intent.startedAt());
    }
  }

  private void convert(CopiedFile copy, Path made, Progress progress) {
    SourceImage raw = images.inspect(ImageSource.raw(copy.source()));
    if (!raw.files().get(0).identity().equals(copy.identity())) {
      throw changed(copy);
    }
    images.importImage(made, raw, new ByteSize(raw.virtualSize()), progress);
    files.copyAttributes(copy.source(), made);
  }

  private static RefusedException changed(CopiedFile copy) {
    return new RefusedException(copy.source() + ": was changed while it was copied");
  }

  private void giveBacking(CopiedFile copy, Path made) {
    ImageHeader header = images.readHeader(made);
    BaseDiskId parent = copy.target().parent();
    boolean isAsPlanned =
        copy.format() == ImageFormat.RAW
            || (header.virtualSize() == copy.virtualSize()
                && Optional.ofNullable(header.backing())
                    .equals(Optional.ofNullable(copy.backing())));
    if (!isAsPlanned) {
      throw changed(copy);
    }
    if (parent != null) {
      HeaderPatch patch = images.planBacking(made, home.baseFile(parent), ImageFormat.QCOW2);
      images.patchHeader(made, files.getStatus(made).identity().inode(), patch);
    }
  }

  // Settlement.

  @Override
  public Settlement settle(AdoptHomeIntent intent) {
    Optional<String> doubt =
        intent.newDisks().stream()
            .flatMap(disk -> doubtOf(intent, disk).stream())
            .findFirst()
            .or(() -> doubtOfBases(intent));
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    // Disks first: a power cut never leaves one whose base is missing.
    intent.newDisks().forEach(disk -> remove(disk.file()));
    newDirectories(intent).reverse().forEach(files::remove);
    files.sync(home.boxes());
    intent.newBases().reverse().forEach(this::remove);
    files.sync(home.bases());
    store.change(
        tx -> {
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }

  private void remove(NewFile file) {
    files.remove(file.temporary());
    files.remove(file.path());
  }

  /** {@return why a box's files must stay; empty if they may be removed} */
  private Optional<String> doubtOf(AdoptHomeIntent intent, NewDisk disk) {
    Set<Path> known = ImmutableSet.copyOf(intent.createdFiles());
    Optional<Path> other =
        disk.box().directories().stream()
            .filter(directory -> files.status(directory).isPresent())
            .flatMap(directory -> files.list(directory).stream())
            .filter(file -> !known.contains(file))
            .findFirst();
    if (other.isPresent()) {
      return Optional.of(other.get() + " is not a file that the adoption made");
    }
    return files
        .status(disk.box().disk())
        .filter(status -> !isUnwritten(intent, status))
        .map(status -> disk.box().disk() + " holds data that the adoption did not write");
  }

  private static boolean isUnwritten(AdoptHomeIntent intent, FileStatus disk) {
    return disk.isRegularFile() && disk.modifiedAt().equals(intent.startedAt());
  }

  private Optional<String> doubtOfBases(AdoptHomeIntent intent) {
    ImmutableList<Path> complete =
        intent.newBases().stream()
            .map(NewFile::path)
            .filter(file -> files.status(file).isPresent())
            .collect(toImmutableList());
    if (complete.isEmpty()) {
      return Optional.empty();
    }
    HeaderEvidence evidence = survey.run();
    Set<Path> own = ImmutableSet.copyOf(intent.createdFiles());
    return complete.stream()
        .flatMap(base -> othersBackingOnto(base, evidence, own))
        .findFirst()
        .map(file -> file + " backs onto a base of the adoption");
  }

  private Stream<Path> othersBackingOnto(Path base, HeaderEvidence evidence, Set<Path> own) {
    return home.baseIdOf(base).stream()
        .flatMap(id -> evidence.filesBackingOnto(id).stream())
        .filter(file -> !own.contains(file));
  }
}
