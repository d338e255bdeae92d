package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.protocol.AddRootfsProtocol;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.CopyProtocol;
import io.basedisk.domain.protocol.CreateBoxesProtocol;
import io.basedisk.domain.protocol.ForkProtocol;
import io.basedisk.domain.protocol.NewDiskProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RemoveBoxProtocol;
import io.basedisk.domain.protocol.ReplaceDiskProtocol;

/** All use cases over one set of ports. Safe for many threads. */
public final class UseCases {

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

  /** Wires the use cases; nothing is read or changed yet. */
  public UseCases(Ports ports) {
    listener = ports.listener();
    BackingChains chains = new BackingChains(ports);
    ForkProtocol fork = new ForkProtocol(ports, chains);
    CreateBoxesProtocol creation = new CreateBoxesProtocol(ports);
    RemoveBoxProtocol removal = new RemoveBoxProtocol(ports);
    ReplaceDiskProtocol replacement = new ReplaceDiskProtocol(Operation.RESTORE, ports, chains);
    ReplaceDiskProtocol compaction = new ReplaceDiskProtocol(Operation.COMPACT, ports, chains);
    CopyProtocol copy = new CopyProtocol(ports);
    NewDiskProtocol importing = new NewDiskProtocol(ports, chains, Operation.IMPORT_BOX);
    NewDiskProtocol attaching = new NewDiskProtocol(ports, chains, Operation.ATTACH_ROOTFS);
    AddRootfsProtocol adding = new AddRootfsProtocol(ports, chains);
    operations =
        new Operations(
            ports,
            ImmutableList.of(
                fork,
                creation,
                removal,
                replacement,
                copy,
                importing,
                attaching,
                adding,
                compaction));
    collector = new Collector(ports);
    NewBases newBases = new NewBases(ports, chains, operations, fork, copy);
    bases = new BaseDiskManager(ports, chains, newBases, collector);
    boxes = new Boxes(ports, chains, operations, creation, importing, removal, collector);
    snapshots =
        new Snapshots(
            ports, chains, bases, boxes, new Restores(ports, operations, replacement), collector);
    clones = new Clones(ports, chains, bases, boxes);
    compactions = new Compactions(ports, chains, boxes, operations, compaction, collector);
    garbageCollection = new GarbageCollection(ports, chains, operations, collector);
    rootfs =
        new RootfsCache(ports, chains, operations, adding, attaching, newBases, boxes, collector);
    lineage = new Lineage(ports);
    space = new Space(ports);
    doctor = new Doctor(ports, chains, operations);
  }

  /**
   * Settles what operations whose owners died have left, and collects what waits for it: to be
   * called when a home is opened. What can't be settled or collected now is told to the listener
   * and left to a later call; it is no reason not to open the home.
   */
  public void recover() {
    operations.recover();
    try {
      collector.collectPending(HeaderEvidence::none);
    } catch (BaseDiskException failure) {
      listener.on(new Event.CollectionPostponed(String.valueOf(failure.getMessage())));
    }
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
