package io.basedisk.domain.gc;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import java.nio.file.Path;
import java.util.Optional;

/** Decides whether a base goes or stays: any doubt keeps it. */
public final class CollectionPolicy {

  private CollectionPolicy() {}

  /** Returns the verdict on a base that no user asked to remove. */
  public static Verdict verdict(BaseDisk base, Holders holders, HomeLayout home) {
    return ownReason(base)
        .or(() -> holderReason(holders))
        .or(() -> holders.holds().stream().findFirst().map(KeepReason.Held::new))
        .or(() -> placeReason(base, home))
        .<Verdict>map(Verdict.Keep::new)
        .orElseGet(Verdict.Collect::new);
  }

  /** Returns the verdict on a base that a user removes: its kind and holds do not keep it. */
  public static Verdict verdictOnRemoval(BaseDisk base, Holders holders, HomeLayout home) {
    return holderReason(holders)
        .or(() -> placeReason(base, home))
        .<Verdict>map(Verdict.Keep::new)
        .orElseGet(Verdict.Collect::new);
  }

  /** Only a file that is where the home keeps that base is ever deleted. */
  private static Optional<KeepReason> placeReason(BaseDisk base, HomeLayout home) {
    Path file = base.diskInfo().basePath();
    if (base.diskInfo().isForeign()) {
      return Optional.of(new KeepReason.IsForeign(file));
    }
    return file.equals(home.baseFile(base.id()))
        ? Optional.empty()
        : Optional.of(new KeepReason.IsOutside(file));
  }

  /**
   * Returns whether a base stays though nothing needs it: until a user removes it, or for good if
   * it is foreign.
   */
  public static boolean isKeptForItself(BaseDisk base) {
    return base.diskInfo().isForeign() || ownReason(base).isPresent();
  }

  private static Optional<KeepReason> ownReason(BaseDisk base) {
    return switch (base.kind()) {
      case SNAPSHOT -> Optional.of(new KeepReason.IsSnapshot(base.sourceBoxId(), base.name()));
      // One without a key was superseded by another version of it.
      case ROOTFS -> Optional.ofNullable(base.name()).map(KeepReason.IsRootfs::new);
      case CLONE_BASE -> Optional.empty();
    };
  }

  private static Optional<KeepReason> holderReason(Holders holders) {
    if (!holders.boxes().isEmpty()) {
      return Optional.of(new KeepReason.ReferencedBy(holders.boxes()));
    }
    if (!holders.children().isEmpty()) {
      return Optional.of(new KeepReason.ParentOf(holders.children()));
    }
    if (!holders.intents().isEmpty()) {
      return Optional.of(new KeepReason.NamedByIntent(holders.intents().get(0)));
    }
    if (!holders.files().isEmpty()) {
      return Optional.of(new KeepReason.BackedOntoBy(holders.files().get(0)));
    }
    return Optional.ofNullable(holders.openedBy()).map(KeepReason.OpenIn::new);
  }
}
