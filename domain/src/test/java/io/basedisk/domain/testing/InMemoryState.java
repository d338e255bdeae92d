package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.intent.Intent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The records of an {@link InMemoryBaseDiskStore}: bases and boxes in the order of insertion. */
final class InMemoryState {

  /** Whose disk a reference is: a reference's key. */
  record Seat(BoxId box, DiskSlot slot) {}

  static final Comparator<Seat> BY_BOX_AND_SLOT =
      Comparator.comparing(Seat::box).thenComparing(Seat::slot);

  final Map<BaseDiskId, BaseDisk> bases;
  final Map<BaseDiskId, BaseFingerprint> fingerprints;
  final Map<BaseDiskId, ChainId> chainIds;
  final Map<BaseDiskId, ImmutableList<Chunk>> chunks;
  final Map<BaseDiskId, RootfsEntry> rootfsEntries;
  final Map<BoxId, Box> boxes;
  final SortedMap<Seat, Reference> references;
  final SortedMap<OperationId, Intent> intents;
  final SortedSet<BaseDiskId> collectPending;
  final SortedMap<BaseDiskId, DeletingBase> deleting;
  final Map<BoxId, Long> directoryInodes;
  final Set<Hold> holds;
  final List<LogEntry> log;
  @Nullable UnknownUsePolicy unknownUsePolicy;
  @Nullable HomeIdentity identity;
  @Nullable Relocation relocation;
  long writeNumber;

  /** Makes an empty state. */
  InMemoryState() {
    bases = new LinkedHashMap<>();
    fingerprints = new LinkedHashMap<>();
    chainIds = new LinkedHashMap<>();
    chunks = new LinkedHashMap<>();
    rootfsEntries = new LinkedHashMap<>();
    boxes = new LinkedHashMap<>();
    references = new TreeMap<>(BY_BOX_AND_SLOT);
    intents = new TreeMap<>(Comparator.comparingLong(OperationId::value));
    collectPending = new TreeSet<>();
    deleting = new TreeMap<>();
    directoryInodes = new LinkedHashMap<>();
    holds = new LinkedHashSet<>();
    log = new ArrayList<>();
  }

  /** Makes a copy. */
  InMemoryState(InMemoryState other) {
    bases = new LinkedHashMap<>(other.bases);
    fingerprints = new LinkedHashMap<>(other.fingerprints);
    chainIds = new LinkedHashMap<>(other.chainIds);
    chunks = new LinkedHashMap<>(other.chunks);
    rootfsEntries = new LinkedHashMap<>(other.rootfsEntries);
    boxes = new LinkedHashMap<>(other.boxes);
    references = new TreeMap<>(other.references);
    intents = new TreeMap<>(other.intents);
    collectPending = new TreeSet<>(other.collectPending);
    deleting = new TreeMap<>(other.deleting);
    directoryInodes = new LinkedHashMap<>(other.directoryInodes);
    holds = new LinkedHashSet<>(other.holds);
    log = new ArrayList<>(other.log);
    unknownUsePolicy = other.unknownUsePolicy;
    identity = other.identity;
    relocation = other.relocation;
    writeNumber = other.writeNumber;
  }
}
