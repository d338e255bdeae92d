package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.protocol.Orphans;
import javax.inject.Inject;
import javax.inject.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Begins examinations. Each has its own findings and reads the home's headers once.
 *
 * <p>The parts of one examination share these, so this class creates the parts itself. Dagger could
 * do it only through a component for each examination, and the domain does not depend on Dagger.
 */
final class Examinations {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final OperationLocks operationLocks;
  private final BackingChains chains;
  private final RegisteredDisks disks;
  private final Orphans orphans;
  private final NamedBases namedBases;
  private final BaseRecording recording;
  private final DirectoryMatch directories;
  private final ForeignFiles foreignFiles;
  private final RecordedLineage lineage;
  private final Provider<Evidence> evidence;

  @Inject
  Examinations(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      OperationLocks operationLocks,
      BackingChains chains,
      RegisteredDisks disks,
      Orphans orphans,
      NamedBases namedBases,
      BaseRecording recording,
      DirectoryMatch directories,
      ForeignFiles foreignFiles,
      RecordedLineage lineage,
      Provider<Evidence> evidence) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.operationLocks = operationLocks;
    this.chains = chains;
    this.disks = disks;
    this.orphans = orphans;
    this.namedBases = namedBases;
    this.recording = recording;
    this.directories = directories;
    this.foreignFiles = foreignFiles;
    this.lineage = lineage;
    this.evidence = evidence;
  }

  /**
   * Begins an examination.
   *
   * @param digests the digests computed so far
   * @param problem why the home may not be changed; null if it may
   */
  Examination begin(Digests digests, Depth depth, @Nullable HomeUnusableException problem) {
    Findings findings = new Findings();
    Evidence evidence = this.evidence.get();
    ImageExamination ofImages = new ImageExamination(chains, images, findings);
    ChainExamination ofChains = new ChainExamination(home, store, foreignFiles, lineage, findings);
    ContentExamination ofContents =
        new ContentExamination(store, digests, findings, problem == null);
    return new Examination(
        home,
        store,
        files,
        depth,
        problem,
        findings,
        new BaseExamination(home, store, files, evidence, ofContents, ofChains, ofImages, findings),
        new BoxExamination(
            store, files, disks, imageLocks, directories, ofChains, ofImages, findings),
        orphans,
        new OrphanExamination(
            home, store, files, evidence, recording, ofChains, ofImages, findings),
        new IntentExamination(home, store, files, operationLocks, namedBases, findings));
  }
}
