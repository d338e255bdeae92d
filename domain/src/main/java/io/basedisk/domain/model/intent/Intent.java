package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The durable plan of a running operation; each operation has its own record type. The intent is
 * committed before the operation's first change, and deleted by the transaction that records the
 * result.
 *
 * <p>An intent claims its {@link #boxes}, its {@link #disks} and its {@link #plannedBase}: no two
 * intents may claim the same box, disk file, base id, base file or base name.
 */
public sealed interface Intent
    permits BoxIntent,
        NewDiskIntent,
        CreateBoxesIntent,
        AddRootfsIntent,
        AdoptIntent,
        AdoptHomeIntent,
        ExportIntent,
        ImportArtifactIntent {

  /** {@return the operation's id} The operation's process holds the lock of this id. */
  OperationId id();

  /** {@return the time at which the operation began, in whole seconds} */
  Instant startedAt();

  /** {@return the kind of operation} */
  Operation operation();

  /** {@return the boxes that the operation changes, creates or removes} */
  default ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of();
  }

  /** {@return the existing disk files that the operation copies, replaces or removes} */
  default ImmutableList<DiskClaim> disks() {
    return ImmutableList.of();
  }

  /** {@return the base that the operation creates; empty if it creates none} */
  default Optional<PlannedBase> plannedBase() {
    return Optional.empty();
  }

  /** {@return the existing bases that must be kept while the intent exists} */
  default ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of();
  }

  /** {@return the files and directories that the operation creates, parents first} */
  default ImmutableList<Path> createdFiles() {
    return ImmutableList.of();
  }
}
