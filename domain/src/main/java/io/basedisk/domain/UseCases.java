package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.base.NewBases;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collection.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.home.GuardedStore;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.protocol.AddRootfsProtocol;
import io.basedisk.domain.protocol.AttachRootfsProtocol;
import io.basedisk.domain.protocol.BaseSeal;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.CompactProtocol;
import io.basedisk.domain.protocol.CopyProtocol;
import io.basedisk.domain.protocol.CreateBoxesProtocol;
import io.basedisk.domain.protocol.ForkProtocol;
import io.basedisk.domain.protocol.ImportBoxProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RemoveBoxProtocol;
import io.basedisk.domain.protocol.RestoreProtocol;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Restores;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;

/** All use cases over one set of ports. Safe for many threads. */
public final class UseCases {

  private final HomeGate gate;
  private final FreeingSpace freeing;
  private final EventListener listener;
  private final Operations operations;
  private final Collector collector;
  private final BaseDiskManager bases;
  private final Boxes boxes;
  private final Snapshots snapshots;
  private final Clones clones;
  private final RootfsCache rootfs;
  private final Compactions compactions;
  private final GarbageCollection garbageCollection;
  private final Lineage lineage;
  private final Space space;
  private final Doctor doctor;

  /** Wires the use cases without a reserve; nothing is read or changed yet. */
  public UseCases(Ports unguarded) {
    this(unguarded, SpaceReserve.NONE);
  }

  /**
   * Wires the use cases; nothing is read or changed yet.
   *
   * @param reserve what operations that free space may use on a full file system
   */
  public UseCases(Ports unguarded, SpaceReserve reserve) {
    BackingChains chains = new BackingChains(unguarded);
    gate = new HomeGate(unguarded, chains);
    freeing = new FreeingSpace(reserve);
    Ports ports =
        unguarded.withStore(
            freeing.over(new GuardedStore(unguarded.store(), unguarded.stamp(), gate)));
    listener = ports.listener();
    BaseSeal seal = new BaseSeal(ports, new HeaderSurvey(ports, chains));
    ForkProtocol fork = new ForkProtocol(ports, chains, seal);
    CreateBoxesProtocol creation = new CreateBoxesProtocol(ports);
    RemoveBoxProtocol removal = new RemoveBoxProtocol(ports);
    RestoreProtocol restoring = new RestoreProtocol(ports, chains);
    CompactProtocol compaction = new CompactProtocol(ports, chains);
    CopyProtocol copy = new CopyProtocol(ports, seal);
    ImportBoxProtocol importing = new ImportBoxProtocol(ports);
    AttachRootfsProtocol attaching = new AttachRootfsProtocol(ports, chains);
    AddRootfsProtocol adding = new AddRootfsProtocol(ports, chains, seal);
    operations =
        new Operations(
            ports,
            gate,
            ImmutableList.of(
                fork,
                creation,
                removal,
                restoring,
                copy,
                importing,
                attaching,
                adding,
                compaction));
    collector = new Collector(ports, gate);
    NewBases newBases = new NewBases(ports, chains, operations, fork, copy);
    bases = new BaseDiskManager(ports, chains, newBases, collector, freeing);
    boxes = new Boxes(ports, chains, operations, creation, importing, removal, collector, freeing);
    snapshots =
        new Snapshots(
            ports,
            chains,
            bases,
            boxes,
            new Restores(ports, chains, operations, restoring),
            collector,
            freeing);
    clones = new Clones(ports, chains, bases, boxes);
    compactions = new Compactions(ports, chains, boxes, operations, compaction, collector);
    garbageCollection = new GarbageCollection(ports, chains, gate, operations, collector, freeing);
    rootfs =
        new RootfsCache(
            ports, chains, operations, adding, attaching, newBases, boxes, collector, freeing);
    lineage = new Lineage(ports);
    space = new Space(ports);
    doctor = new Doctor(ports, chains, gate, operations);
  }

  /**
   * Finds out which home this is, settles what operations whose owners died have left, and collects
   * what waits for it: to be called when a home is opened. What can't be settled or collected now
   * is told to the listener and left to a later call; it is no reason not to open the home. Then
   * the reserve is kept, if there is space for it. In a home that may not be changed, nothing is.
   *
   * @throws io.basedisk.domain.error.HomeUnusableException if the store belongs to another home, or
   *     is lost
   */
  public void recover() {
    gate.open();
    if (gate.problem().isPresent()) {
      return;
    }
    operations.recover();
    try {
      collector.collectPending(HeaderEvidence::none);
    } catch (BaseDiskException failure) {
      listener.on(new Event.CollectionPostponed(String.valueOf(failure.getMessage())));
    }
    freeing.keepReserve();
  }

  /** Returns what says whether the home may be changed. */
  public HomeGate gate() {
    return gate;
  }

  public BaseDiskManager bases() {
    return bases;
  }

  public Boxes boxes() {
    return boxes;
  }

  public Snapshots snapshots() {
    return snapshots;
  }

  public Clones clones() {
    return clones;
  }

  public RootfsCache rootfs() {
    return rootfs;
  }

  public Compactions compactions() {
    return compactions;
  }

  public GarbageCollection garbageCollection() {
    return garbageCollection;
  }

  public Lineage lineage() {
    return lineage;
  }

  public Space space() {
    return space;
  }

  public Doctor doctor() {
    return doctor;
  }
}
