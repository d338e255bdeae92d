package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record that keeps a base until it is released: by the removal of that base, or all holds at
 * once. A base has at most one hold for each reason and path.
 *
 * @param base the base that stays
 * @param reason why
 * @param path the file that may need the base; null where the reason has none
 */
public record Hold(BaseDiskId base, Reason reason, @Nullable Path path) {

  /** Why a base is held. */
  public enum Reason {
    /** A box was unregistered, and its disk, which stands on the base, was left. */
    FORGOTTEN_BOX("forgotten_box"),
    /** The store was rebuilt from the files, and nothing that was found depends on the base. */
    REBUILT("rebuilt"),
    /** The base is a verified layer of an import that did not complete. */
    IMPORTED("imported");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** Returns the name of this reason in the store and in JSON. */
    public String label() {
      return label;
    }

    /** Returns the reason with that label, which must exist. */
    public static Reason ofLabel(String label) {
      return Arrays.stream(values())
          .filter(reason -> reason.label.equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no hold is called " + label));
    }
  }

  public Hold {
    Preconditions.checkArgument(
        (reason == Reason.FORGOTTEN_BOX) == (path != null),
        "a hold %s has the path %s",
        reason,
        path);
  }
}
