package io.basedisk.domain.doctor;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What would mend a finding. All but {@link ByHand} lose nothing, and a repair does them. */
public sealed interface Remedy {

  /** Returns what is done, as an instruction for people. */
  String describe();

  /** Returns whether it can lose anything. */
  default boolean isLossy() {
    return false;
  }

  /** Take from a file or directory what it permits beyond {@code most}, permission bits. */
  record LimitPermissions(Path path, int most) implements Remedy {
    @Override
    public String describe() {
      return String.format("take away what it permits beyond %04o", most);
    }
  }

  /** Record the parent that the header names. */
  record SetParent(BaseDiskId base, @Nullable BaseDiskId parent) implements Remedy {
    @Override
    public String describe() {
      return parent == null ? "record that it has no parent" : "record the parent " + parent;
    }
  }

  /** Record the base that a disk stands on by its header. */
  record SetReference(BoxId box, DiskSlot slot, @Nullable BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return base == null
          ? "record that the disk stands on no base"
          : "record that the disk stands on base " + base;
    }
  }

  /** Drop the record of a base that has no file and that nothing needs. */
  record DropRecord(BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return "drop the record, which nothing needs";
    }
  }

  /** Record a base's file that something needs. */
  record Adopt(BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return "record it as a clone_base, since something backs onto it";
    }
  }

  /** Leave it to a person, who may have to lose something. */
  record ByHand(String advice, boolean isLossy) implements Remedy {
    @Override
    public String describe() {
      return advice;
    }
  }
}
