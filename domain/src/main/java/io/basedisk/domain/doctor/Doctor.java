package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Examines a home for every disagreement between store, files and headers, and mends what can be
 * mended without a loss. Safe for many threads, and while operations are under way.
 */
public final class Doctor {

  /** How closely to look. */
  public enum Depth {
    /** At the store, the file system and the images' metadata. */
    METADATA,
    /** Also at every byte of every base, against its digest; the first time, this records it. */
    CONTENT
  }

  /**
   * What an examination found.
   *
   * @param findings what is left to be mended
   * @param repaired what was mended
   */
  public record Report(ImmutableList<Finding> findings, ImmutableList<Finding> repaired) {}

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final EventListener listener;
  private final BackingChains chains;
  private final Operations operations;
  private final Ports ports;

  public Doctor(Ports ports, BackingChains chains, Operations operations) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.listener = ports.listener();
    this.chains = chains;
    this.operations = operations;
    this.ports = ports;
  }

  /** Examines the home, and changes nothing but digests that were not recorded yet. */
  public Report examine(Depth depth) {
    operations.recover();
    ImmutableList<Finding> findings = new Examination(ports, chains, depth).run();
    if (!findings.isEmpty()) {
      // What an operation under way made look wrong is not found twice.
      ImmutableSet<Finding> again =
          ImmutableSet.copyOf(new Examination(ports, chains, depth).run());
      findings = findings.stream().filter(again::contains).collect(ImmutableList.toImmutableList());
    }
    return new Report(findings, ImmutableList.of());
  }

  /** Examines the home and mends what can be mended without a loss. */
  public Report repair(Depth depth) {
    ImmutableList<Finding> findings = examine(depth).findings();
    ImmutableList.Builder<Finding> left = ImmutableList.builder();
    ImmutableList.Builder<Finding> repaired = ImmutableList.builder();
    for (Finding finding : findings) {
      if (tryApply(finding.remedy())) {
        repaired.add(finding);
        listener.on(
            new Event.Repaired(finding.file(), finding.detail(), finding.remedy().describe()));
      } else {
        left.add(finding);
      }
    }
    return new Report(left.build(), repaired.build());
  }

  /** What can't be mended now is left, and the others are mended all the same. */
  private boolean tryApply(Remedy remedy) {
    try {
      return apply(remedy);
    } catch (InvalidImageException | NotFoundException changedSince) {
      return false;
    } catch (StorageException failure) {
      // If it is the store that fails, it fails here again.
      store.read(StoreView::listDeleting);
      return false;
    }
  }

  private boolean apply(Remedy remedy) {
    if (remedy instanceof Remedy.LimitPermissions limit) {
      files.limitPermissions(limit.path(), limit.most());
      files.sync(limit.path());
      return true;
    }
    if (remedy instanceof Remedy.ByHand) {
      return false;
    }
    return store.<Boolean>write(tx -> apply(tx, remedy));
  }

  /** Each remedy looks again, alone now, whether it still is one. */
  private boolean apply(StoreTransaction tx, Remedy remedy) {
    if (remedy instanceof Remedy.SetParent change) {
      return setParent(tx, change);
    }
    if (remedy instanceof Remedy.SetReference change) {
      return setReference(tx, change);
    }
    if (remedy instanceof Remedy.DropRecord drop) {
      return files.status(home.baseFile(drop.base())).isEmpty() && tx.deleteBase(drop.base());
    }
    if (remedy instanceof Remedy.Adopt adoption) {
      return adopt(tx, adoption.base());
    }
    return false;
  }

  private boolean setParent(StoreTransaction tx, Remedy.SetParent change) {
    Optional<BaseDisk> base = tx.findBase(change.base());
    if (base.isEmpty()) {
      return false;
    }
    tx.setParent(change.base(), change.parent());
    Optional.ofNullable(base.get().parentId()).ifPresent(tx::insertCollectPending);
    return true;
  }

  private static boolean setReference(StoreTransaction tx, Remedy.SetReference change) {
    if (isBusy(tx, change.box())) {
      return false;
    }
    tx.referencesOf(change.box()).stream()
        .filter(old -> old.slot() == change.slot())
        .forEach(old -> tx.insertCollectPending(old.base()));
    if (change.base() == null) {
      tx.removeReference(change.box(), change.slot());
    } else {
      tx.putReference(new Reference(change.base(), change.box(), change.slot()));
    }
    return true;
  }

  private static boolean isBusy(StoreTransaction tx, BoxId box) {
    return tx.listIntents().stream()
        .flatMap(intent -> intent.boxes().stream())
        .anyMatch(claim -> claim.box().equals(box));
  }

  private boolean adopt(StoreTransaction tx, BaseDiskId id) {
    Path file = home.baseFile(id);
    Optional<FileStatus> status = files.status(file);
    if (status.isEmpty() || tx.findBase(id).isPresent()) {
      return false;
    }
    BaseDiskId parent = chains.nearestBase(file, KnownBases.in(tx, home)).orElse(null);
    if (parent != null && tx.findBase(parent).isEmpty() && !adopt(tx, parent)) {
      return false;
    }
    files.limitPermissions(file, DiskFiles.READ_ONLY);
    files.sync(file);
    tx.insertBase(
        new BaseDisk(
            id,
            BoxId.GLOBAL,
            null,
            BaseDiskKind.CLONE_BASE,
            new DiskInfo(file, images.readHeader(file).virtualSize(), status.get().length()),
            parent,
            ports.now()));
    tx.putFingerprint(id, new BaseFingerprint(status.get().modifiedAt(), null));
    return true;
  }
}
