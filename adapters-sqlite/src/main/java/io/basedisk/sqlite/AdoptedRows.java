package io.basedisk.sqlite;

import static com.google.common.base.Preconditions.checkArgument;
import static io.basedisk.sqlite.jooq.Tables.INTENT_ADOPTED;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Move;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import io.basedisk.sqlite.jooq.tables.records.IntentAdoptedRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentDisksRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of an adoption's intent: table {@code intent_adopted}. */
final class AdoptedRows {

  private final Session session;

  AdoptedRows(Session session) {
    this.session = session;
  }

  /** Inserts the rows of an intent, whose rows in {@code intent_disks} are there already. */
  void insert(AdoptIntent intent) {
    long ordinal = 0;
    for (AdoptedFile file : intent.files()) {
      Move move = file.move();
      HeaderPatch patch = move == null ? null : move.patch();
      session
          .sql()
          .insertInto(INTENT_ADOPTED)
          .set(INTENT_ADOPTED.INTENT_ID, intent.id().value())
          .set(INTENT_ADOPTED.ORDINAL, ordinal++)
          .set(
              INTENT_ADOPTED.BOX_ID,
              file.role() instanceof Role.BoxDisk disk ? disk.box().value() : null)
          .set(
              INTENT_ADOPTED.BASE_ID,
              file.role() instanceof Role.Base base ? base.id().value() : null)
          .set(INTENT_ADOPTED.PARENT_ID, file.parent() == null ? null : file.parent().value())
          .set(INTENT_ADOPTED.FORMAT, file.format().label())
          .set(INTENT_ADOPTED.VIRTUAL_SIZE, file.virtualSize())
          .set(INTENT_ADOPTED.MOVED_MODE, move == null ? null : (long) move.mode())
          .set(INTENT_ADOPTED.PATCH_OFFSET, patch == null ? null : (long) patch.offset())
          .set(INTENT_ADOPTED.BYTES_BEFORE, patch == null ? null : patch.before())
          .set(INTENT_ADOPTED.BYTES_AFTER, patch == null ? null : patch.after())
          .execute();
    }
  }

  /**
   * {@return the files of an intent}
   *
   * @param adopted the rows of this table, in their order
   * @param disks the rows of {@code intent_disks}, in their order
   * @param created the intent's created files, in their order
   */
  static ImmutableList<AdoptedFile> decode(
      List<IntentAdoptedRecord> adopted, List<IntentDisksRecord> disks, Iterator<Path> created) {
    checkArgument(
        adopted.size() == disks.size(),
        "an adoption has %s files, but claims %s",
        adopted.size(),
        disks.size());
    ImmutableList.Builder<AdoptedFile> files = ImmutableList.builder();
    for (int i = 0; i < adopted.size(); i++) {
      files.add(decode(adopted.get(i), disks.get(i), created));
    }
    return files.build();
  }

  private static AdoptedFile decode(
      IntentAdoptedRecord row, IntentDisksRecord disk, Iterator<Path> created) {
    checkArgument(
        disk.getModifiedAtSeconds() != null, "the adopted file %s has no version", disk.getPath());
    Role role =
        row.getBoxId() != null
            ? new Role.BoxDisk(new BoxId(row.getBoxId()))
            : new Role.Base(new BaseDiskId(row.getBaseId()));
    return new AdoptedFile(
        Path.of(disk.getPath()),
        new FileIdentity(disk.getDevice(), disk.getInode()),
        new FileVersion(
            Instant.ofEpochSecond(disk.getModifiedAtSeconds(), disk.getModifiedAtNanos()),
            disk.getLength()),
        ImageFormat.ofLabel(row.getFormat()),
        row.getVirtualSize(),
        role,
        row.getParentId() == null ? null : new BaseDiskId(row.getParentId()),
        row.getMovedMode() == null ? null : move(row, role, created));
  }

  private static Move move(IntentAdoptedRecord row, Role role, Iterator<Path> created) {
    if (role instanceof Role.BoxDisk) {
      // The two directories, which the path of the disk tells too.
      created.next();
      created.next();
    }
    Path temporary = created.next();
    Path target = created.next();
    Path aside = created.next();
    return new Move(target, temporary, aside, Math.toIntExact(row.getMovedMode()), patch(row));
  }

  private static @Nullable HeaderPatch patch(IntentAdoptedRecord row) {
    return row.getPatchOffset() == null
        ? null
        : new HeaderPatch(
            Math.toIntExact(row.getPatchOffset()), row.getBytesBefore(), row.getBytesAfter());
  }
}
