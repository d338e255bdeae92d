package io.basedisk.domain.model.intent;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.DiskSlot;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Checks that the values of an intent agree with each other. */
final class IntentChecks {

  private IntentChecks() {}

  /** Checks that a rename stays in one directory. */
  static void requireBeside(Path file, Path temporary) {
    checkArgument(
        Objects.equals(file.getParent(), temporary.getParent()) && !file.equals(temporary),
        "%s is not another name in the directory of %s",
        temporary,
        file);
  }

  /** Checks that each disk has a slot of its own. */
  static void requireOneEachSlot(Stream<DiskClaim> disks) {
    ImmutableList<DiskSlot> slots =
        disks.map(DiskClaim::slot).collect(ImmutableList.toImmutableList());
    checkArgument(
        slots.stream().distinct().count() == slots.size(), "a slot has two disks: %s", slots);
  }
}
