package io.basedisk.domain.gc;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.KeepReason;
import java.util.Optional;

/** Decides whether a base goes or stays: any doubt keeps it. */
public final class CollectionPolicy {

  private CollectionPolicy() {}

  /** Returns the verdict on a base that nobody asked to remove. */
  public static Verdict verdict(BaseDisk base, Holders holders) {
    return ownReason(base)
        .or(() -> holderReason(holders))
        .<Verdict>map(Verdict.Keep::new)
        .orElseGet(Verdict.Collect::new);
  }

  /** Returns the verdict on a base that a user removes: its kind does not keep it. */
  public static Verdict verdictOnRemoval(Holders holders) {
    return holderReason(holders).<Verdict>map(Verdict.Keep::new).orElseGet(Verdict.Collect::new);
  }

  /** Returns whether a base stays until somebody removes it, though nothing needs it. */
  public static boolean isKeptForItself(BaseDisk base) {
    return ownReason(base).isPresent();
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
