package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Why a base disk exists, which decides how it leaves. */
public enum BaseDiskKind {
  /** A user's snapshot: never collected on its own. */
  SNAPSHOT("snapshot"),
  /** What clones share: collected when nothing needs it. */
  CLONE_BASE("clone_base"),
  /**
   * An entry of the rootfs cache: leaves by removal, by eviction or, once another has its key and
   * it has none, when nothing needs it.
   */
  ROOTFS("rootfs");

  private final String label;

  BaseDiskKind(String label) {
    this.label = label;
  }

  /** Returns the name of this kind in JSON, in the store and on the command line. */
  public String label() {
    return label;
  }

  /**
   * Returns the kind with that label.
   *
   * @throws InvalidArgumentException if there is none
   */
  public static BaseDiskKind ofLabel(String label) {
    for (BaseDiskKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw new InvalidArgumentException(
        "invalid kind \""
            + Quoted.of(label)
            + "\": expected one of "
            + Arrays.stream(values()).map(BaseDiskKind::label).collect(Collectors.joining(", ")));
  }
}
